"""Django's settings, made from Offhold's own few (`offhold.app.config`)."""

from __future__ import annotations

from offhold.app.config import load

CONFIG = load()

SECRET_KEY = CONFIG.django_key
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
DATABASES = {"default": CONFIG.database("offhold_app")}
