"""The program's own settings with what the tests decide: no environment, fast passwords, own files."""

import os
import tempfile

os.environ |= {
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "only-for-tests-" * 4,
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DATA_DIR": tempfile.mkdtemp(prefix="innovasjon-tests-"),
    "EMAIL_URL": "memorymail://",
    "BASE_URL": "https://innovasjon.example",
    "HTTPS_REDIRECT": "0",
    "LOG_JSON": "0",
}

from innovasjon.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False  # the flow tests' server speaks plain http
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}

if "sqlite" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    # A file, so that the flow tests' server has a connection of its own, as in real life.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"  # noqa: F405
