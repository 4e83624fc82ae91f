"""Settings of the one process and the one worker; each variable is in docs/settings.md."""

import contextlib
import os
import secrets
from pathlib import Path

import dj_database_url

from . import env

BASE_DIR = Path(__file__).resolve().parent.parent

SHOUWANG_DATA_DIR = env.folder("SHOUWANG_DATA_DIR", Path("data"))
SHOUWANG_DATA_DIR.mkdir(parents=True, exist_ok=True)
SHOUWANG_CIPHER = env.text("SHOUWANG_CIPHER", "AES-256-GCM")
SHOUWANG_KEY_FILE = env.folder("SHOUWANG_KEY_FILE", SHOUWANG_DATA_DIR / "keys.json")
SHOUWANG_PROTECTOR = env.text("SHOUWANG_PROTECTOR", "shouwang.core.crypto.KeyFileProtector")
SHOUWANG_MAX_UPLOAD_MB = env.number("SHOUWANG_MAX_UPLOAD_MB", 150, least=1)
SHOUWANG_COUNTY = env.text("SHOUWANG_COUNTY", "999901")
SHOUWANG_THREADS = env.number("SHOUWANG_THREADS", os.cpu_count() or 2, least=1)
SHOUWANG_HOUSEHOLD_EVENTS = (
    "shouwang.config.household_events.clue_events",
    "shouwang.cases.household_events.case_events",
    "shouwang.support.events.help_events",
)
SHOUWANG_CASE_FACTS = ("shouwang.support.facts.case_facts",)
SHOUWANG_MEETING_ACTIONS = ("shouwang.workplans.meeting_actions.actions",)
SHOUWANG_MONITORED_HOUSEHOLDS = "shouwang.cases.queries.referrals.monitored_households"
SHOUWANG_LEFT_HOUSEHOLDS = "shouwang.cases.queries.referrals.left_households"
SHOUWANG_AFTER_REFERRAL = "shouwang.cases.operations.referrals.after_referral"
SHOUWANG_REFERRAL_TRACES = "shouwang.cases.queries.referrals.traces_of"
SHOUWANG_HELPED_CASES = "shouwang.support.facts.helped_cases"
SHOUWANG_KEY_PLACES = "shouwang.indicators.key_places.key_places"
SHOUWANG_PUBLIC_CARD = "shouwang.outreach.views.public.public_card"
SHOUWANG_BADGE_SECONDS = 30
SHOUWANG_NAVIGATION = "shouwang.config.navigation.navigation"
SHOUWANG_AFTER_REGISTRY_CHANGE = (
    "shouwang.feeds.operations.registry_changes.after_registry_change",
)


def _secret_key() -> str:
    """The given key, or one made for this installation and kept in its data folder."""
    if given := env.secret("SHOUWANG_SECRET_KEY"):
        return given
    path = SHOUWANG_DATA_DIR / "secret_key"
    if not path.exists():
        draft = path.with_name(f"secret_key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # the first of several processes that start together wins
        draft.unlink()
    return path.read_text(encoding="utf-8")


SECRET_KEY = _secret_key()
DEBUG = env.flag("SHOUWANG_DEBUG", False)
ALLOWED_HOSTS = env.words("SHOUWANG_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("SHOUWANG_TRUSTED_ORIGINS", "")
SECURE = env.flag("SHOUWANG_HTTPS", False)

INSTALLED_APPS = [
    "shouwang.core",
    "shouwang.audit",
    "shouwang.divisions",
    "shouwang.accounts",
    "shouwang.documents",
    "shouwang.meetings",
    "shouwang.registry",
    "shouwang.feeds",
    "shouwang.screening",
    "shouwang.assistance",
    "shouwang.campaigns",
    "shouwang.workplans",
    "shouwang.inspections",
    "shouwang.indicators",
    "shouwang.evaluations",
    "shouwang.cases",
    "shouwang.support",
    "shouwang.baselines",
    "shouwang.outreach",
    "shouwang.localities",
    "shouwang.calls",
    "shouwang.consultations",
    "shouwang.exchange",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "shouwang.core.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shouwang.accounts.middleware.ActorMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "shouwang.core.middleware.BadgeMiddleware",
    "shouwang.core.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "shouwang.config.urls"
WSGI_APPLICATION = "shouwang.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shouwang.core.context.page",
            ],
        },
    }
]
DJANGO_TABLES2_TEMPLATE = "core/table.html"

DATABASES = {
    "default": dj_database_url.parse(
        env.text("SHOUWANG_DATABASE_URL", f"sqlite:///{SHOUWANG_DATA_DIR / 'shouwang.sqlite3'}"),
        conn_max_age=60,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
        ),
    }

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["shouwang.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",  # memory-hard, and in the standard library
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "shouwang.accounts.passwords.CharacterClassValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
SESSION_COOKIE_AGE = env.number("SHOUWANG_SESSION_MINUTES", 120, least=5) * 60
SESSION_SAVE_EVERY_REQUEST = False  # accounts.middleware extends a session that is in use
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORM_RENDERER = "shouwang.core.form_renderer.Renderer"

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("SHOUWANG_STATIC_DIR", SHOUWANG_DATA_DIR / "static")
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_TEMP_DIR = SHOUWANG_DATA_DIR / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)

DEFAULT_EXCEPTION_REPORTER_FILTER = "shouwang.core.privacy.PrivateReporterFilter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"personal_data": {"()": "shouwang.core.privacy.PersonalDataFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["personal_data"],
        }
    },
    "root": {"handlers": ["console"], "level": env.text("SHOUWANG_LOG_LEVEL", "WARNING")},
}
