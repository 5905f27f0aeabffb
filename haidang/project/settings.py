"""Settings. Every HAIDANG_… variable read here is described in docs/operations.md (a test holds that)."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("HAIDANG_VAR", ROOT / "var")).resolve()


def _secret_key() -> str:
    """The key from the environment, or one made at the first start and kept beside the database for us alone."""
    if given := os.environ.get("HAIDANG_SECRET_KEY"):
        return given
    kept = VAR / "secret_key"
    if not kept.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        made = VAR / f".secret_key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50), encoding="ascii")
        # A link, not a rename: of several processes that start at once, the first one's key holds for all.
        with suppress(FileExistsError):
            os.link(made, kept)
        made.unlink()
    return kept.read_text(encoding="ascii")


# Every commit is on the disk before it is answered (FULL). Reads may look at a gigabyte of the file in place, which all
# connections share, and keep 16 MiB each; what is sorted on the way is not written to disk.
SQLITE_SET_UP = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=1073741824; PRAGMA cache_size=-16384; "
    "PRAGMA temp_store=MEMORY;"
)


def _database(address: str | None) -> dict[str, object]:
    """SQLite in VAR, or the PostgreSQL named by `postgresql://user:password@host:port/name`."""
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "haidang.sqlite3",
            # IMMEDIATE: a transaction that reads and then writes must not meet "database is locked" half way.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": SQLITE_SET_UP,
            },
            "CONN_MAX_AGE": 60,
        }
    parts = urlsplit(address)
    host = parts.hostname or ""
    if "host=" in parts.query:  # a socket folder: postgresql://user@/name?host=/folder
        host = unquote(parts.query.split("host=", 1)[1].split("&", 1)[0])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # What is asked again and again is parsed and planned once a connection: half of the database's work at the
        # deadline hour.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3},
    }


def _email(address: str) -> dict[str, object]:
    """Where e-mails go: files in a folder ("file:/folder"), the screen ("console"), or a mail server.

    "smtp://user:password@host:port" speaks in the clear, "smtp+tls://" asks for TLS first, "smtps://" is TLS at once.
    """
    if address == "console":
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if address.startswith("file:"):
        folder = address.removeprefix("file:")
        return {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "FILE_PATH": Path(folder)}
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:  # not a number, or none that there is
        port = 0
    if parts.scheme not in ("smtp", "smtp+tls", "smtps") or not parts.hostname or port == 0:
        raise ImproperlyConfigured(
            "HAIDANG_EMAIL phải là console, file:/thư-mục, hoặc smtp://, smtp+tls://, smtps:// kèm tên máy chủ thư và, "
            "khi cần, cổng từ 1 đến 65535."
        )
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "HOST": parts.hostname,
        "PORT": port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "HOST_USER": unquote(parts.username or ""),
        "HOST_PASSWORD": unquote(parts.password or ""),
        "USE_TLS": parts.scheme == "smtp+tls",
        "USE_SSL": parts.scheme == "smtps",
    }


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("HAIDANG_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("HAIDANG_HOSTS", "127.0.0.1,localhost").split(",")
HTTPS = os.environ.get("HAIDANG_HTTPS") == "1"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
FACTS = VAR / "facts"
REPORTS = VAR / "reports"
SITE = os.environ.get("HAIDANG_SITE", "http://127.0.0.1:8138").rstrip("/")
DEMO = os.environ.get("HAIDANG_DEMO") == "1" or (VAR / "demo.json").exists()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "haidang.audit",
    "haidang.accounts",
    "haidang.agencies",
    "haidang.catalogue",
    "haidang.plans",
    "haidang.filings",
    "haidang.statistics",
    "haidang.reviews",
    "haidang.ui",
    "haidang.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "haidang.web.middleware.LeadBackMiddleware",
    "haidang.web.middleware.ActorMiddleware",
    "haidang.web.people.first_password.OwnPasswordFirst",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "haidang.web.context.shell",
            ],
        },
    }
]

ROOT_URLCONF = "haidang.project.urls"
WSGI_APPLICATION = "haidang.project.wsgi.application"
DATABASES = {"default": _database(os.environ.get("HAIDANG_DATABASE"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "haidang.accounts.adapter.ClosedAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,30/15m/ip"}
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Served from the package itself: nothing to collect, nothing to forget.
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# On disk, so that the sign-in limits hold across server processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR / "cache"}}
_mail = _email(os.environ.get("HAIDANG_EMAIL", f"file:{VAR / 'mail'}"))
EMAIL_BACKEND = _mail["BACKEND"]
EMAIL_FILE_PATH = _mail.get("FILE_PATH")
EMAIL_HOST, EMAIL_PORT = _mail.get("HOST", "localhost"), _mail.get("PORT", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("HOST_USER", ""), _mail.get("HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("USE_TLS", False), _mail.get("USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("HAIDANG_EMAIL_FROM", "Hải Đăng <hai-dang@localhost>")
SILENCED_SYSTEM_CHECKS = ["account.W001"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"haidang": {"level": "INFO"}},
}
