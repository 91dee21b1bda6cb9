"""TLS: the name is checked, and a redirect never leaves it."""

from __future__ import annotations

import datetime as dt
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from offhold.connectors.contract import (
    ForbiddenAddress,
    NotSent,
)
from offhold.connectors.egress.tests.scripted import answer, door, site


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for `net.test` (and for no address), and a client's that trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "net.test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("net.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "net.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


async def test_tls_checks_the_name_and_not_the_address(authority: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = authority
    async with site(answer(), tls=server) as net:
        async with door(net.port, tls=client) as egress:
            assert (await egress.request("GET", f"https://net.test:{net.port}/")).status == 200
        async with door(net.port, host="other.test", tls=client) as egress:
            with pytest.raises(NotSent):
                await egress.request("POST", f"https://other.test:{net.port}/", content=b"x")
        async with door(net.port) as egress:  # the public authorities do not know this one
            with pytest.raises(NotSent):
                await egress.request("POST", f"https://net.test:{net.port}/", content=b"x")
            with pytest.raises(NotSent):
                await anext(aiter(egress.websocket(f"wss://net.test:{net.port}/")))
    assert len(net.requests) == 1


async def test_a_redirect_never_leaves_tls(authority: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = authority
    onward = answer(b"", b"301 Moved", Location="http://net.test/")
    async with site(onward, tls=server) as net, door(net.port, tls=client) as egress:
        with pytest.raises(ForbiddenAddress, match="https to http"):
            await egress.request("GET", f"https://net.test:{net.port}/", redirects=1)
