"""Where webhooks may go: not to this machine and not into the networks around it."""

import socket
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings

UNICAST = IPv6Network("2000::/3")
"""All that is given out of IPv6. Outside of it lie sites' own networks, old and new, and IPv4 addresses in other words,
as NAT64 writes them."""


class PrivateAddressError(OSError):
    """The address is one of a private network."""


def is_public(address: str) -> bool:
    """Whether the whole internet can reach this IP address."""
    ip: Any = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip not in UNICAST:
            return False
        ip = inner or ip
    return bool(ip.is_global and not ip.is_multicast)


def guarded_socket(address: Any) -> socket.socket:
    """A socket for exactly this resolved address. Raises `PrivateAddressError`.

    The check stands where the connection is made: a name that pointed elsewhere a moment ago gains nothing.
    """
    family, kind, protocol, _, place = address
    if not settings.WEBHOOKS_PRIVATE and not is_public(place[0]):
        raise PrivateAddressError("private address")
    return socket.socket(family, kind, protocol)
