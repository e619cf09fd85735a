"""Signatures: the official vectors, openssl, and the ways a signature can be wrong."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.codec.sign import Ed25519Key, Ed25519Verifier, HmacKey
from surefoot.errors import Misuse
from surefoot.values import Secret

FACTS = Path(__file__).parent.parent / "facts"
VECTORS = {row["id"]: row for row in json.loads((FACTS / "vectors.json").read_text())["vectors"]}
HMAC = sorted(id for id, row in VECTORS.items() if row.get("secret"))
ED25519 = sorted(id for id, row in VECTORS.items() if row.get("private_key"))
SEED = bytes(range(32))


def test_there_are_vectors_of_both_kinds() -> None:
    assert len(HMAC) == 4
    assert len(ED25519) == 1


@pytest.mark.parametrize("id", HMAC)
def test_official_hmac_vectors(id: str) -> None:
    """AUTH-1: the official worked examples."""
    row = VECTORS[id]
    key = HmacKey(Secret(row["secret"]))
    payload = row["payload"].encode()
    assert key.sign(payload) == row["signature"]
    assert key.verify(payload, row["signature"])
    assert key.verify(payload, row["signature"].upper())
    assert not key.verify(payload + b"0", row["signature"])


@pytest.mark.parametrize("id", ED25519)
def test_official_ed25519_vectors(id: str) -> None:
    """AUTH-1: the official worked example whose private key is published."""
    row = VECTORS[id]
    key = Ed25519Key.from_pem(Secret(row["private_key"]))
    payload = row["payload"].replace("\\x01", "\x01").encode()  # the file prints SOH as an escape
    assert key.sign(payload) == row["signature"]
    assert key.verifier().verify(payload, row["signature"])
    assert not key.verifier().verify(payload + b"0", row["signature"])


@pytest.fixture
def openssl() -> str:
    found = shutil.which("openssl")
    if not found:
        pytest.skip("no openssl on this machine")
    return found


def test_openssl_makes_our_hmac(openssl: str) -> None:
    """AUTH-1: an implementation that is not ours agrees."""
    payload = b"symbol=%EF%BC%91&timestamp=1"
    argv = [openssl, "dgst", "-sha256", "-hmac", "secret"]
    done = subprocess.run(argv, input=payload, capture_output=True, check=True)
    assert done.stdout.split()[-1].decode() == HmacKey(Secret("secret")).sign(payload)


def test_openssl_verifies_our_ed25519_and_we_verify_its(openssl: str, tmp_path: Path) -> None:
    """AUTH-1: both ways."""
    key = Ed25519Key.from_seed(SEED)
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    payload, signature = tmp_path / "payload", tmp_path / "signature"
    private.write_text(key.pem().reveal())
    public.write_bytes(key.public_pem())
    payload.write_bytes(b"apiKey=k&timestamp=1")
    signature.write_bytes(base64.b64decode(key.sign(payload.read_bytes())))
    common = [openssl, "pkeyutl", "-rawin", "-in", str(payload)]
    verify = [*common, "-verify", "-pubin", "-inkey", str(public), "-sigfile", str(signature)]
    assert subprocess.run(verify, capture_output=True, check=False).returncode == 0
    signature.write_bytes(b"\0" * 64)
    assert subprocess.run(verify, capture_output=True, check=False).returncode != 0
    theirs = subprocess.run([*common, "-sign", "-inkey", str(private)], capture_output=True, check=True)
    text = base64.b64encode(theirs.stdout).decode()
    assert Ed25519Verifier.from_pem(key.public_pem()).verify(payload.read_bytes(), text)


@given(st.text(max_size=200))
def test_nonsense_is_not_a_signature(text: str) -> None:
    assert not Ed25519Key.from_seed(SEED).verifier().verify(b"payload", text)
    assert not HmacKey(Secret("secret")).verify(b"payload", text)


@pytest.mark.parametrize("length", [1, 63, 64, 65, 200])
def test_long_and_short_hmac_secrets(length: int) -> None:
    """Secrets longer than a block are hashed first, as RFC 2104 says."""
    import hmac

    secret = "k" * length
    expected = hmac.new(secret.encode(), b"payload", "sha256").hexdigest()
    assert HmacKey(Secret(secret)).sign(b"payload") == expected


def test_unreadable_keys_are_named() -> None:
    with pytest.raises(Misuse, match="not a readable PEM"):
        Ed25519Key.from_pem(Secret("nonsense"))
    with pytest.raises(Misuse, match="secret is empty"):
        HmacKey(Secret(""))
    pem = Ed25519Key.from_seed(SEED).pem()
    assert Ed25519Key.from_pem(pem).public_pem() == Ed25519Key.from_seed(SEED).public_pem()


def test_another_kind_of_key_is_named() -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(Misuse, match="expected an Ed25519 private key"):
        Ed25519Key.from_pem(Secret(pem))
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(Misuse, match="expected an Ed25519 public key"):
        Ed25519Verifier.from_pem(public)
