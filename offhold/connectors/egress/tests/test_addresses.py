from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhold.connectors.egress.addresses import standing

PUBLIC = ["93.184.215.14", "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.32.0.1", "198.20.0.1",
          "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888"]  # fmt: skip
PRIVATE = ["127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
           "100.127.255.255", "::1", "fc00::1", "fd12:3456::1", "fd00:ec2::254"]  # fmt: skip
NEVER = ["0.0.0.0", "0.1.2.3", "169.254.169.254", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1",
         "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
         "255.255.255.255", "::", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1",
         "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::",
         "2001:2::1", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1",
         "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "4000::1",
         "localhost", "", "127.1", "1.2.3"]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_dialled(address: str) -> None:
    assert standing(address) == "public"


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_need_a_setting(address: str) -> None:
    assert standing(address) == "private"


@pytest.mark.parametrize("address", NEVER)
def test_reserved_addresses_are_opened_by_no_setting(address: str) -> None:
    assert standing(address) == "never"


@given(st.ip_addresses())
def test_we_are_at_least_as_strict_as_the_standard_library(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not address.is_global or address.is_multicast:
        # AS112 and friends are global islands inside 2001::/23 and 192.0.0.0/24; we refuse more, never less.
        assert standing(str(address)) != "public"
