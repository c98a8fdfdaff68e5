"""Django's settings. What an operator may change comes from `chatproject.environment`; the rest is fixed here."""

from pathlib import Path
from typing import Any

import dj_database_url

from chatproject import logs
from chatproject.admin_theme import THEME
from chatproject.environment import load
from chatproject.headers import policy

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = load(BASE_DIR)

HOST, PORT = ENVIRONMENT.host, ENVIRONMENT.port
DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key or "only-for-development-" + "0" * 40
ALLOWED_HOSTS = ENVIRONMENT.hosts()
VAR_DIR = Path(ENVIRONMENT.var_dir) if ENVIRONMENT.var_dir else BASE_DIR / "var"
VAR_DIR.mkdir(parents=True, exist_ok=True)

INSTALLED_APPS = [
    "chat",  # whose `runserver` is daphne: daphne's own app would load it into every process, uvicorn's too
    "robots",
    "accounts",
    "channels",
    "unfold.apps.BasicAppConfig",
    "chatproject.admin_site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "chatproject.api_problems.ApiProblems",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "chatproject.headers.PermissionsPolicy",
    "chatproject.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "chatproject.urls"
ASGI_APPLICATION = "chatproject.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def _database() -> dict[str, Any]:
    url = ENVIRONMENT.database_url or f"sqlite:///{VAR_DIR / 'chat.sqlite3'}"
    database: dict[str, Any] = dict(dj_database_url.parse(url))
    if database["ENGINE"].endswith("sqlite3"):
        # One writer at a time, and a commit is on the disk before a receipt is sent.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
        }
        database["CONN_MAX_AGE"] = None
    else:
        pool = {"min_size": 2, "max_size": 16, "timeout": ENVIRONMENT.database_wait_seconds}
        database["OPTIONS"] = {**database.get("OPTIONS", {}), "pool": pool, "server_side_binding": True}
        database["CONN_MAX_AGE"] = 0
    return database


DATABASES = {"default": _database()}
MEDIA_ROOT = VAR_DIR / "media"
# Beside where most of them will lie, so that they are moved there and not copied.
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "arriving"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "chatproject.static_names.VersionedNames"},
    "uploads": ENVIRONMENT.uploads()
    or {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": "/media/"},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = ENVIRONMENT.redis_url
if REDIS_URL:
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {"BACKEND": "chat.layers.redis.RedisChannelLayer", "CONFIG": {"url": REDIS_URL}}
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "chat.layers.local.LocalChannelLayer"}}

TEST_RUNNER = "tests.runner.Runner"

PASSWORD_HASHERS = ["accounts.passwords.Argon2id"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "theme"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone

# A shop with 2,000 questions and 500 quick replies on one page of the admin.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # so that a small set-up has its styles without collectstatic
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

UNFOLD = THEME
CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy(ENVIRONMENT.shown_from())}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENVIRONMENT.https:
    # Whether a request came over https is what one of TRUSTED_PROXIES says, see `chatproject.asgi`.
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = ENVIRONMENT.hsts_seconds
# Promises about the other hosts of a domain are not the chat's to make.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

TRUSTED_PROXIES = ENVIRONMENT.proxies()

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsing.Json"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.AppKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.HasScope"],
    "DEFAULT_SCHEMA_CLASS": "accounts.api.openapi.Operations",
    "EXCEPTION_HANDLER": "accounts.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Shop chat",
    "DESCRIPTION": "What an app's own server asks of the chat over HTTP. How to begin stands in docs/integration.md; "
    "what is said on the socket stands [on a page of its own](/api/docs/socket/), and in "
    "[asyncapi.json](/api/asyncapi.json).",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SCHEMA_PATH_PREFIX": "/api",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.openapi.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {"SourceEnum": "accounts.models.Source"},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False, "displayRequestDuration": True},
}

METRICS_TOKEN = ENVIRONMENT.metrics_token
WEBHOOKS_PRIVATE = ENVIRONMENT.webhooks_private
WEBHOOKS_SECONDS = ENVIRONMENT.webhooks_seconds
LEASE_SECONDS = ENVIRONMENT.lease_seconds

CHAT_SENDS_PER_MINUTE = ENVIRONMENT.limit(ENVIRONMENT.chat_sends_per_minute)
CHAT_SENDS_TO_ONE_PER_MINUTE = ENVIRONMENT.limit(ENVIRONMENT.chat_sends_to_one_per_minute)
CHAT_SIGN_INS_PER_MINUTE = ENVIRONMENT.limit(ENVIRONMENT.chat_sign_ins_per_minute)
CHAT_WRONG_PASSWORDS = ENVIRONMENT.limit(ENVIRONMENT.chat_wrong_passwords)
CHAT_GUESTS_PER_HOUR = ENVIRONMENT.limit(ENVIRONMENT.chat_guests_per_hour)
CHAT_SOCKETS_PER_ADDRESS = ENVIRONMENT.limit(ENVIRONMENT.chat_sockets_per_address)
CHAT_SOCKETS_PER_ACCOUNT = ENVIRONMENT.limit(ENVIRONMENT.chat_sockets_per_account)
CHAT_STRANGERS = ENVIRONMENT.limit(ENVIRONMENT.chat_strangers)
CHAT_STRANGERS_PER_ADDRESS = ENVIRONMENT.limit(ENVIRONMENT.chat_strangers_per_address)
CHAT_FRAMES_PER_SECOND = ENVIRONMENT.limit(ENVIRONMENT.chat_frames_per_second)
CHAT_HINTS_PER_MINUTE = ENVIRONMENT.limit(ENVIRONMENT.chat_hints_per_minute)
CHAT_FRAME_BYTES = ENVIRONMENT.chat_frame_bytes
CHAT_BODY_BYTES = ENVIRONMENT.chat_body_bytes
CHAT_SIGN_IN_SECONDS = ENVIRONMENT.chat_sign_in_seconds
CHAT_OUTBOX_FRAMES = ENVIRONMENT.chat_outbox_frames
CHAT_CUT_OFF_SECONDS = ENVIRONMENT.chat_cut_off_seconds
CHAT_PASSWORD_QUEUE = ENVIRONMENT.chat_password_queue
CHAT_RECALL_SECONDS = ENVIRONMENT.chat_recall_seconds
CHAT_OFFLINE_SECONDS = ENVIRONMENT.chat_offline_seconds
CHAT_ROBOT_SECONDS = ENVIRONMENT.chat_robot_seconds

API_REQUESTS_PER_MINUTE = ENVIRONMENT.limit(ENVIRONMENT.api_requests_per_minute)
UPLOADS_PER_MINUTE = ENVIRONMENT.limit(ENVIRONMENT.uploads_per_minute)
UPLOAD_BYTES = {
    "image": ENVIRONMENT.upload_image_bytes,
    "audio": ENVIRONMENT.upload_audio_bytes,
    "video": ENVIRONMENT.upload_video_bytes,
    "file": ENVIRONMENT.upload_file_bytes,
}
UPLOAD_IMAGE_PIXELS = ENVIRONMENT.upload_image_pixels
UPLOAD_KEEP_UNUSED_HOURS = ENVIRONMENT.upload_keep_unused_hours

LOG_QUERIES = ENVIRONMENT.log_queries or ENVIRONMENT.log_level == "DEBUG"
LOGGING = logs.configuration(ENVIRONMENT.log_level, ENVIRONMENT.log_format)
