"""What a platter holds of what was submitted, read as it grows."""

from collections.abc import Iterator
from typing import Any

import msgspec

from surefoot.execution.entries import Submitted
from surefoot.execution.journal import read
from surefoot.simulation.disk import Platter


class Records:
    """The committed submissions of one journal: `by_id` every client order id in them, those of legs too."""

    def __init__(self, platter: Platter) -> None:
        self._platter = platter
        self._read = 0
        self._by_id: dict[str, Submitted] = {}
        self._all: list[Submitted] = []

    @property
    def by_id(self) -> dict[str, Submitted]:
        """By every id that they give."""
        self._catch_up()
        return self._by_id

    @property
    def all(self) -> list[Submitted]:
        """In order."""
        self._catch_up()
        return self._all

    def _catch_up(self) -> None:
        rows = self._platter.rows
        for row in rows[self._read :]:
            if row.kind == "submitted":
                entry = read(row)
                assert isinstance(entry, Submitted)
                self._all.append(entry)
                self._by_id |= dict.fromkeys(ids_of(entry), entry)
        self._read = len(rows)


def ids_of(entry: Submitted) -> Iterator[str]:
    """Every client order id that a submission gives: its own, and those of its orders."""
    yield entry.id
    request: dict[str, Any] = msgspec.json.decode(entry.request)
    for name, value in request.items():
        spelt = name.replace("_", "").lower()
        gives = spelt.endswith("clientorderid") and "orig" not in spelt and not spelt.startswith("cancel")
        if gives and value != entry.id:
            yield value
