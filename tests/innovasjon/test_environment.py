"""A wrong environment is refused with a sentence that says what to write."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "innovasjon.example",
    "DEBUG": "0",
    "DEMO": "0",
    "DATABASE_URL": "",
}


def start(tmp_path, **environment):
    return subprocess.run(
        [sys.executable, "-c", "import innovasjon.settings as s; print(s.DATABASES['default']['ENGINE'])"],
        cwd=ROOT,
        env={"PATH": "", "DATA_DIR": str(tmp_path), **GOOD, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_key_and_hosts(tmp_path):
    assert start(tmp_path).stdout.strip() == "django.db.backends.sqlite3"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SECRET_KEY": ""}, "Write SECRET_KEY=<at least 50 random characters>"),
        (
            {"SECRET_KEY": "short"},
            "SECRET_KEY is too short. Write SECRET_KEY=<at least 50",
        ),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS=innovasjon.example.no"),
        ({"ALLOWED_HOSTS": "https://a.example/"}, "Write host names alone"),
        ({"CSRF_TRUSTED_ORIGINS": "a.example"}, "CSRF_TRUSTED_ORIGINS=https://innovasjon.example.no"),
        ({"DATA_DIR": "/proc/innovasjon"}, "Write DATA_DIR=<a directory this program owns>"),
        ({"MAIL_FROM": "Innovasjon"}, "Write MAIL_FROM=Innovasjon <innovasjon@example.no>"),
        ({"DEBUG": "perhaps"}, "Write DEBUG=1 for yes or DEBUG=0 for no."),
        ({"DATABASE_URL": "mysql://a@b/c"}, "Write DATABASE_URL=postgres://"),
        ({"DATABASE_URL": "nonsense"}, "Write DATABASE_URL=postgres://"),
        ({"HSTS_SECONDS": "a year"}, "Write a whole number from 0 up"),
        ({"BASE_URL": "innovasjon"}, "BASE_URL=https://innovasjon.example.no"),
        ({"EMAIL_URL": "pigeon://x"}, "EMAIL_URL=smtp+tls://"),
    ],
)
def test_wrong_value_is_refused_with_what_to_write(tmp_path, environment, sentence):
    result = start(tmp_path, **environment)
    assert result.returncode != 0
    assert sentence in result.stderr


def test_postgres_address_gives_a_pool(tmp_path):
    result = start(tmp_path, DATABASE_URL="postgres://me@host/name")
    assert result.stdout.strip() == "django.db.backends.postgresql"
