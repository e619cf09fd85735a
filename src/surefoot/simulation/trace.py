"""The ordered trace of a run: everything that crossed the network, and its hash."""

from collections.abc import Iterator
from hashlib import sha256

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """One happening: virtual microseconds, kind, connection number, from, to, size and digest of bytes."""

    time_us: int
    kind: str
    connection: int
    source: str
    target: str
    size: int
    digest: str

    def __str__(self) -> str:
        return (
            f"{self.time_us / 1e6:13.6f} {self.kind:<10} #{self.connection:<3} "
            f"{self.source} > {self.target} {self.size} {self.digest}"
        )


class Trace:
    """Collects entries and keeps their running hash."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._hash = sha256()

    def add(
        self, time_s: float, kind: str, connection: int, street: tuple[str, str], data: bytes = b""
    ) -> None:
        """Append one entry; of the bytes only size and digest are kept."""
        digest = sha256(data).hexdigest()[:16] if data else "-"
        entry = Entry(round(time_s * 1e6), kind, connection, *street, len(data), digest)
        self._entries.append(entry)
        self._hash.update(f"{entry}\n".encode())

    @property
    def hash(self) -> str:
        """sha256 of everything so far: equal for equal runs."""
        return self._hash.hexdigest()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)
