"""Django settings. Everything that differs by installation comes from the environment.

DATABASE_URL      sqlite:///PATH or postgresql://user:password@host:port/name
TONGBAN_DATA      folder of the embedded database, files, search indexes and keys (default ./data)
TONGBAN_SECRET    secret of sessions and forms; made and kept in TONGBAN_DATA/keys when absent
TONGBAN_KEY       32 bytes in hex: the master key of personal data; likewise. Replacing it: TONGBAN_KEY_VERSION,
                  TONGBAN_KEYS_OLD (1:HEX,…), TONGBAN_INDEX_KEY (docs/operator-guide.md, Keys)
TONGBAN_CIPHER    aes (AES-256-GCM, default) or sm4 (SM4-GCM): how personal data are encrypted from now on
TONGBAN_SEAL_ROOT folder with the root of the units' seals (default TONGBAN_DATA/keys/seals)
TONGBAN_HOSTS     comma-separated host names that may be served
TONGBAN_ADDRESS   address at which the public reaches the site, as it is printed on papers and in codes
TONGBAN_DEBUG     1 shows error details (never in production)
TONGBAN_HTTPS     1 marks cookies as secure and turns HSTS on
TONGBAN_DEMO      1 shows the demo accounts on the sign-in page
TONGBAN_YEAR      share of a city's year that the demo city has behind it, such as 0.01 (default: none)
TONGBAN_PROXIES   how many own proxies stand in front (default 0); only then X-Forwarded-For is believed
TONGBAN_PLACES    names of networks for the list of sessions: 10.1.0.0/16=市民中心,10.2.0.0/16=咸安区政府
TONGBAN_ISSUER    name of the OpenID provider, such as https://tongban.example.gov.cn (default: as asked)
TONGBAN_REAL_NAME dotted path of the real-name registers' plugin; none: a demonstration answers, else checks wait
TONGBAN_EXCHANGE  the hotline's telephone exchange: simulated, down, or dotted path of a plugin (default: none; demo: simulated)
TONGBAN_EXCHANGE_KEYS  secrets with which exchanges sign what they tell: name=secret,…
TONGBAN_COLUMNS   where all policies are matched with all companies: here (default) or spark
TONGBAN_SPARK     address of Spark's master, such as spark://city:7077 (default: this machine)
TONGBAN_BOUNDARIES  folder with a GeoJSON of each division, 421202.geojson, for maps (default: schematic maps)
TONGBAN_BOUNDARIES_NOTE  what stands under maps made of them, such as their review number 审图号
TONGBAN_PAYMENTS  who moves money: demo, failing, or dotted path of a plugin (default: none; demo: demo)
TONGBAN_PAYMENT_KEYS  secrets with which providers sign what they tell: name=secret,…
TONGBAN_OUTSIDE   outside sign-ins: province=city.identity.Province,…; none: the demonstration's, else nothing
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

from tongban.config.database import database_from_url
from tongban.config.pairs import number, pairs
from tongban.kernel.keyring import key_file, master_keys

DATA = Path(os.environ.get("TONGBAN_DATA", "data")).resolve()
PACKS = Path(__file__).resolve().parent.parent / "packs"

DEBUG = os.environ.get("TONGBAN_DEBUG") == "1"
DEMO = os.environ.get("TONGBAN_DEMO") == "1"
DEMO_YEAR = number("TONGBAN_YEAR", least=0, most=1)
SECRET_KEY = os.environ.get("TONGBAN_SECRET") or key_file(DATA / "keys" / "secret", 50)
_KEYS = master_keys(DATA / "keys", os.environ)
MASTER_KEY, MASTER_KEY_VERSION, MASTER_KEYS_OLD = _KEYS.current, _KEYS.version, _KEYS.old
BLIND_INDEX_KEY = _KEYS.index
PERSONAL_CIPHER = os.environ.get("TONGBAN_CIPHER", "aes")
if PERSONAL_CIPHER not in {"aes", "sm4"}:
    raise RuntimeError("TONGBAN_CIPHER is aes or sm4.")
ANCHOR_KEY_FILE = Path(os.environ.get("TONGBAN_ANCHOR_KEY", DATA / "keys" / "anchor.pem"))
SEAL_ROOT = Path(os.environ.get("TONGBAN_SEAL_ROOT", DATA / "keys" / "seals"))
ARCHIVE_AFTER_DAYS = 30
SEAL_SIGNER = "tongban.registers.seals.signers.LocalSigner"
SITE_ADDRESS = os.environ.get("TONGBAN_ADDRESS", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = os.environ.get("TONGBAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "tongban.kernel",
    "tongban.actors",
    "tongban.registers.identity",
    "tongban.registers.identity.privacy",
    "tongban.registers.catalogue",
    "tongban.registers.messages",
    "tongban.registers.exchange",
    "tongban.registers.seals",
    "tongban.registers.archive",
    "tongban.registers.licences",
    "tongban.registers.payments",
    "tongban.registers.knowledge",
    "tongban.registers.portraits",
    "tongban.desks.cases",
    "tongban.desks.cases.partners",
    "tongban.desks.themes",
    "tongban.desks.helping",
    "tongban.desks.remote",
    "tongban.desks.hotline",
    "tongban.desks.hotline.telephony",
    "tongban.desks.hotline.listening",
    "tongban.desks.hotline.figures",
    "tongban.desks.hotline.heat",
    "tongban.desks.hotline.sorting",
    "tongban.desks.hotline.places",
    "tongban.desks.hotline.mailbox",
    "tongban.desks.policies",
    "tongban.desks.policies.matching",
    "tongban.desks.policies.claims",
    "tongban.desks.bundles",
    "tongban.oversight.appraisal",
    "tongban.oversight.supervision",
    "tongban.oversight.insight",
    "tongban.oversight.insight.facts",
    "tongban.oversight.insight.reports",
    "tongban.oversight.insight.months",
    "tongban.oversight.insight.foresight",
    "tongban.oversight.insight.definitions",
    "tongban.oversight.insight.exports",
    "tongban.oversight.insight.subscriptions",
    "tongban.faces.portal",
    "tongban.faces.hotline",
    "tongban.faces.open311",
    "tongban.faces.workbench",
    "tongban.faces.screen",
    "tongban.faces.kiosk",
    "tongban.year",
    "tongban.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tongban.web.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tongban.web.middleware.Preferences",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tongban.registers.identity.middleware.CurrentActor",
    "tongban.registers.identity.web.middleware.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tongban.faces.kiosk.middleware.Kiosk",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "tongban.config.urls"
WSGI_APPLICATION = "tongban.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongban.web.context.shell",
                "tongban.registers.identity.web.context.hat",
                "tongban.faces.kiosk.web.context.kiosk",
            ],
            "builtins": ["tongban.web.templatetags.tongban"],
        },
    },
]

DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{DATA / 'tongban.sqlite3'}"
DATABASES = {"default": database_from_url(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if sqlite3.sqlite_version_info < (3, 35):  # RETURNING
    raise RuntimeError("SQLite 3.35 or later is needed.")

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["tongban.registers.identity.backend.Accounts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/signin"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_ENGINE = "tongban.registers.identity.sessions"

HTTPS = os.environ.get("TONGBAN_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tongban.web.errors.csrf_failure"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024

# Sign-in: registers/identity/README.md
TRUSTED_PROXIES = int(number("TONGBAN_PROXIES", least=0, most=9))
NETWORK_PLACES = pairs(os.environ.get("TONGBAN_PLACES", ""))
OIDC_ISSUER = os.environ.get("TONGBAN_ISSUER", "").rstrip("/")
REAL_NAME_REGISTER = os.environ.get("TONGBAN_REAL_NAME", "")
OUTSIDE_PROVIDERS = pairs(os.environ["TONGBAN_OUTSIDE"]) if "TONGBAN_OUTSIDE" in os.environ else None

# The hotline's telephone: desks/hotline/telephony/README.md
TELEPHONE_EXCHANGE = os.environ.get("TONGBAN_EXCHANGE", "")
TELEPHONE_KEYS = pairs(os.environ.get("TONGBAN_EXCHANGE_KEYS", ""))

# Rules over whole populations: kernel/rules/README.md
COLUMN_ENGINE = os.environ.get("TONGBAN_COLUMNS", "here")
SPARK_MASTER = os.environ.get("TONGBAN_SPARK", "")

# What figures are counted by, duckdb or spark: oversight/insight/README.md
INSIGHT_ENGINE = os.environ.get("TONGBAN_INSIGHT", "duckdb")
# Whose head publishes the months of the city.
INSIGHT_DEPARTMENT = "dsj"

# Shapes of divisions on maps: desks/hotline/figures/README.md
BOUNDARIES = Path(os.environ["TONGBAN_BOUNDARIES"]) if os.environ.get("TONGBAN_BOUNDARIES") else None
BOUNDARIES_NOTE = os.environ.get("TONGBAN_BOUNDARIES_NOTE", "")

# Who moves money: registers/payments/README.md
PAYMENT_PROVIDER = os.environ.get("TONGBAN_PAYMENTS", "")
PAYMENT_KEYS = pairs(os.environ.get("TONGBAN_PAYMENT_KEYS", ""))
PAYMENTS_DEPARTMENT = "czj"

# Whose policy editors collect for every department of their division.
POLICIES_DEPARTMENT = "dsj"

# The one root region of this deployment; every other region is a partner.
ROOT_REGION = os.environ.get("TONGBAN_ROOT_REGION", "421200000000")

# How long somebody may be let act for another, in days; a city's own figures (no law names them).
ACTING_MOST_DAYS = {"agent": 366, "staff": 1096, "family": 1096}

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "tongban.kernel.redaction.Redacting",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TONGBAN_LOG", "WARNING")},
    # These write credential ids, codes and tokens when they are asked to be talkative.
    "loggers": {name: {"level": "WARNING"} for name in ("fido2", "oauthlib")},
}
