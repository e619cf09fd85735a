"""What SQLite says is wrong, as sentences with a next step."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from surefoot.errors import JournalError

_DAMAGED = "is damaged: keep it as it is and restore a copy; nothing was changed"
_SENTENCES = {
    "SQLITE_BUSY": "is locked by another program: close what else writes it, and start again",
    "SQLITE_CANTOPEN": "cannot be opened: look whether its folder is there and may be read and written",
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_FULL": "has no more room on its disk: make room, and start again; what was committed is safe",
    "SQLITE_IOERR": "cannot be read or written (is the disk full, or failing?); what was committed is safe",
    "SQLITE_NOTADB": "is no SQLite database: name another file, or restore a copy",
    "SQLITE_PERM": "may not be used: look at its owner and its mode",
    "SQLITE_READONLY": "may not be written: look at the owner and the mode of the file and its folder",
}


def ailment(path: Path, error: sqlite3.Error) -> JournalError:
    """What `error` means for the journal at `path`."""
    name = getattr(error, "sqlite_errorname", "")
    primary = "_".join(name.split("_")[:2])  # SQLITE_IOERR_WRITE is an SQLITE_IOERR
    sentence = _SENTENCES.get(primary, "cannot be used")
    return JournalError(f"{path} {sentence} ({error})")


@contextmanager
def diagnosed(path: Path) -> Iterator[None]:
    """Within, what SQLite or the system raises becomes a `JournalError` about `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise ailment(path, error) from error
    except OSError as error:
        raise JournalError(f"{path} cannot be used: {error}") from error
