"""Everything the environment may say, read once and checked at the start.

Each name is documented in docs/settings.md. A wrong value stops the start with its name, what was read and what is allowed.
Importing this module needs no secret, so that tools (types, messages, migrations) can do so.
"""

import hashlib
import os
import zoneinfo
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.FileAwareEnv()
ROOT = Path(os.environ.get("HUIYIN_HOME", Path.cwd())).resolve()
PACKAGE = Path(__file__).resolve().parent
VAR = ROOT / "var"
EXAMPLE_KEYS = ("tools-only-", "django-insecure", "change", "example", "secret", "your-", "replace")


def wrong(name: str, read: object, allowed: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}: 读到 {read!r}；允许的值：{allowed} / read {read!r}; allowed: {allowed}")


def read_port(name: str, default: int) -> int:
    text = env.str(name, default=str(default))
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise wrong(name, text, "1..65535")
    return int(text)


def read_switch(name: str, default: bool) -> bool:
    text = env.str(name, default="1" if default else "0").lower()
    if text not in {"0", "1", "true", "false"}:
        raise wrong(name, text, "0, 1, true, false")
    return text in {"1", "true"}


def read_time_zone(name: str, default: str) -> str:
    text = str(env.str(name, default=default))
    if text not in zoneinfo.available_timezones():
        raise wrong(name, text, "IANA names such as Asia/Shanghai")
    return text


def read_base_url(name: str, default: str) -> str:
    text = str(env.str(name, default=default)).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise wrong(name, text, "http://host[:port] or https://host[:port]")
    return text


def read_number(name: str, default: int) -> int:
    text = env.str(name, default=str(default))
    if not text.isdecimal() or int(text) > 1_000_000:
        raise wrong(name, text, "0..1000000")
    return int(text)


def read_choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    text = str(env.str(name, default=default)).lower()
    if text not in allowed:
        raise wrong(name, text, ", ".join(allowed))
    return text


def read_secret_key(is_local: bool) -> str:
    """HUIYIN_SECRET_KEY, or on this machine alone a random one kept in var/secret-key (mode 0600).

    What was read is told by its length alone. A key from an example, or one of few different signs, opens every door.
    """
    text = str(env.str("HUIYIN_SECRET_KEY", default="")).strip()
    allowed = ">= 32 characters, random: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    if text:
        if len(text) < 32 or (len(set(text)) < 10 and not is_local):
            raise wrong("HUIYIN_SECRET_KEY", f"{len(text)} characters, {len(set(text))} different", allowed)
        if text.startswith(EXAMPLE_KEYS) and not is_local:
            raise wrong("HUIYIN_SECRET_KEY", "an example's key", allowed)
        return text
    if not is_local:
        raise wrong("HUIYIN_SECRET_KEY", "", f"{allowed} (HUIYIN_BASE_URL is not this machine alone)")
    kept = VAR / "secret-key"
    return kept.read_text().strip() if kept.exists() else "tools-only-" + "0" * 32


PORT = read_port("HUIYIN_PORT", 8000)
BASE_URL = read_base_url("HUIYIN_BASE_URL", f"http://127.0.0.1:{PORT}")
_host = urlsplit(BASE_URL).hostname or ""
IS_LOCAL = _host in {"127.0.0.1", "localhost", "::1"}
SECRET_KEY = read_secret_key(IS_LOCAL)
EMBEDDED_WORKER = read_switch("HUIYIN_EMBEDDED_WORKER", False)
DEBUG = False  # there is no way to turn it on

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if IS_LOCAL else [f"[{_host}]" if ":" in _host else _host]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton",
    "django_htmx",
    "lucide",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "huiyin.kit",
    "huiyin.journal",
    "huiyin.organization",
    "huiyin.references",
    "huiyin.customers",
    "huiyin.records",
    "huiyin.interactions",
    "huiyin.duties",
    "huiyin.approvals",
    "huiyin.handbook",
    "huiyin.notices",
    "huiyin.cases",
    "huiyin.engineering",
    "huiyin.reports",
    "huiyin.ui",
    "django.forms",  # after ours: it finds its templates of widgets here first
    "huiyin.access",
    "huiyin.demo",
    "huiyin.clockwork",
    "huiyin.api",
    "huiyin.portal",
    "huiyin.desk",
    "huiyin.cli",
]
AUTH_USER_MODEL = "organization.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "huiyin.access.sessions.Staff"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "log_in"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "log_in"

# Who may approve proves it is them by a second factor. "offered" asks only those who have set one up: enough where only
# this machine can come, as in the demo.
SECOND_FACTOR = read_choice("HUIYIN_SECOND_FACTOR", "offered" if IS_LOCAL else "required", ("required", "offered"))
MFA_ADAPTER = "huiyin.access.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
ACCOUNT_EMAIL_VERIFICATION = "none"

# Proxies in front of us that add the caller's address to X-Forwarded-For; https cannot come without one.
PROXIES = read_number("HUIYIN_PROXIES", 1 if BASE_URL.startswith("https://") else 0)

# A log-in is locked for this name from this address after five wrong passwords, for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "huiyin.access.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "huiyin.desk.views.entry.locked"
AXES_DISABLE_ACCESS_LOG = True  # the journal tells who came in
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# How much one caller may ask for in a minute; 0 lifts the limit. Where only this machine can come there is no stranger to fear.
REPORTS_PER_MINUTE = read_number("HUIYIN_REPORTS_PER_MINUTE", 6000 if IS_LOCAL else 60)
API_PER_MINUTE = read_number("HUIYIN_API_PER_MINUTE", 60_000 if IS_LOCAL else 6000)

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "huiyin.access.middleware.plain_request",
    "huiyin.access.middleware.few_powers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "huiyin.access.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "huiyin.access.middleware.refusals_become_answers",
]
ROOT_URLCONF = "huiyin.urls"
WSGI_APPLICATION = "huiyin.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "huiyin.ui.forms.Renderer"
CSRF_FAILURE_VIEW = "huiyin.ui.views.csrf_refused"

_url = env.str("DATABASE_URL", default=f"sqlite:///{VAR / 'huiyin.sqlite3'}")
if not _url.startswith(("sqlite:", "postgres:", "postgresql:")):
    raise wrong(
        "DATABASE_URL", _url.split(":", 1)[0] + ":…", "sqlite:///path or postgres://user:password@host:port/name"
    )
DATABASES = {"default": environ.Env.db_url_config(_url)}
ON_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
DATABASES["default"]["CONN_MAX_AGE"] = None
if ON_SQLITE:
    DATABASES["default"]["ENGINE"] = "huiyin.kit.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-4000;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("HUIYIN_TEST_DATABASE") or None}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LANGUAGE_COOKIE_NAME = "huiyin_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = read_time_zone("HUIYIN_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA = Path(env.str("HUIYIN_MEDIA", default=str(VAR / "media"))).resolve()
MEDIA_ROOT = MEDIA
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# Limits before anything is parsed.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
_is_https = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _is_https
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SECURE_SSL_REDIRECT = _is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_https and PROXIES else None
if _is_https:  # a cookie of this host alone, that no neighbor under the same domain can set
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-huiyin_session", "__Host-huiyin_token"
# Whether other hosts under the operator's domain speak https is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]


@dataclass(frozen=True)
class Mailbox:
    """A mailbox that letters are fetched from. `site` is a code; empty where a person says which site a letter is for."""

    host: str
    port: int
    is_encrypted: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    site: str = ""
    kind: str = "opinion"
    address: str = ""
    takes_plus: bool = True  # whether box+anything@host arrives in the box, so that answers carry a signed address


_MAIL_IN = "imaps://user:password@host[:port]/folder?site=code&kind=opinion&address=box@example.com&plus=1 (several: a space between)"
_WITHOUT_PLUS = (
    "qq.com",
    "163.com",
    "126.com",
    "yeah.net",
    "sina.com",
    "sina.cn",
    "sohu.com",
    "139.com",
    "189.cn",
    "aliyun.com",
)
_KINDS = ("enquiry", "opinion", "complaint", "suggestion", "compliment", "assistance_request", "repair_request")


def read_mailboxes(name: str) -> tuple[Mailbox, ...]:
    """The mailboxes of HUIYIN_MAIL_IN. What is printed of a wrong one holds neither user nor password."""
    return tuple(_mailbox(name, text) for text in str(env.str(name, default="")).split())


def _mailbox(name: str, text: str) -> Mailbox:
    try:
        parts = urlsplit(text)
        port = parts.port or (993 if parts.scheme == "imaps" else 143)
    except ValueError:
        raise wrong(name, "imaps://…", _MAIL_IN) from None
    # Without an @ behind the user what looks like a path may be the end of a password that holds a slash.
    shown = f"{parts.scheme}://…@{parts.hostname}{parts.path}?{parts.query}" if "@" in parts.netloc else "…"
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    kind, address = (
        asked.pop("kind", "opinion"),
        asked.pop("address", user if "@" in user else f"{user}@{parts.hostname}"),
    )
    site, plus = asked.pop("site", ""), asked.pop("plus", "0" if address.endswith(_WITHOUT_PLUS) else "1")
    is_known = parts.scheme in {"imap", "imaps"} and parts.hostname and user and password
    if not is_known or asked or kind not in _KINDS or plus not in {"0", "1"} or address.count("@") != 1:
        raise wrong(name, shown, _MAIL_IN)
    is_local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme == "imap" and not is_local:
        raise wrong(name, shown, _MAIL_IN + "; imap:// without encryption only on this machine")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Mailbox(
        parts.hostname or "",
        port,
        parts.scheme == "imaps",
        user,
        password,
        folder,
        site,
        kind,
        address.lower(),
        plus == "1",
    )


# Mail: HUIYIN_MAIL_OUT=smtp://user:password@host:port?from=address ; empty = no mail leaves, messages wait in the outbox as "no way".
MAIL_OUT = env.str("HUIYIN_MAIL_OUT", default="")
if MAIL_OUT and urlsplit(MAIL_OUT).scheme not in {"smtp", "smtps", "memory"}:
    raise wrong("HUIYIN_MAIL_OUT", urlsplit(MAIL_OUT).scheme + ":…", "smtp://user:password@host:port?from=address")
MAIL_IN = read_mailboxes("HUIYIN_MAIL_IN")


def derived_key(purpose: str) -> bytes:
    """A 32-byte key for one purpose, derived from the secret key."""
    return hashlib.blake2b(purpose.encode(), key=hashlib.sha256(SECRET_KEY.encode()).digest(), digest_size=32).digest()


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "huiyin.access.logs.SecretsMasked"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["secrets"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "huiyin": {"level": "INFO"},
        "axes": {"level": "ERROR"},  # a lock is told by the journal
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # refused with 400; scanners would fill the log
    },
}
