"""Where a journal is: a path or `sqlite:///path`, or `postgresql://user@host/database`."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from surefoot.errors import Misuse

_SCHEME = re.compile(
    r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE
)  # two letters at least: one is a drive of Windows
_SQLITE = "sqlite:///"
_POSTGRES = {"postgresql", "postgres", "postgresql+asyncpg"}


def file_of(place: str | Path) -> Path | None:
    """The file that `place` names; None where it is in PostgreSQL. Raises `Misuse` for anything else."""
    if isinstance(place, Path):
        return place
    if place.startswith(_SQLITE):
        return Path(place.removeprefix(_SQLITE))
    if (scheme := _SCHEME.match(place)) is None:
        return Path(place)
    if scheme[1].lower() in _POSTGRES:
        return None
    raise Misuse(
        f"{scheme[1]}: journals are kept at a path, at sqlite:///path or at postgresql://host/database"
    )


def server_of(url: str) -> str:
    """`url` as PostgreSQL's own programs write it."""
    return "postgresql://" + url.split("://", 1)[1]


def without_secrets(url: str) -> str:
    """`url` as it may be shown: no user, no password, no options."""
    parts = urlsplit(url)
    return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"
