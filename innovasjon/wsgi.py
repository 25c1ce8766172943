"""WSGI entry point: `gunicorn innovasjon.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovasjon.settings")

application = get_wsgi_application()
