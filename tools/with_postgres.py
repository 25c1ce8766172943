#!/usr/bin/env python3
"""Run a command beside a PostgreSQL that lives only as long as the command.

    tools/with_postgres.py -- pytest -n 2

Makes a cluster in a temporary directory, reachable through a socket only, without
fsync; sets DATABASE_URL for the command; stops and removes the cluster afterwards,
also when interrupted. Answers with the command's own exit code. Needs PostgreSQL's
programs (Debian: the package `postgresql`), not a running server.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

USER = "test"
SETTINGS = {
    "listen_addresses": "''",
    "port": "5432",  # names the socket's file; nothing listens on the network
    "max_connections": "200",
    # The data is thrown away: no need to survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class Interrupted(Exception):
    def __init__(self, number):
        self.number = number


def programs():
    """Return the directory of the newest initdb and pg_ctl."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: [int(part) for part in re.findall(r"\d+", path.parent.parent.name)],
    )
    if installed:
        return installed[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    sys.exit(
        "PostgreSQL's initdb was not found. Install PostgreSQL's server programs"
        " (Debian, Ubuntu: apt-get install postgresql) and run this again."
    )


def unprivileged():
    """Return the account for the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("PostgreSQL does not run as root, and there is no account 'postgres' to run it as.")


@contextmanager
def cluster():
    """Start a cluster; give the directory of its socket."""
    binaries = programs()
    account = unprivileged()
    # A socket's path may have 107 characters at most; TMPDIR is often longer than /tmp.
    short = "/tmp" if Path("/tmp").is_dir() else None  # noqa: S108
    home = Path(tempfile.mkdtemp(prefix="pg-", dir=short))
    data = home / "data"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C.UTF-8"}
    as_whom = {}
    if account:
        os.chown(home, account.pw_uid, account.pw_gid)
        as_whom = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def run(program, *arguments):
        done = subprocess.run(
            [binaries / program, "-D", data, *arguments],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            # A file, not a pipe: the server inherits it and would hold a pipe open.
            stdout=(home / "output").open("w"),
            stderr=subprocess.STDOUT,
            **as_whom,
        )
        if done.returncode:
            logs = [
                path.read_text(errors="replace") for path in (home / "output", home / "log") if path.exists()
            ]
            sys.exit(f"PostgreSQL: {program} failed.\n" + "\n".join(logs))

    try:
        run(
            "initdb",
            *("--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        run("pg_ctl", "-w", "-t", "60", "-l", home / "log", "-o", f"{options} -k {home}", "start")
        yield home
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if (data / "postmaster.pid").exists():
            subprocess.run(
                [binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"],
                cwd=home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **as_whom,
            )
        shutil.rmtree(home, ignore_errors=True)


def run_command(command, environment):
    """Run the command to its end and return its exit code; an interrupt reaches it too."""
    try:
        child = subprocess.Popen(command, env=environment)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    try:
        code = child.wait()
    except Interrupted as interrupt:
        # Ctrl-C has already reached the command through the terminal.
        if interrupt.number != signal.SIGINT:
            child.terminate()
        try:
            child.wait(20)
        except (subprocess.TimeoutExpired, Interrupted):
            child.kill()
            child.wait()
        return 128 + interrupt.number
    return code if code >= 0 else 128 - code


def interrupted(number, frame):
    raise Interrupted(number)


def main(arguments):
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.exit("Say which command to run: tools/with_postgres.py -- pytest")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        with cluster() as socket:
            environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
            environment["DATABASE_URL"] = f"postgres://{USER}@/postgres?host={socket}"
            return run_command(command, environment)
    except Interrupted as interrupt:
        return 128 + interrupt.number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
