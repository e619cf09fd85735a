"""The stories that failed once: each passes now, and still finds the defect that it was kept for."""

from typing import Any

import pytest

from surefoot.execution import cancelling, resync
from surefoot.execution.aio.stories import Stories
from surefoot.execution.shelf import Shelf
from surefoot.simulation.trading.archive import stories
from surefoot.simulation.trading.running import play
from surefoot.values import UNSET

KEPT = stories()


async def _no_lists(port: Any) -> None:
    return


async def _grouped(self: Any, *error: Any) -> None:
    for task in (*self._stories, *self._chores):
        task.cancel()
    await self._group.__aexit__(*error)


DEFECTS: dict[str, list[tuple[Any, str, Any]]] = {
    "banned-while-opening": [(Stories, "__aexit__", _grouped)],
    "cancelled-under-another-name": [(cancelling, "cancel_id_of", lambda id: UNSET)],
    "leg-that-ended-unheard": [(Shelf, "leg", lambda self, *_: None), (resync, "read_lists", _no_lists)],
    "list-known-by-its-orders": [(Shelf, "numbered", lambda self, *_: None)],
}


@pytest.mark.parametrize("name", KEPT)
def test_it_passes(name: str) -> None:
    outcome, _ = play(KEPT[name].options)
    assert not outcome.breaches


@pytest.mark.parametrize("name", DEFECTS)
def test_it_finds_what_it_was_kept_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for where, what, instead in DEFECTS[name]:
        monkeypatch.setattr(where, what, instead)
    outcome, _ = play(KEPT[name].options)
    assert KEPT[name].law in {breach.law for breach in outcome.breaches}
