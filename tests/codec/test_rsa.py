"""RSA signatures and encrypted keys: against openssl both ways, and what is refused."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from surefoot.codec.keypair import private_key, public_key
from surefoot.codec.rsa import RsaKey, RsaVerifier
from surefoot.codec.sign import Ed25519Key, Ed25519Verifier
from surefoot.errors import Misuse
from surefoot.values import Secret
from tests.conftest import KeyPair

PAYLOAD = b"symbol=%EF%BC%91&timestamp=1"
VECTORS = json.loads((Path(__file__).parent.parent / "facts" / "vectors.json").read_text())["vectors"]
EXAMPLES = [row for row in VECTORS if row["key_type"] == "RSA"]


@pytest.fixture
def openssl() -> str:
    found = shutil.which("openssl")
    if not found:
        pytest.skip("no openssl on this machine")
    return found


def test_openssl_verifies_ours_and_we_verify_its(openssl: str, rsa_pair: KeyPair, tmp_path: Path) -> None:
    """AUTH-1: PKCS#1 v1.5 with SHA-256, both ways; the scheme has no dice, so both are the same bytes."""
    key = private_key(Secret(rsa_pair.private))
    private, public, signature = (tmp_path / name for name in ("private.pem", "public.pem", "signature"))
    private.write_text(rsa_pair.private)
    public.write_bytes(key.public_pem())
    signature.write_bytes(base64.b64decode(key.sign(PAYLOAD)))
    verify = [openssl, "dgst", "-sha256", "-verify", str(public), "-signature", str(signature)]
    assert subprocess.run(verify, input=PAYLOAD, capture_output=True, check=False).returncode == 0
    assert subprocess.run(verify, input=PAYLOAD + b"0", capture_output=True, check=False).returncode != 0
    sign = [openssl, "dgst", "-sha256", "-sign", str(private)]
    theirs = subprocess.run(sign, input=PAYLOAD, capture_output=True, check=True).stdout
    assert base64.b64encode(theirs).decode() == key.sign(PAYLOAD)
    assert public_key(rsa_pair.public).verify(PAYLOAD, base64.b64encode(theirs).decode())


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_an_encrypted_key_of_openssl(kind: str, openssl: str, rsa_pair: KeyPair, tmp_path: Path) -> None:
    """AUTH-1: what `openssl pkcs8 -topk8` encrypts is read with its passphrase."""
    bare = rsa_pair.private if kind == "rsa" else Ed25519Key.from_seed(bytes(32)).pem().reveal()
    (tmp_path / "bare.pem").write_text(bare)
    argv = [openssl, "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:open sesame"]
    done = subprocess.run([*argv, "-in", str(tmp_path / "bare.pem")], capture_output=True, check=True)
    pem = Secret(done.stdout.decode())
    assert "ENCRYPTED" in pem.reveal()
    signed = private_key(pem, Secret("open sesame")).sign(PAYLOAD)
    assert signed == private_key(Secret(bare)).sign(PAYLOAD)
    with pytest.raises(Misuse, match="encrypted; give its passphrase"):
        private_key(pem)
    with pytest.raises(Misuse, match="is the passphrase the right one") as refused:
        private_key(pem, Secret("hush"))
    assert "hush" not in str(refused.value)


def test_a_passphrase_that_was_not_needed_is_no_harm(rsa_pair: KeyPair) -> None:
    assert private_key(Secret(rsa_pair.private), Secret("x")).public_pem() == rsa_pair.public


def test_each_kind_is_recognised(rsa_pair: KeyPair) -> None:
    key = private_key(Secret(rsa_pair.private))
    assert isinstance(key, RsaKey)
    assert not key.can_log_on
    assert isinstance(public_key(rsa_pair.public), RsaVerifier)
    other = private_key(Ed25519Key.from_seed(bytes(32)).pem())
    assert isinstance(other, Ed25519Key)
    assert other.can_log_on
    assert isinstance(public_key(other.public_pem()), Ed25519Verifier)


@pytest.mark.parametrize("bits", [1_024, 5_120])
def test_keys_that_the_exchange_would_not_take(bits: int) -> None:
    """rest-api, SIGNED endpoint security: RSA keys of 2,048 to 4,096 bits."""
    if bits > 4_096:  # making one takes seconds; only its size is looked at
        key = rsa.RSAPublicNumbers(65_537, (1 << (bits - 1)) + 1).public_key()
        pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        with pytest.raises(Misuse, match="5120 bits"):
            public_key(pem)
        return
    made = rsa.generate_private_key(65_537, bits)
    text = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(Misuse, match="1024 bits; the exchange takes 2048 to 4096"):
        private_key(Secret(text))


def test_the_wrong_kind_is_named(rsa_pair: KeyPair) -> None:
    ed25519 = Ed25519Key.from_seed(bytes(32))
    with pytest.raises(Misuse, match="expected an RSA private key"):
        RsaKey.from_pem(ed25519.pem())
    with pytest.raises(Misuse, match="expected an RSA public key"):
        RsaVerifier.from_pem(ed25519.public_pem())
    with pytest.raises(Misuse, match="not a readable PEM"):
        public_key(b"nonsense")
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(Misuse, match="expected an Ed25519 or RSA private key"):
        private_key(Secret(pem))
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(Misuse, match="expected an Ed25519 or RSA public key"):
        public_key(public)


@given(text=st.text(max_size=200))
def test_nonsense_is_not_a_signature(rsa_pair: KeyPair, text: str) -> None:
    assert not public_key(rsa_pair.public).verify(b"payload", text)


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row["id"])
def test_the_official_examples_have_the_size_of_ours(row: dict[str, str], rsa_pair: KeyPair) -> None:
    """No private key is published with them; a 2,048 bit key's signatures are as long."""
    ours = private_key(Secret(rsa_pair.private)).sign(row["payload"].encode())
    assert len(base64.b64decode(row["signature"])) == len(base64.b64decode(ours)) == 256
