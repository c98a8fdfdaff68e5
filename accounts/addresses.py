"""Clients' addresses, as limits take them."""

import ipaddress


def network(address: str) -> str:
    """The part of a client's address that it can't choose: IPv6 networks hand out 2**64 addresses to anybody."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
