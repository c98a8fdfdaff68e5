"""Asking a server for pages, as a load balancer or Prometheus does."""

import gzip
import http.client
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True)
class Page:
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: str
    size: int
    """Bytes of the body on their way, which may be compressed."""


def fetch(
    url: str,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    trust: ssl.SSLContext | None = None,
) -> Page:
    """One request on a connection of its own; over TLS with those whom `trust` trusts."""
    place = urlsplit(url)
    connection = (
        http.client.HTTPSConnection(place.netloc, timeout=20, context=trust)
        if trust
        else http.client.HTTPConnection(place.netloc, timeout=20)
    )
    try:
        connection.request(method, place.path, body=body, headers=headers or {})
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        content = answer.read()
        unpacked = gzip.decompress(content) if names.get("content-encoding") == "gzip" else content
        return Page(answer.status, names, unpacked.decode(), len(content))
    finally:
        connection.close()


Metrics = dict[str, float]


def metrics(text: str) -> Metrics:
    """Each value under its name, with the values of its labels behind it: `chat_frames_total send`."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
