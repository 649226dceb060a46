"""Settings, from the environment (WAYHOME_...), safe by default; see `wayhome doctor`.

WAYHOME_HOME holds everything an installation keeps: the database of one office, the keyring, the
files. A PostgreSQL database is named by WAYHOME_DATABASE_URL.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF

HERE = Path(__file__).parent
HOME = Path(os.environ.get("WAYHOME_HOME") or Path.home() / ".wayhome")
DEBUG = False
IS_DEMO = os.environ.get("WAYHOME_DEMO") == "1"

SECRET_KEY = os.environ.get("WAYHOME_SECRET_KEY", "")
if not SECRET_KEY:
    from wayhome.web.protection.first_keys import secret_key

    SECRET_KEY = secret_key(HOME)

ALLOWED_HOSTS = os.environ.get("WAYHOME_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("WAYHOME_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    # Before allauth: its pages here take the place of allauth's own.
    "wayhome.web.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "wayhome.web.protection",
    "wayhome.web.audit",
    "wayhome.web.cases",
    "wayhome.web.files",
    "wayhome.web.casework",
    "wayhome.web.review",
    "wayhome.web.portal",
    "wayhome.web.journey",
    "wayhome.web.papers",
    "wayhome.web.accountability",
    "wayhome.web.observatory",
    "wayhome.web.campaign",
    "wayhome.web.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "wayhome.web.protection.headers.HeadersMiddleware",
    "wayhome.web.protection.whole_forms.WholeFormsMiddleware",
    # Before WhiteNoise: files carry the same headers as pages.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wayhome.web.protection.faults.EmptyRefusalMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wayhome.web.portal.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wayhome.web.accounts.session_limits.SessionLimitsMiddleware",
    "wayhome.web.accounts.second_factor.SecondFactorMiddleware",
    "wayhome.web.accounts.organization_scope.OrganizationScopeMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "wayhome.web.urls"
WSGI_APPLICATION = "wayhome.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wayhome.web.portal.language.languages",
            ],
        },
    }
]


# What is deleted is overwritten, not left in the file: a destroyed key, an erased name.
_SQLITE = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA secure_delete=ON;"
)


def _database(url: str, default: Path) -> dict[str, object]:
    """A database from a URL, or the SQLite file of one office."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": default,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": _SQLITE,
            },
        }
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "wayhome",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": parts.port or "",
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {
    "default": _database(os.environ.get("WAYHOME_DATABASE_URL", ""), HOME / "wayhome.sqlite3"),
    # One key a case, apart from the data: no backup of the data holds a key (docs/decisions).
    "keyring": _database(os.environ.get("WAYHOME_KEYRING_URL", ""), HOME / "keyring.sqlite3"),
}
DATABASE_ROUTERS = ["wayhome.web.protection.router.KeyringRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MASTER_KEY_FILE = Path(os.environ.get("WAYHOME_MASTER_KEY_FILE", HOME / "master.key"))
FILES = HOME / "files"
# Where guesses are counted: shared by all processes, so in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_counts",
    }
}
# Only signers of letters are written to, where WAYHOME_SMTP names a server; without one an
# organizer hands the links over. A demonstration keeps its messages in a folder.
SMTP = urlsplit(os.environ.get("WAYHOME_SMTP", ""))
MESSAGES = HOME / "messages"
SENDS_MESSAGES = bool(SMTP.hostname) or IS_DEMO
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if SMTP.hostname:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
elif IS_DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = MESSAGES
EMAIL_HOST, EMAIL_PORT = SMTP.hostname or "localhost", SMTP.port or 465
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(SMTP.username or ""), unquote(SMTP.password or "")
EMAIL_USE_SSL = SMTP.scheme == "smtps"  # smtps://USER:PASSWORD@HOST:465
EMAIL_USE_TLS = SMTP.scheme == "smtp"  # smtp://USER:PASSWORD@HOST:587, by STARTTLS
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("WAYHOME_FROM", "letters@localhost")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "wayhome.web.accounts.sign_in.StaffSignIn"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Nobody who only knows a name keeps its owner out: from one address the name is shut after five
# (axes, below), from all together after thirty in an hour. Codes of a second factor are counted
# by the latter.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,30/h/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# How many proxies stand before the application; their X-Forwarded-For is believed, no other.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("WAYHOME_PROXIES", "0"))
# A demonstration has invented people only, and is tried without a telephone at hand.
SECOND_FACTOR_REQUIRED = not IS_DEMO
MFA_ADAPTER = "wayhome.web.accounts.second_factor.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Wayhome"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "wayhome.web.accounts.codes_once.SetUpForm",
    "authenticate": "wayhome.web.accounts.codes_once.SecondFactorForm",
    "reauthenticate": "wayhome.web.accounts.codes_once.SecondFactorAgainForm",
}
MFA_WEBAUTHN_USER_VERIFICATION = "required"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
# Five wrong passwords of one name from one address; allauth counts a name from anywhere, higher.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "wayhome.web.accounts.sign_in.address_of"
AXES_USERNAME_CALLABLE = "wayhome.web.accounts.sign_in.name_tried"
AXES_LOCKOUT_CALLABLE = "wayhome.web.accounts.sign_in.locked_out"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # gone with the browser: a telephone keeps no trace of a visit
CSRF_FAILURE_VIEW = "wayhome.web.protection.faults.stale_form"
IS_SECURE = os.environ.get("WAYHOME_HTTPS", "0" if IS_DEMO else "1") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_SECURE
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_SECURE
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

# What a hotline worker dials for an interpreter, as it is shown to them.
INTERPRETER_LINE = os.environ.get("WAYHOME_INTERPRETER_LINE", "")

# A list of 200 names to correct has five fields a line, and a tick for each of 2,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
LARGEST_UPLOAD = 25 * 2**20
MOST_OF_CASE = 500 * 2**20
# Uploads are held in memory up to the limit, and never unsealed in a temporary folder.
FILE_UPLOAD_HANDLERS = ["wayhome.web.files.uploads.LimitedUpload"]
# Documents stand apart until this scanner found them clean (files/scanner.py); none if it is empty.
SCANNER = os.environ.get("WAYHOME_SCANNER", "")

# Nothing of a person goes to a log: not a body, not a query, not a message, not a variable.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "wayhome.web.protection.logs.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "axes": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}
