"""The settings that an operator may change, read from the environment and from a `.env` file.

Every one of them is a field of `Environment`: its type and its bounds are checked at the start, and a wrong value ends
the start with one line that names it. An amount that limits something is switched off by 0.
"""

import ipaddress
import os
import sys
import zoneinfo
from pathlib import Path
from typing import Annotated, Any

import dj_database_url
import msgspec
from dotenv import dotenv_values

from accounts.origins import is_origin
from chat.layers.addresses import pool_options
from chatproject.logs import JSON, TEXT
from chatproject.s3 import s3_origins, s3_storage

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Timeout = Annotated[int, msgspec.Meta(ge=1, le=30)]
Moment = Annotated[float, msgspec.Meta(ge=0, le=60)]
Lease = Annotated[int, msgspec.Meta(ge=2, le=3600)]


class Environment(msgspec.Struct, frozen=True, kw_only=True, rename="upper"):
    """One field for each variable; the variable has the field's name in capitals."""

    host: str = "127.0.0.1"
    port: Port = 8000
    debug: bool = True
    secret_key: str = ""
    allowed_hosts: str = ""
    database_url: str = ""
    database_wait_seconds: Timeout = 3
    redis_url: str = ""
    time_zone: str = "Asia/Shanghai"
    var_dir: str = ""
    log_level: str = "INFO"
    log_format: str = "text"
    log_queries: bool = False
    https: bool = False
    hsts_seconds: Amount = 30 * 24 * 3600
    trusted_proxies: str = "127.0.0.1, ::1"
    metrics_token: str = ""
    lease_seconds: Lease = 30
    webhooks_private: bool = False
    webhooks_seconds: Timeout = 10
    chat_limits: bool = True
    chat_sends_per_minute: Amount = 600
    chat_sends_to_one_per_minute: Amount = 300
    chat_hints_per_minute: Amount = 600
    chat_sign_ins_per_minute: Amount = 600
    chat_wrong_passwords: Amount = 10
    chat_guests_per_hour: Amount = 60
    chat_frame_bytes: Amount = 64 * 1024
    chat_body_bytes: Amount = 16 * 1024
    chat_sign_in_seconds: Amount = 60
    chat_sockets_per_address: Amount = 1000
    chat_sockets_per_account: Amount = 200
    chat_strangers: Amount = 10_000
    chat_strangers_per_address: Amount = 200
    chat_frames_per_second: Amount = 100
    chat_outbox_frames: Amount = 1000
    chat_cut_off_seconds: Amount = 30
    chat_password_queue: Amount = 2000
    chat_recall_seconds: Amount = 120
    chat_offline_seconds: Amount = 5
    chat_robot_seconds: Moment = 1
    api_requests_per_minute: Amount = 600
    uploads_per_minute: Amount = 60
    upload_image_bytes: Amount = 10 * 1024**2
    upload_audio_bytes: Amount = 10 * 1024**2
    upload_video_bytes: Amount = 50 * 1024**2
    upload_file_bytes: Amount = 20 * 1024**2
    upload_image_pixels: Amount = 50_000_000
    upload_keep_unused_hours: Amount = 24
    upload_storage: str = ""
    files_from: str = ""

    def hosts(self) -> list[str]:
        """The host names that the pages answer to; with `debug` any."""
        names = [name.strip() for name in self.allowed_hosts.split(",") if name.strip()]
        return names or (["*"] if self.debug else [])

    def proxies(self) -> list[str]:
        """The addresses and networks of the proxies that are believed. Raises `ValueError` for anything else."""
        given = [name.strip() for name in self.trusted_proxies.split(",") if name.strip()]
        return [str(ipaddress.ip_network(name)) for name in given]

    def file_origins(self) -> list[str]:
        """The other origins whose pictures, sounds and videos pages show. Raises `ValueError` for what is no origin."""
        origins = [origin.strip() for origin in self.files_from.split(",") if origin.strip()]
        for origin in origins:
            if not is_origin(origin):
                raise ValueError(f"{origin!r} is no origin, such as https://img.example.com or https://*.example.com")
        return origins

    def shown_from(self) -> list[str]:
        """Those, and where the storage of uploads hands them out: browsers are sent there from `/media/`."""
        uploads = self.uploads()
        return [*self.file_origins(), *(s3_origins(uploads) if uploads else ())]

    def limit(self, amount: int) -> int:
        """A limit of rates or of sockets as it is in force: 0 when `CHAT_LIMITS` switches all of them off."""
        return amount if self.chat_limits else 0

    def uploads(self) -> dict[str, Any] | None:
        """The storage of uploads as Django's `STORAGES` has it; None for a folder in `VAR_DIR`."""
        return s3_storage(self.upload_storage) if self.upload_storage else None


def _checked(values: dict[str, str | None]) -> Environment:
    known = {field.encode_name for field in msgspec.structs.fields(Environment)}
    given = {name: value for name, value in values.items() if name in known and value}
    environment = msgspec.convert(given, Environment, strict=False)
    if not environment.debug and not environment.secret_key:
        raise ValueError("SECRET_KEY is missing: with DEBUG off it has no default")
    if not environment.debug and not environment.hosts():
        raise ValueError("ALLOWED_HOSTS is missing: with DEBUG off it has no default")
    if environment.time_zone not in zoneinfo.available_timezones():
        raise ValueError(f"TIME_ZONE: no time zone is called {environment.time_zone!r}")
    if environment.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("LOG_LEVEL: one of DEBUG, INFO, WARNING, ERROR")
    if environment.log_format not in (TEXT, JSON):
        raise ValueError("LOG_FORMAT: one of text, json")
    for name, parse in (("TRUSTED_PROXIES", environment.proxies), ("FILES_FROM", environment.file_origins)):
        try:
            parse()
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    if environment.database_url:
        _check_database(environment.database_url)
    if environment.redis_url:
        _check_redis(environment.redis_url)
    environment.uploads()
    return environment


def _check_database(url: str) -> None:
    try:
        engine = dj_database_url.parse(url)["ENGINE"]
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, KeyError) as error:
        raise ValueError(
            "DATABASE_URL is not a database address, such as postgres://user:password@host/name"
        ) from error
    if engine not in ("django.db.backends.sqlite3", "django.db.backends.postgresql"):
        raise ValueError("DATABASE_URL: SQLite and PostgreSQL are supported")


def _check_redis(url: str) -> None:
    try:
        pool_options(url)
    except ValueError as error:
        raise ValueError(f"REDIS_URL: {error}") from error


def load(base: Path) -> Environment:
    """Read `.env` in `base`, then the process's environment, which wins. Exits with one line on a wrong value."""
    try:
        return _checked({**dotenv_values(base / ".env"), **os.environ})
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$.")
        sys.exit(f"settings: {path.rstrip('`')}: {reason}")
    except ValueError as error:
        sys.exit(f"settings: {error}")
