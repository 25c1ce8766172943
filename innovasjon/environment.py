"""Read settings from the environment, and refuse a wrong value with a sentence that says what to write.

The messages are for the person who operates the site and are in English, as Django's own are.
"""

import os
import re
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
SECRET_LENGTH = 50
HOST = re.compile(r"\*|\.?[\w-]+(\.[\w-]+)*|\[[0-9A-Fa-f:]+\]", re.ASCII)


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes/no variable.

    Raises ImproperlyConfigured for anything but 1/0, true/false, yes/no, on/off.
    """
    value = env.str(name, default="1" if default else "0").strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Write {name}=1 for yes or {name}=0 for no.")


def words(name: str) -> list[str]:
    """Return a comma-separated variable as a list without blanks."""
    return [word.strip() for word in env.str(name, default="").split(",") if word.strip()]


def secret(name: str, *, default: str) -> str:
    """Return a secret of at least 50 characters, or the default when there is one and nothing is given.

    Raises ImproperlyConfigured for a shorter one, and when it is missing without a default.
    """
    value = env.str(name, default="")
    if len(value) >= SECRET_LENGTH:
        return value
    if default and not value:
        return default
    raise ImproperlyConfigured(
        f"{name} is {'too short' if value else 'missing'}. "
        f"Write {name}=<at least {SECRET_LENGTH} random characters>, "
        f"or leave it out and write DEBUG=1 on your own machine."
    )


def hosts(name: str, *, default: list[str]) -> list[str]:
    """Return host names without scheme, port or path.

    Raises ImproperlyConfigured for anything else, and when there are none.
    """
    found = words(name) or default
    if not found:
        raise ImproperlyConfigured(
            f"{name} is missing. Write the host names people use, for example "
            f"{name}=innovasjon.example.no, or DEBUG=1 on your own machine."
        )
    if wrong := [host for host in found if not HOST.fullmatch(host)]:
        raise ImproperlyConfigured(
            f"{name} has {wrong[0]!r}. Write host names alone, for example {name}=innovasjon.example.no."
        )
    return found


def origins(name: str) -> list[str]:
    """Return web addresses without path, such as https://innovasjon.example.no.

    Raises ImproperlyConfigured for anything else.
    """
    found = words(name)
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
            raise ImproperlyConfigured(
                f"{name} has {origin!r}. Write scheme and host, for example "
                f"{name}=https://innovasjon.example.no."
            )
    return found


def directory(name: str, *, default: Path) -> Path:
    """Return a directory that is there and can be written in; it is made when it is missing.

    Raises ImproperlyConfigured when it cannot be.
    """
    found = Path(env.str(name, default=str(default)))
    with suppress(OSError):  # whatever hinders it shows below
        found.mkdir(parents=True, exist_ok=True)
    if not (found.is_dir() and os.access(found, os.W_OK)):
        raise ImproperlyConfigured(
            f"{name} is {str(found)!r}, and nothing can be written there. "
            f"Write {name}=<a directory this program owns>."
        )
    return found


def sender(name: str, *, default: str) -> str:
    """Return who e-mails are from: an address, or a name with the address in angle brackets.

    Raises ImproperlyConfigured for anything else.
    """
    value = env.str(name, default=default)
    if "@" not in parseaddr(value)[1]:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write {name}=Innovasjon <innovasjon@example.no>.")
    return value


def whole_number(name: str, *, default: int, at_least: int = 0) -> int:
    """Return a whole number not below `at_least`.

    Raises ImproperlyConfigured for anything else.
    """
    value = env.str(name, default=str(default))
    if not re.fullmatch(r"[0-9]{1,18}", value.strip()) or int(value) < at_least:
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Write a whole number from {at_least} up, for example {name}={default}."
        )
    return int(value)


def address(name: str, *, default: str) -> str:
    """Return a web address without its last slash.

    Raises ImproperlyConfigured unless it is http(s) with a host.
    """
    value = env.str(name, default=default).strip().rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Write the whole address, for example {name}=https://innovasjon.example.no."
        )
    return value


def database(name: str, *, sqlite_file: Path) -> dict:
    """Return Django's settings for SQLite (the default) or PostgreSQL.

    SQLite: WAL, and a write transaction takes its lock at once, so that two writers wait for each
    other instead of failing. PostgreSQL: a connection pool; no parallel scan and no JIT, which cost
    more than they gain on the short queries of a web page.

    Raises ImproperlyConfigured for another kind of database.
    """
    value = env.str(name, default="")
    try:
        settings = env.db_url_config(value) if value else {"ENGINE": "django.db.backends.sqlite3"}
        engine = settings["ENGINE"]
    except (ValueError, KeyError, ImproperlyConfigured):
        engine = None
    if engine == "django.db.backends.sqlite3":
        return {
            "ENGINE": engine,
            "NAME": settings.get("NAME") or sqlite_file,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    if engine == "django.db.backends.postgresql":
        settings["OPTIONS"] = {
            **settings.get("OPTIONS", {}),
            "pool": {"min_size": 1, "max_size": whole_number("DATABASE_POOL", default=4, at_least=1)},
            "options": "-c max_parallel_workers_per_gather=0 -c jit=off",
        }
        settings["CONN_HEALTH_CHECKS"] = True
        return settings
    raise ImproperlyConfigured(
        f"{name} names no database this program knows. "
        f"Write {name}=postgres://user:password@host/name, or leave it out for SQLite."
    )


def mail(name: str, *, default: str) -> dict:
    """Return Django's mail settings from one address such as smtp+tls://user:password@host:587.

    Raises ImproperlyConfigured for an unknown kind.
    """
    value = env.str(name, default=default)
    try:
        return env.email_url_config(value)
    except (KeyError, ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            f"{name} is not a mail address this program knows. "
            f"Write {name}=smtp+tls://user:password@host:587, or {name}=consolemail:// to print mail."
        ) from None
