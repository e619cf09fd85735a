"""The world outside, as three small protocols handed in: clock, entropy, storage (and the real ones).

The fourth part of the world, the network, is the running event loop. A simulation replaces all four.
Nobody else in surefoot asks the time or throws dice.
"""

import os
import random
import threading
import time
from pathlib import Path
from typing import Protocol

import msgspec


class Clock(Protocol):
    """Wall time in milliseconds since 1970 (it may step), and monotonic milliseconds (it never does)."""

    def wall_ms(self) -> float: ...
    def monotonic_ms(self) -> float: ...


class Entropy(Protocol):
    """Dice: `uniform()` in [0, 1), `token(n)` = n unguessable characters of [0-9a-z]."""

    def uniform(self) -> float: ...
    def token(self, length: int) -> str: ...


class Storage(Protocol):
    """Small whole files by name; `write` is atomic: the old or the new content, never a mixture."""

    def read(self, name: str) -> bytes | None: ...
    def write(self, name: str, content: bytes) -> None: ...


class SystemClock:
    """The machine's clocks."""

    def wall_ms(self) -> float:
        return time.time_ns() / 1e6

    def monotonic_ms(self) -> float:
        return time.monotonic_ns() / 1e6


_CLOCK_ERROR = 5  # adjtimex(2), TIME_ERROR: the clock is not synchronised
_TIMEX_BYTES = 512  # struct timex is shorter; its first field says what to set, and zero sets nothing


def clock_is_kept() -> bool | None:
    """Whether the system keeps its clock by NTP (AUTH-4); None where it does not say (Linux does)."""
    import ctypes  # noqa: PLC0415 - only here, and it takes its time

    try:
        state = int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)))
    except (AttributeError, OSError, TypeError):
        return None
    return None if state < 0 else state != _CLOCK_ERROR


_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_EVEN = 256 // len(_ALPHABET) * len(_ALPHABET)
_DIGIT_OF_BYTE = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_BIASED_BYTES = bytes(range(_EVEN, 256))  # left out, so that every character is equally likely


class SystemEntropy:
    """The machine's entropy."""

    def uniform(self) -> float:
        return random.random()  # noqa: S311 - jitter, not keys

    def token(self, length: int) -> str:
        text = ""
        while len(text) < length:  # an order waits for this, so whole handfuls of bytes are drawn
            text += os.urandom(2 * length).translate(_DIGIT_OF_BYTE, _BIASED_BYTES).decode()
        return text[:length]


class SeededEntropy:
    """Dice that fall the same way for the same seed. For simulation and synthetic markets, never for keys."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)  # noqa: S311

    def uniform(self) -> float:
        return self._random.random()

    def token(self, length: int) -> str:
        return "".join(self._random.choice(_ALPHABET) for _ in range(length))


class FileStorage:
    """Files in one folder of the real disk, for this user alone (modes 0700 and 0600)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        path = self._folder / name
        return path.read_bytes() if path.is_file() else None

    def write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = self._folder / f".{name}.{os.getpid()}.{threading.get_ident()}"
        with open(scratch, "wb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(self._folder / name)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def storage_at(place: str | Path | Storage | None) -> Storage | None:
    """A storage as callers give one: itself, the path of a folder, or none."""
    return FileStorage(Path(place)) if isinstance(place, str | Path) else place


class World(msgspec.Struct, frozen=True):
    """Clock, entropy and storage of one host."""

    clock: Clock
    entropy: Entropy
    storage: Storage


def state_folder() -> Path:
    """Where surefoot keeps what it must remember: ``$XDG_STATE_HOME/surefoot``, by default below
    ``~/.local/state``.
    """
    named = os.environ.get("XDG_STATE_HOME", "")
    return (Path(named) if os.path.isabs(named) else Path.home() / ".local" / "state") / "surefoot"


def system_world(folder: Path | None = None) -> World:
    """The real world; `folder` is where storage keeps its files (default: `state_folder`)."""
    return World(SystemClock(), SystemEntropy(), FileStorage(folder or state_folder()))
