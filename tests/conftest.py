"""What every room's tests may lean on: the real recordings, and a CA with a leaf certificate."""

import datetime
import ipaddress
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import NamedTuple
from weakref import WeakValueDictionary

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID
from hypothesis import settings

# The same examples every time, and no timed assertion; --hypothesis-profile=explore looks further.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("steady")

FACTS = Path(__file__).parent / "facts"


@pytest.fixture(scope="session")
def recording() -> Callable[[str], Path]:
    """The path of a real recording, by file name; without recordings the test is skipped, and says why."""
    folder = os.environ.get("SUREFOOT_RECORDINGS")
    if not folder:
        pytest.skip("needs the real recordings: set SUREFOOT_RECORDINGS to their folder")

    def find(name: str) -> Path:
        path = Path(folder) / name
        assert path.is_file(), f"SUREFOOT_RECORDINGS names {folder}, but it holds no {name}"
        return path

    return find


_NUMBER = count()


@pytest.fixture(autouse=True)
def a_state_folder_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What surefoot remembers about keys stays within the test: never in a real home. Made when needed."""
    folder = tmp_path_factory.getbasetemp() / "state" / str(next(_NUMBER))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))


@pytest.fixture(autouse=True)
def budgets_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may give the port of an earlier test's exchange away again; what was used up there was not
    used up here.
    """
    monkeypatch.setattr("surefoot.budget.local._KNOWN", WeakValueDictionary())


class Certificates(NamedTuple):
    """PEM files for TLS on loopback: an authority, and a leaf for localhost and 127.0.0.1 that it signed."""

    ca: Path
    cert: Path
    key: Path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("tls")
    found = Certificates(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    ca_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _certificate("surefoot test CA", ca_key, issuer="surefoot test CA", leaf=None)
    leaf = _certificate("localhost", ca_key, issuer="surefoot test CA", leaf=leaf_key)
    found.ca.write_bytes(ca.public_bytes(Encoding.PEM))
    found.cert.write_bytes(leaf.public_bytes(Encoding.PEM))
    found.key.write_bytes(leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return found


def _certificate(
    name: str,
    ca_key: ec.EllipticCurvePrivateKey,
    *,
    issuer: str,
    leaf: ec.EllipticCurvePrivateKey | None,
) -> x509.Certificate:
    public = (leaf or ca_key).public_key()
    now = datetime.datetime.now(datetime.UTC)
    alternatives = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    usage = x509.KeyUsage(True, False, False, False, False, leaf is None, leaf is None, False, False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=leaf is None, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(authority, critical=False)
        .sign(ca_key, hashes.SHA256())
    )


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class KeyPair(NamedTuple):
    """An RSA key of 2,048 bits as openssl writes it: private (PKCS#8) and public PEM."""

    private: str
    public: bytes


@pytest.fixture(scope="session")
def rsa_pair() -> KeyPair:
    key = rsa.generate_private_key(65_537, 2_048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return KeyPair(private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
