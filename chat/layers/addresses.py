"""Where Redis is: `REDIS_URL`, as its operator writes it.

`redis://`, `rediss://` (TLS) and `unix://` name one Redis. `redis+sentinel://` and `rediss+sentinel://` name the
sentinels that know which of several is the master now:

    redis+sentinel://user:password@host:26379,host2:26379/mymaster/0?sentinel_password=secret

Options of redis-py may follow the `?`, such as `ssl_ca_certs`. For sentinels those that begin with `sentinel_` are for
the connections to the sentinels, TLS is for both.
"""

from typing import Any
from urllib.parse import unquote, urlsplit

from redis.asyncio.connection import parse_url

SENTINELS = {"redis+sentinel": "redis", "rediss+sentinel": "rediss"}
SENTINEL_PORT = 26379
OF_SENTINELS = "sentinel_"


def pool_options(url: str) -> dict[str, Any]:
    """What `create_pool` of channels-redis takes for this address. Raises `ValueError` if it is none."""
    scheme, _, place = url.partition("://")
    if scheme not in SENTINELS:
        parse_url(url)
        return {"address": url}
    return _behind_sentinels(place, SENTINELS[scheme])


def _behind_sentinels(place: str, scheme: str) -> dict[str, Any]:
    # By hand: several hosts, of which one may stand in brackets, are no address by the rules for others.
    where, _, query = place.partition("?")
    authority, _, path = where.partition("/")
    credentials, _, hosts = authority.rpartition("@")
    name, _, number = path.strip("/").partition("/")
    if not hosts or not name or not (number or "0").isdecimal():
        raise ValueError(
            "needs the sentinels and the master's name, as in redis+sentinel://host:26379,host2/mymaster/0"
        )
    options = dict(parse_url(f"{scheme}://{credentials}@localhost/{number or 0}?{query}"))
    del options["host"]
    tls = {"ssl": True} if options.pop("connection_class", None) else {}
    certificates = {key: value for key, value in options.items() if key.startswith("ssl_")}
    own = {key: options.pop(key) for key in list(options) if key.startswith(OF_SENTINELS)}
    return {
        **options,
        **tls,
        "sentinels": [_place(host) for host in hosts.split(",")],
        "master_name": unquote(name),
        "sentinel_kwargs": {
            **tls,
            **certificates,
            **{key.removeprefix(OF_SENTINELS): value for key, value in own.items()},
        },
    }


def _place(host: str) -> tuple[str, int]:
    """One sentinel's host and port."""
    parts = urlsplit(f"//{host}")
    if not parts.hostname:
        raise ValueError(f"{host!r} is no host of a sentinel")
    return parts.hostname, parts.port or SENTINEL_PORT
