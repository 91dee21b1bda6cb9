"""Django's settings, made from Offhold's own few (`offhold.app.config`)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from offhold.app import config as offhold_config
from offhold.app import keys
from offhold.app.database import django_database
from offhold.app.logging_lines import logging_settings

CONFIG = offhold_config.current()

# Empty before the first start has made the files; Django and the vault then refuse to sign or seal.
SECRET_KEY = keys.django_key(CONFIG)
MASTER_KEYS = keys.master_keys(CONFIG)
PUBLIC_URL = CONFIG.url
MEDIA_DIR = CONFIG.media
ALLOW_PRIVATE_HOSTS = CONFIG.allow_private_hosts

DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False  # the client translates by code
ROOT_URLCONF = "offhold.app.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "offhold.people",
    "offhold.kernel",
    "offhold.channels",
    "offhold.intake",
    "offhold.cases",
    "offhold.promises",
    "offhold.publishing",
    "offhold.desk",
    "offhold.live",
]
DATABASES = {"default": django_database(CONFIG.database_url, CONFIG.database_role)}
MIDDLEWARE = [
    "offhold.app.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",  # checks Host on every request
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
APPEND_SLASH = False
LOGGING_CONFIG = None  # processes set it up once, by logging_lines.set_up
LOGGING = logging_settings(CONFIG.log_level)

# --- who may reach us, and how -------------------------------------------------------------------------------

_HOST = urlsplit(CONFIG.url).hostname or ""
ALLOWED_HOSTS = [_HOST, *(["localhost", "127.0.0.1", "[::1]"] if offhold_config.is_loopback(_HOST) else [])]
CSRF_TRUSTED_ORIGINS = [CONFIG.url] if CONFIG.https else []
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# --- cookies: `__Host-` binds one to this host and to https; browsers refuse that name on plain http ---------

_PREFIX = "__Host-" if CONFIG.https else ""
SESSION_ENGINE = "offhold.people.sessions"
SESSION_COOKIE_NAME = f"{_PREFIX}offhold"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CONFIG.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_HOURS = CONFIG.session_idle_hours
CSRF_COOKIE_NAME = f"{_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = CONFIG.https
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # the client reads it and sends it back as X-CSRFToken
CSRF_FAILURE_VIEW = "offhold.app.pages.csrf_failed"

# --- what browsers are told ----------------------------------------------------------------------------------

SECURE_HSTS_SECONDS = 365 * 86400 if CONFIG.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "require-trusted-types-for": ["'script'"],
    }
}

# --- signing in ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["offhold.people.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email",)},
    },
]
ACCOUNT_ADAPTER = "offhold.people.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = True
# A whole team behind one office's address starts its shift at nine, and some mistype: the limit for an address is wide,
# the one for an account narrow. Neither locks: attempts are possible again as the old ones leave the window.
ACCOUNT_RATE_LIMITS = {
    "login": "300/5m/ip",
    "login_failed": "30/5m/ip,10/15m/key",
    "reauthenticate": "10/5m/user",
    "change_password": "5/5m/user",
}
HEADLESS_ONLY = True
HEADLESS_ADAPTER = "offhold.people.adapter.Answers"
HEADLESS_CLIENTS = ("browser",)

API_PER_MINUTE = CONFIG.api_per_minute  # requests of one person, see people.pace

# Counts of attempts are shared by all processes; memory of one process would let each be tried anew.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "throttles",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
