"""A key belongs to one environment: the first one that answered it (ENV-2).

What is kept is a fingerprint of the API key, never the key: one small file for each, so that processes which
write at the same time cannot lose each other's. `local` exchanges are forgotten as they end, and not kept.
"""

import hashlib
from collections.abc import Callable

import msgspec

from surefoot.errors import Misuse
from surefoot.values import Secret
from surefoot.world import Storage

_FORMAT = "surefoot key 1"
_DIGITS = 16


class _Bound(msgspec.Struct, frozen=True):
    """What a file says: which environment, of which key (its last six characters)."""

    format: str
    environment: str
    key_tail: str


def fingerprint(api_key: Secret) -> str:
    """What an API key is known by: the beginning of its SHA-256."""
    return hashlib.sha256(api_key.reveal().encode()).hexdigest()[:_DIGITS]


def file_of(api_key: Secret) -> str:
    """The name of the file that binds this key; without it the key is bound anew on its next use."""
    return f"key-{fingerprint(api_key)}.json"


class Binding:
    """One key on its way into one environment. `note` hears what could not be kept, `warn` what is
    damaged.
    """

    def __init__(
        self,
        storage: Storage,
        api_key: Secret,
        environment: str,
        *,
        note: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self._storage, self._environment = storage, environment
        self._file, self._tail = file_of(api_key), api_key.reveal()[-6:]
        self._note, self._warn = note, warn

    def bound(self) -> bool:
        """Whether the key is bound to this environment already; raises `Misuse` when it is to another one."""
        bound = self._read()
        if bound is None:
            return False
        if bound.environment != self._environment:
            raise Misuse(
                f"this key (…{self._tail}) belongs to {bound.environment!r}, where it was used before, not to"
                f" {self._environment!r}: nothing was sent. If it has really moved, forget it first:"
                f" `surefoot keys forget`, or delete {self._file}"
            )
        return True

    def answered(self) -> None:
        """The environment has answered a request that this key signed: it belongs there from now on."""
        bound = _Bound(_FORMAT, self._environment, self._tail)
        try:
            self._storage.write(self._file, msgspec.json.encode(bound))
        except OSError as error:
            self._note(f"{self._file} could not be written, the key is not bound: {error}")

    def _read(self) -> _Bound | None:
        try:
            content = self._storage.read(self._file)
        except OSError as error:
            self._note(f"{self._file} could not be read, the key is taken for a new one: {error}")
            return None
        if not content:  # `forget` empties it
            return None
        try:
            bound = msgspec.json.decode(content, type=_Bound)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            self._warn(f"{self._file} is damaged ({error}): which environment the key belongs to is lost")
            return None
        if bound.format != _FORMAT:
            self._warn(f"{self._file} is of another version of surefoot: the key is taken for a new one")
            return None
        return bound


def forget(storage: Storage, api_key: Secret) -> None:
    """Let the key be bound anew, by its next use; for one that was moved deliberately."""
    storage.write(file_of(api_key), b"")
