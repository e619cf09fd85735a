"""Keys from environment variables: the simplest place, and the one that containers use (AUTH-5)."""

import os
from collections.abc import Mapping
from pathlib import Path

from surefoot.credentials.keys import Credentials
from surefoot.errors import Misuse
from surefoot.values import Secret

API_KEY, API_SECRET, KEY_FILE = "SUREFOOT_API_KEY", "SUREFOOT_API_SECRET", "SUREFOOT_PRIVATE_KEY_FILE"
PASSPHRASE = "SUREFOOT_PRIVATE_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable


def load(environment: str, variables: Mapping[str, str] = os.environ) -> Credentials:
    """Credentials for `environment` from SUREFOOT_API_KEY with SUREFOOT_API_SECRET or
    SUREFOOT_PRIVATE_KEY_FILE (Ed25519 or RSA; SUREFOOT_PRIVATE_KEY_PASSPHRASE when it is encrypted).

    Raises `Misuse` naming the variable that is missing or the file that cannot be read.
    """
    api_key = variables.get(API_KEY, "")
    if not api_key:
        raise Misuse(f"no key for {environment}: set {API_KEY}, and {API_SECRET} or {KEY_FILE}")
    secret, key_file = variables.get(API_SECRET), variables.get(KEY_FILE)
    if bool(secret) == bool(key_file):
        raise Misuse(f"set exactly one of {API_SECRET} (HMAC) and {KEY_FILE} (Ed25519 or RSA, PEM)")
    if secret:
        return Credentials(environment=environment, api_key=Secret(api_key), secret=Secret(secret))
    pem, phrase = _read(Path(key_file or "")), variables.get(PASSPHRASE)
    return Credentials(
        environment=environment,
        api_key=Secret(api_key),
        private_key=pem,
        passphrase=Secret(phrase) if phrase else None,
    )


def _read(path: Path) -> Secret:
    try:
        return Secret(path.read_text(encoding="ascii"))
    except OSError as error:
        raise Misuse(f"{KEY_FILE}: cannot read {path}: {error.strerror}; name a private key in PEM") from None
    except ValueError:  # not ASCII, or a path that no file can have
        raise Misuse(f"{KEY_FILE}: {path} is not a text file; name a private key in PEM (PKCS#8)") from None
