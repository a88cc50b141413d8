"""All settings, read from the environment. `.env.example` explains every variable."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parents[2]

env = environ.Env()
environ.Env.read_env(env.str("ENV_FILE", default=str(ROOT / ".env")))

# --- Where things are kept -----------------------------------------------------------------------------------------
HOME = Path(env.str("PLAYOFF_HOME", default=str(ROOT / "var")))
HOME.mkdir(parents=True, exist_ok=True)
MODELS_ROOT = Path(env.str("MODELS_ROOT", default=str(HOME / "models")))
ENCODER = env.str("ENCODER", default="")  # empty: recsys/training/pretrained.py knows what is there

# --- Security ------------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
_secret_file = env.str("SECRET_KEY_FILE", default="")
_no_secret = "insecure-dev-key" if DEBUG else environ.Env.NOTSET  # without a secret it does not start
SECRET_KEY = Path(_secret_file).read_text().strip() if _secret_file else env.str("SECRET_KEY", default=_no_secret)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"  # CSRF checks need it within the site; nothing leaves it
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, *env.list("PREVIEW_HOSTS", default=[])],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Application ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "playoff.common",
    "playoff.accounts",
    "annotation",
    "recsys",
    "evaluation",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "playoff.common.middleware.PrivatePagesMiddleware",
    "playoff.common.middleware.PlayoffErrorMiddleware",
]
ROOT_URLCONF = "playoff.urls"
WSGI_APPLICATION = "playoff.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "platform" / "playoff" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# --- Database ------------------------------------------------------------------------------------------------------
_embedded = {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "playoff.sqlite3"}
DATABASES = {"default": env.db("DATABASE_URL") if env.str("DATABASE_URL", default="") else _embedded}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time, readers never blocked: WAL, and a write transaction takes its lock at BEGIN.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60  # a new connection costs as much as saving a label, SQLite's too
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Celery: the database row is the truth, a message only wakes a worker -----------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
BROKER_FOLDER = HOME / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 90,  # above the hard limit, or a slow task would be delivered twice
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "socket_timeout": 1,  # a Redis that hangs must not hang a page
        "socket_connect_timeout": 1,
        "global_keyprefix": env.str("BROKER_PREFIX", default=""),
    }
else:
    CELERY_BROKER_URL = "filesystem://"
    for _folder in ("queue", "control"):
        (BROKER_FOLDER / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDER / "queue"),
        "data_folder_out": str(BROKER_FOLDER / "queue"),
        "control_folder": str(BROKER_FOLDER / "control"),
        "polling_interval": 0.02,
    }
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "evaluation.tasks.generate_playlist": {"queue": "gpu"},
    "evaluation.tasks.warm_study": {"queue": "gpu"},
    "recsys.tasks.answer_tryout": {"queue": "gpu"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False  # the reaper publishes again; a page never waits for the broker
CELERY_TASK_SOFT_TIME_LIMIT = env.int("TASK_SOFT_LIMIT_S", default=20)
CELERY_TASK_TIME_LIMIT = env.int("TASK_HARD_LIMIT_S", default=30)
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120  # at least three times the measured load of the models
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BEAT_SCHEDULE_FILENAME = str(HOME / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "reap-trials": {
        "task": "evaluation.tasks.reap_trials",
        "schedule": timedelta(seconds=env.float("REAP_EVERY_S", default=5)),
        "options": {"expires": 10},
    },
    "tend-tryouts": {
        "task": "recsys.tasks.tend_tryouts",
        "schedule": timedelta(seconds=env.float("REAP_EVERY_S", default=5)),
        "options": {"expires": 10},
    },
    "start-reorders": {
        "task": "annotation.tasks.start_reorders",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "tend-classifiers": {
        "task": "annotation.tasks.tend_classifiers",
        "schedule": timedelta(seconds=env.float("REAP_EVERY_S", default=5)),
        "options": {"expires": 10},
    },
    "wake-intakes": {
        "task": "annotation.tasks.wake_intakes",
        "schedule": timedelta(seconds=env.float("REAP_EVERY_S", default=5)),
        "options": {"expires": 10},
    },
}

# --- Labelling ------------------------------------------------------------------------------------------------------
INTAKE_SLICE_S = env.float("INTAKE_SLICE_S", default=1.0)  # of writing a file's queries, before others have their turn

# --- Trials --------------------------------------------------------------------------------------------------------
WARM_ON_ENROL = env.bool("WARM_ON_ENROL", default=False)  # for workers that load no models before they are needed
GENERATION_LEASE_S = env.float("GENERATION_LEASE_S", default=20)
GENERATION_MAX_ATTEMPTS = 2  # a query that kills its worker twice is poison
GENERATION_DEADLINE_S = env.float("GENERATION_DEADLINE_S", default=120)
GENERATION_RESEND_AFTER_S = env.float("GENERATION_RESEND_AFTER_S", default=10)
JUDGING_HOURS = env.float("JUDGING_HOURS", default=24)
RELEASE_TICK_S = env.float(
    "RELEASE_TICK_S", default=1
)  # both playlists appear on a whole tick, so a wait names no system
PARTICIPANT_TOKEN_DAYS = 90

# --- API -----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "playoff.common.api.problem_handler",
    "URL_FORMAT_OVERRIDE": None,  # ?format= belongs to our exports
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Playoff",
    "DESCRIPTION": "Blind pairwise studies of text-to-playlist recommenders.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    # two fields are called `state`; without names of their own the schema numbers them
    "ENUM_NAME_OVERRIDES": {
        "TrialState": "evaluation.models.Trial.State",
        "TryoutState": ["queued", "away", "working", "done", "failed"],
    },
}

# --- Language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [ROOT / "platform" / "playoff" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# --- Static files --------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [ROOT / "platform" / "playoff" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Logs: one event per line, dotted name first; no query text, no personal data ---------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
