"""`UPLOAD_STORAGE`: uploads in S3, by addresses that the storage signs for a while."""

from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SHORTEST, LONGEST = 60, 7 * 24 * 3600
"""Seconds for which an address may be good; S3 takes no more."""
UNSIGNED = ("custom_domain", "querystring_auth", "default_acl")
"""Settings with which files would be there for everybody, and handed out as whatever they seem to be."""


def s3_storage(url: str) -> dict[str, Any]:
    """`s3://key:secret@bucket/folder?endpoint_url=…` as a storage of django-storages; raises ValueError.

    What follows the question mark are settings of its S3 storage. Without key and secret boto3 finds its own.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        raise ValueError("UPLOAD_STORAGE: s3://key:secret@bucket/folder?endpoint_url=https://…")
    try:
        options: dict[str, Any] = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise ValueError(f"UPLOAD_STORAGE: {error}") from error
    if unsigned := [name for name in UNSIGNED if name in options]:
        raise ValueError(f"UPLOAD_STORAGE: {unsigned[0]} can't be set: the bucket is private, and addresses are signed")
    options["querystring_expire"] = _seconds(options.get("querystring_expire", "3600"))
    options |= {"bucket_name": parts.hostname, "location": parts.path.strip("/"), "file_overwrite": False}
    if parts.username:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
    if find_spec("storages") is None:
        raise ValueError("UPLOAD_STORAGE needs the packages of requirements-s3.txt")
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def s3_origins(storage: dict[str, Any]) -> list[str]:
    """The origins of the addresses that the storage signs, of which boto3 chooses one."""
    options = storage["OPTIONS"]
    bucket, region, endpoint = (options.get(name, "") for name in ("bucket_name", "region_name", "endpoint_url"))
    if endpoint:
        parts = urlsplit(endpoint)
        return [f"{parts.scheme}://{parts.netloc}", f"{parts.scheme}://{bucket}.{parts.netloc}"]
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    regional = f"s3.{region}.{domain}" if region else f"s3.{domain}"
    return [f"https://{host}" for host in (regional, f"{bucket}.{regional}", f"{bucket}.s3.{domain}")]


def _seconds(text: str) -> int:
    seconds = int(text) if text.isascii() and text.isdecimal() else 0
    if not SHORTEST <= seconds <= LONGEST:
        raise ValueError(f"UPLOAD_STORAGE: querystring_expire is a number of seconds from {SHORTEST} to {LONGEST}")
    return seconds
