"""Django's settings, made from Offhold's own few (`offhold.app.config`)."""

from __future__ import annotations

from offhold.app import config as offhold_config
from offhold.app.database import django_database

CONFIG = offhold_config.current()

SECRET_KEY = "replaced below"  # noqa: S105
DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
ROOT_URLCONF = "offhold.app.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "offhold.people",
    "offhold.kernel",
    "offhold.channels",
    "offhold.intake",
    "offhold.cases",
    "offhold.publishing",
    "offhold.desk",
]
AUTH_USER_MODEL = "people.User"
DATABASES = {"default": django_database(CONFIG.database_url, CONFIG.database_role)}
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
