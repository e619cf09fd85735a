"""Keys from environment variables."""

from pathlib import Path

import pytest

from surefoot.codec.sign import Ed25519Key
from surefoot.credentials import Credentials, env
from surefoot.errors import Misuse
from surefoot.values import Secret


def test_an_hmac_key() -> None:
    """AUTH-5."""
    found = env.load("testnet", {"SUREFOOT_API_KEY": "abcdefgh", "SUREFOOT_API_SECRET": "hush"})
    assert found.environment == "testnet"
    assert found.secret is not None
    assert found.secret.reveal() == "hush"
    assert found.key_tail == "cdefgh"
    assert "hush" not in repr(found)
    assert "abcdefgh" not in repr(found)


def test_an_ed25519_key_file(tmp_path: Path) -> None:
    pem = Ed25519Key.from_seed(bytes(32)).pem().reveal()
    file = tmp_path / "key.pem"
    file.write_text(pem)
    found = env.load("testnet", {"SUREFOOT_API_KEY": "abc", "SUREFOOT_PRIVATE_KEY_FILE": str(file)})
    assert found.private_key is not None
    assert found.private_key.reveal() == pem


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, "SUREFOOT_API_KEY"),
        ({"SUREFOOT_API_KEY": "a"}, "SUREFOOT_API_SECRET"),
        (
            {"SUREFOOT_API_KEY": "a", "SUREFOOT_API_SECRET": "s", "SUREFOOT_PRIVATE_KEY_FILE": "f"},
            "exactly one",
        ),
        ({"SUREFOOT_API_KEY": "a", "SUREFOOT_PRIVATE_KEY_FILE": "missing.pem"}, "missing.pem"),
        ({"SUREFOOT_API_KEY": "a b", "SUREFOOT_API_SECRET": "s"}, "letters and digits"),
    ],
)
def test_what_is_missing_is_named(variables: dict[str, str], named: str) -> None:
    with pytest.raises(Misuse, match=named):
        env.load("testnet", variables)


def test_a_key_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(b"\xff\xfe")
    variables = {"SUREFOOT_API_KEY": "a", "SUREFOOT_PRIVATE_KEY_FILE": str(file)}
    with pytest.raises(Misuse, match="not a text file; name a private key in PEM"):
        env.load("testnet", variables)


@pytest.mark.parametrize("field", ["api_key", "secret"])
def test_a_bare_text_is_no_secret(field: str) -> None:
    """It would print; so it is refused, and the message does not show it."""
    given: dict[str, object] = {"api_key": Secret("a"), "secret": Secret("b"), field: "hush"}
    with pytest.raises(Misuse, match=f"{field} is not a Secret") as refused:
        Credentials(environment="local", **given)  # type: ignore[arg-type]
    assert "hush" not in str(refused.value)


def test_one_kind_of_key_only() -> None:
    with pytest.raises(Misuse):
        Credentials(environment="local", api_key=Secret("a"))


def test_an_encrypted_key_file(tmp_path: Path) -> None:
    """The passphrase comes from the environment too, and prints nowhere."""
    file = tmp_path / "key.pem"
    file.write_text("-----BEGIN ENCRYPTED" + " PRIVATE KEY-----")
    variables = {
        "SUREFOOT_API_KEY": "abc",
        "SUREFOOT_PRIVATE_KEY_FILE": str(file),
        "SUREFOOT_PRIVATE_KEY_PASSPHRASE": "open sesame",
    }
    found = env.load("testnet", variables)
    assert found.passphrase is not None
    assert found.passphrase.reveal() == "open sesame"
    assert "sesame" not in repr(found)
    assert "private key" in repr(found)


def test_a_passphrase_belongs_to_a_private_key() -> None:
    with pytest.raises(Misuse, match="belongs to a private key"):
        Credentials(environment="local", api_key=Secret("a"), secret=Secret("b"), passphrase=Secret("c"))
