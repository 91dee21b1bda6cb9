"""Which IP addresses we may connect to: our own list, because the standard library calls several local forms global.

Pure. Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its successors).
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal

Standing = Literal["public", "private", "never"]
"""`public`: connect. `private`: only where a setting names this host and port. `never`: no setting opens it."""

# Where a self-hosted network may honestly live.
_PRIVATE = (
    "127.0.0.0/8",  # loopback
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",  # carrier-grade NAT, used by overlay networks
    "::1/128",
    "fc00::/7",  # unique local
)

# Where nothing we want to talk to lives: metadata services, whole-network forms, tunnels that carry another address.
_NEVER = (
    "0.0.0.0/8",  # "this host": reaches loopback on Linux
    "169.254.0.0/16",  # link-local, with the clouds' metadata service
    "192.0.0.0/24",
    "192.0.2.0/24",  # TEST-NET-1
    "192.88.99.0/24",  # 6to4 relays
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",  # TEST-NET-2
    "203.0.113.0/24",  # TEST-NET-3
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, with broadcast
    "::/96",  # unspecified and IPv4-compatible
    "::ffff:0:0/96",  # IPv4-mapped: a second spelling of every IPv4 address
    "::ffff:0:0:0/96",  # IPv4-translated
    "64:ff9b::/96",  # NAT64
    "64:ff9b:1::/48",  # local-use NAT64
    "100::/64",  # discard
    "2001::/23",  # protocol assignments, with Teredo, benchmarks and ORCHID
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4
    "3fff::/20",  # documentation
    "fe80::/10",  # link-local
    "fec0::/10",  # the old site-local
    "ff00::/8",  # multicast
)

_GLOBAL_V6 = IPv6Network("2000::/3")  # the only IPv6 unicast space handed out so far: all else is refused


def _split(texts: Iterable[str]) -> tuple[list[IPv4Network], list[IPv6Network]]:
    networks = [ip_network(text) for text in texts]
    return (
        [n for n in networks if isinstance(n, IPv4Network)],
        [n for n in networks if isinstance(n, IPv6Network)],
    )


_PRIVATE_V4, _PRIVATE_V6 = _split(_PRIVATE)
_NEVER_V4, _NEVER_V6 = _split(_NEVER)


def standing(address: str) -> Standing:
    """What we may do with one resolved address, e.g. `"93.184.215.14"` or `"fe80::1%eth0"`. Not an address: never."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "never"
    return _standing_v4(parsed) if isinstance(parsed, IPv4Address) else _standing_v6(parsed)


def _standing_v4(address: IPv4Address) -> Standing:
    if any(address in network for network in _NEVER_V4):
        return "never"
    return "private" if any(address in network for network in _PRIVATE_V4) else "public"


def _standing_v6(address: IPv6Address) -> Standing:
    if any(address in network for network in _PRIVATE_V6):  # before `never`: ::1 lies inside ::/96
        return "private"
    if address not in _GLOBAL_V6 or any(address in network for network in _NEVER_V6):
        return "never"
    return "public"
