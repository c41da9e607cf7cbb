"""Django's settings, derived from `config`. Nothing is read from the environment here; `config.load()` has checked it."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from babel.core import Locale
from csp.constants import NONCE

from hesabu.app import catalogues, logs, outgoing
from hesabu.app import config as configuration
from hesabu.kit import crypto, http, scanning

CONFIG = configuration.load()

DEBUG = False
SECRET_KEY = CONFIG.secret_key
SECRET_KEY_FALLBACKS = [key for key in [CONFIG.before("secret_key")] if key]
ALLOWED_HOSTS = (
    [urlsplit(CONFIG.public_url).hostname or "", "127.0.0.1", "localhost"]
    if CONFIG.is_production
    else ["*"]
)
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]


GOOGLE_ISSUER = "https://accounts.google.com"


def others_providers() -> dict[str, Any]:
    """Whose word on who somebody is we take. Google is an OpenID Connect provider like any other, and its word is held to the same."""
    found: dict[str, Any] = {}
    if CONFIG.oidc_issuer:
        app = {
            "provider_id": "house",
            "name": CONFIG.oidc_name or urlsplit(CONFIG.oidc_issuer).hostname,
            "client_id": CONFIG.oidc_client_id,
            "secret": CONFIG.oidc_client_secret,
            "settings": {"server_url": CONFIG.oidc_issuer, "oauth_pkce_enabled": True},
        }
        found["openid_connect"] = {"APPS": [app]}
    if CONFIG.google_client_id:
        google = {
            "provider_id": "google",
            "name": "Google",
            "client_id": CONFIG.google_client_id,
            "secret": CONFIG.google_client_secret,
            "settings": {"server_url": GOOGLE_ISSUER, "oauth_pkce_enabled": True},
        }
        found.setdefault("openid_connect", {"APPS": []})["APPS"].append(google)
    return found


def others_origins() -> list[str]:
    """Where the forms that begin it lead on to."""
    issuer = urlsplit(CONFIG.oidc_issuer)
    found = [f"{issuer.scheme}://{issuer.netloc}"] if CONFIG.oidc_issuer else []
    return [*found, GOOGLE_ISSUER] if CONFIG.google_client_id else found


INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "hesabu.store",
    "hesabu.identity",
    "hesabu.messaging",
    "hesabu.ledger",
    "hesabu.payments",
    "hesabu.invoicing",
    "hesabu.doors.web",
    "hesabu.app",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hesabu.doors.web.refused.Refused",
    "hesabu.doors.web.account.others.WayOut",
    "hesabu.doors.web.account.outer.Outer",
    "hesabu.doors.web.origin.Origin",
    "hesabu.doors.web.origin.NotKept",
    "hesabu.doors.web.privacy.leaving.Left",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hesabu.doors.web.account.life.SessionLife",
    "hesabu.doors.web.account.life.Tracked",
    "hesabu.doors.web.hours.LocalTime",
    "hesabu.doors.web.account.factors.SecondFactorNeeded",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hesabu.doors.web.problems.Problems",
    "hesabu.doors.api.paced.Paced",
]
CSRF_FAILURE_VIEW = "hesabu.doors.web.problems.csrf_failed"
ROOT_URLCONF = "hesabu.app.urls"
WSGI_APPLICATION = "hesabu.app.wsgi.application"
AUTH_USER_MODEL = "identity.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "hesabu.doors.web.account.passwords.NotCommon"},
    {"NAME": "hesabu.doors.web.account.passwords.NotAboutYou"},
    {"NAME": "hesabu.doors.web.account.passwords.NotTooLong"},
    {"NAME": "hesabu.doors.web.account.passwords.NotLeaked"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# Signing in: django-allauth, with our adapters between it and the rooms.
ACCOUNT_ADAPTER = "hesabu.doors.web.account.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "hesabu.doors.web.account.about.AboutYou"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_DISPLAY = "hesabu.doors.web.account.adapter.display"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_FORMS = {
    "signup": "hesabu.doors.web.account.forms.SignUp",
    "login": "hesabu.doors.web.account.forms.SignIn",
    "reauthenticate": "hesabu.doors.web.account.forms.OnceMore",
    "change_password": "hesabu.doors.web.account.forms.ChangePassword",
    "set_password": "hesabu.doors.web.account.forms.SetPassword",
    "reset_password_from_key": "hesabu.doors.web.account.forms.NewPassword",
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "hesabu.doors.web.account.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "hesabu.doors.web.account.proofs.SecondStep",
    "reauthenticate": "hesabu.doors.web.account.proofs.SecondStepOnceMore",
    "activate_totp": "hesabu.doors.web.account.proofs.SetUpApp",
    "generate_recovery_codes": "hesabu.doors.web.account.texted.NewRecoveryCodes",
    "login_webauthn": "hesabu.doors.web.account.proofs.ByPasskey",
    "authenticate_webauthn": "hesabu.doors.web.account.proofs.PasskeyStep",
    "reauthenticate_webauthn": "hesabu.doors.web.account.proofs.PasskeyOnceMore",
    "add_webauthn": "hesabu.doors.web.account.proofs.AddPasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Hesabu"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.is_production
SOCIALACCOUNT_ADAPTER = "hesabu.doors.web.account.adapter.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
# An address that somebody else vouches for is nobody's account here: it is connected by whoever is signed in to it.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS = others_providers()
USERSESSIONS_TRACK_ACTIVITY = True
EMAIL_BACKEND = (
    "django.core.mail.backends.dummy.EmailBackend"  # mail goes by messaging, never by Django
)
SESSION_ENGINE = "hesabu.doors.web.account.kept_sessions"
SESSION_COOKIE_AGE = 3600 * max(
    [CONFIG.session_hours, *(most // 3600 for _, most in CONFIG.session_limits.values())]
)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]
COTTON_DIR = "cotton"


def database(url: str) -> dict[str, Any]:
    """One of the three roles, from its URL (postgresql://role:password@/name?host=/socket/directory). What else its query says
    (sslmode, sslrootcert, …) is for the connection."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    rest = {name: said[-1] for name, said in query.items() if name not in ("host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": query.get("port", [str(parts.port or "")])[0],
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"prepare_threshold": 2, **rest},
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


APP_URL = CONFIG.database_url
DATABASES = {"default": database(APP_URL), "owner": database(CONFIG.owner_database_url or APP_URL)}
DATABASES["owner"]["CONN_MAX_AGE"] = 0

LIVE_ORIGIN = CONFIG.live_origin
STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.var_dir / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
SANDBOX_URL = "" if CONFIG.is_production else CONFIG.sandbox_url
METRICS_TOKEN = CONFIG.metrics_token
METRICS_TOKEN_BEFORE = CONFIG.before("metrics_token")
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["hesabu.doors.web.formats"]
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    (code, str(Locale.parse(code).get_display_name()).capitalize())
    for code in catalogues.languages()
]
LOCALE_PATHS = [str(catalogues.compiled(CONFIG.var_dir))]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.is_production
if CONFIG.is_production:  # a name that browsers take from this very host alone, and only over TLS
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
ENTRY_COOKIE_NAME = "__Host-entry" if CONFIG.is_production else "hesabu_entry"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.is_production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = CONFIG.is_production
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "object-src": ["'none'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *([LIVE_ORIGIN] if LIVE_ORIGIN else [])],
        "form-action": ["'self'", *others_origins()],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "store_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
LOGGING_CONFIG = None
logs.configure(CONFIG.log_level, send_to=CONFIG.log_to, trust=CONFIG.log_ca)

crypto.configure(
    crypto.Keyring(crypto.read_keys(CONFIG.field_keys), base64.b64decode(CONFIG.blind_key))
)
http.allow_private(CONFIG.allowed_private_hosts.replace(" ", "").split(","))
http.allow_hosts(outgoing.hosts_of(CONFIG))
scanning.configure(CONFIG.clamd)
