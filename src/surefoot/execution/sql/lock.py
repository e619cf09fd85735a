"""One process writes a file: the lock that the system takes back when its holder ends, however it ends."""

import os
import sys
from pathlib import Path

from surefoot.errors import JournalError

if sys.platform == "win32":
    import msvcrt

    def _seize(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # far behind the text, which others may then read
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _free(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _seize(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _free(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # a fork has the descriptor too, and closing ours would not do


class FileLock:
    """Held from `take` to `release`, on a file beside the one that is meant. The file stays."""

    def __init__(self, beside: Path) -> None:
        self._meant = beside
        self._path = beside.with_name(beside.name + ".lock")
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises `JournalError` where somebody holds it, or where there can be none."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise JournalError(
                f"{self._path} cannot be made, so nothing can be written here: {error}"
            ) from error
        try:
            _seize(descriptor)
        except OSError as error:
            holder = os.read(descriptor, 20).decode(errors="replace").strip()
            os.close(descriptor)
            raise JournalError(self._taken(holder)) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Let somebody else have it."""
        if self._descriptor is not None:
            _free(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None

    def _taken(self, holder: str) -> str:
        if holder == str(os.getpid()):
            return f"{self._meant} is already open in this process: one trader writes a journal"
        by = f"process {holder}" if holder else "another process"
        return f"{self._meant} is written by {by}: one trader writes a journal; stop that one first"
