"""What an embedded exchange's staff can do to limits and keys; each call takes effect before it returns."""

from collections.abc import Callable, Mapping, Sequence

from surefoot.credentials import Credentials
from surefoot.exchange.key_operations import Given as PermissionsGiven
from surefoot.exchange.key_operations import KeyKind, KeyOperations, NewKey
from surefoot.exchange.limits.operations import BanRecord, LimitOperations
from surefoot.exchange.limits.profile import Given as LimitsGiven
from surefoot.exchange.limits.profile import LimitProfile
from surefoot.serve.answers import Used
from surefoot.testing.thread import ServerThread
from surefoot.values import Secret


class EmbeddedLimits:
    """`LimitOperations` from any thread."""

    def __init__(self, thread: ServerThread, limits: LimitOperations) -> None:
        self._thread = thread
        self._limits = limits

    def change(self, limits: LimitsGiven) -> LimitProfile:
        """Raise or cut limits: ``"production"``, ``"generous"``, or what differs. What was counted stays
        counted. Raises `Misuse` for what is no limit.
        """
        return self._thread.call(lambda: self._limits.change(limits))

    def addresses(self) -> Mapping[str, Sequence[Used]]:
        """What each address used of weight, raw requests and connection attempts, in the windows of now."""
        return self._thread.call(self._limits.addresses)

    def accounts(self) -> Mapping[str, Sequence[Used]]:
        """The unfilled order counts of each account, in the windows of now."""
        return self._thread.call(self._limits.accounts)

    def bans(self) -> Sequence[BanRecord]:
        """Every address that was ever refused something for its limits."""
        return self._thread.call(self._limits.bans)

    def ban(self, address: str = "127.0.0.1", seconds: float | None = None) -> int:
        """Ban an address, and end its connections; returns until when, in milliseconds since 1970."""
        return self._thread.call(lambda: self._limits.ban(address, seconds))

    def lift(self, address: str = "127.0.0.1") -> None:
        """End a ban now."""
        self._thread.call(lambda: self._limits.lift(address))


class EmbeddedKeys:
    """`KeyOperations` from any thread, with credentials in place of names."""

    def __init__(
        self, thread: ServerThread, keys: KeyOperations, owner_of: Callable[[Credentials], str]
    ) -> None:
        self._thread = thread
        self._keys = keys
        self._owner_of = owner_of

    def open(
        self, owner: Credentials, kind: KeyKind = "Ed25519", permissions: PermissionsGiven = None
    ) -> Credentials:
        """Another key for the owner of these credentials, such as one that may only read:
        ``permissions={"trading": False}``. Raises `Misuse` for what are no permissions.
        """
        return credentials(
            self._thread.call(lambda: self._keys.open(self._owner_of(owner), kind, permissions))
        )

    def change(self, key: Credentials, permissions: PermissionsGiven) -> None:
        """Let a key do other things from now on; of a mapping, what is left out stays as it is."""
        self._thread.call(lambda: self._keys.change(key.api_key.reveal(), permissions))

    def revoke(self, key: Credentials) -> None:
        """Delete a key: refused from now on, and what was subscribed with it ends."""
        self._thread.call(lambda: self._keys.revoke(key.api_key.reveal()))


def credentials(key: NewKey) -> Credentials:
    """The same as a client takes it."""
    return Credentials(
        environment="local", api_key=Secret(key.api_key), secret=key.secret, private_key=key.private_key
    )
