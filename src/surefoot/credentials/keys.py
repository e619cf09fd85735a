"""An API key with what signs for it, bound to one environment."""

import msgspec

from surefoot.errors import Misuse
from surefoot.values import Secret


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """A key of one environment: an HMAC `secret`, or a `private_key` (PKCS#8 PEM, Ed25519 or RSA).

    Never both. An encrypted private key needs its `passphrase`. Printing shows the environment and the kind.
    """

    environment: str
    api_key: Secret
    secret: Secret | None = None
    private_key: Secret | None = None
    passphrase: Secret | None = None

    def __post_init__(self) -> None:
        for name in ("api_key", "secret", "private_key", "passphrase"):
            if not isinstance(getattr(self, name), Secret | None):
                raise Misuse(f"{name} is not a Secret; wrap the text, so that it cannot print: Secret(...)")
        if (self.secret is None) == (self.private_key is None):
            raise Misuse("credentials need exactly one of: an API secret, a private key")
        if self.passphrase is not None and self.private_key is None:
            raise Misuse("a passphrase belongs to a private key; an API secret has none")
        if not self.api_key.reveal().isalnum():
            raise Misuse("the API key is empty or has characters other than letters and digits")

    @property
    def key_tail(self) -> str:
        """The API key's last six characters, which is all a log may show."""
        return self.api_key.reveal()[-6:]

    def __repr__(self) -> str:
        kind = "HMAC" if self.secret is not None else "private key"
        return f"Credentials({self.environment}, {kind}, …{self.key_tail})"
