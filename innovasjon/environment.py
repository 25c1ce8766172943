"""Read settings from the environment, and refuse a wrong value with a sentence that says what to write.

The messages are for the person who operates the site and are in English, as Django's own are.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


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


def whole_number(name: str, *, default: int, at_least: int = 0) -> int:
    """Return a whole number not below `at_least`.

    Raises ImproperlyConfigured for anything else.
    """
    value = env.str(name, default=str(default))
    if not value.strip().isdigit() or int(value) < at_least:
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
