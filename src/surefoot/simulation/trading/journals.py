"""A journal judged by itself: whole, and at each moment what the trader believed then."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec

from surefoot.execution import entries
from surefoot.execution.fills import Fill
from surefoot.execution.journal import Checkpoint, Row, read
from surefoot.execution.policy import Policy
from surefoot.execution.views import Views
from surefoot.simulation.disk import Platter
from surefoot.simulation.trading.courts import Court, Law
from surefoot.simulation.trading.forward import Forward
from surefoot.world import Entropy

_SHARE = 0.04


def digest(views: Views) -> str:
    """The same for the same beliefs, in whatever order they were come by. How far the audit has judged is no
    belief: it is asked at moments that are in no journal.
    """
    state = msgspec.json.decode(views.checkpoint())
    del state["books"]["audit"]
    return sha256(msgspec.json.encode(_ordered(state), order="deterministic")).hexdigest()


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _ordered(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return sorted((_ordered(inner) for inner in value), key=_text)
    return value


def _text(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


class Moments:
    """What a trader believed at some moments, drawn by dice: before which row, and a digest of its views."""

    def __init__(self, dice: Entropy) -> None:
        self.seen: list[tuple[Row, str]] = []
        self._dice = dice

    def note(self, views: Views, row: Row) -> None:
        """This row is being written down, and not folded yet."""
        if self._dice.uniform() < _SHARE:
            self.seen.append((row, digest(views)))


class Folded:
    """A journal folded again from its first row. `fills` are all that it tells, `entries` are all of it."""

    def __init__(self, platter: Platter, policy: Policy) -> None:
        self.views = Views(policy)
        self.fills: list[Fill] = []
        self.entries: list[entries.AnyEntry] = []
        self._platter = platter
        self._forward: Forward

    def judge(self, court: Court, name: str, moments: Moments) -> None:
        """Fold it all, and compare it with what was believed on the way."""
        rows = self._platter.rows
        self._forward = Forward(name)
        court.hear(Law.WHOLE, len(rows), _holes(rows, name))
        kept = {row.seq: row for row in rows}
        seen: dict[int, list[str]] = {}
        for row, believed in moments.seen:
            if kept.get(row.seq) == row:
                seen.setdefault(row.seq, []).append(believed)
        checkpoints = {one.seq: one for one in self._platter.checkpoints}
        for row in rows:
            for believed in seen.get(row.seq, ()):
                text = f"{name}: the journal up to {row.seq - 1} gives other views than there were"
                court.check(Law.PREFIX, digest(self.views) == believed, text)
            self._fold(row)
            if row.seq in checkpoints:
                self._resume(court, name, checkpoints[row.seq], digest(self.views))
        for one in checkpoints.values():
            self._rest(court, name, one)
        court.hear(Law.FORWARD, self._forward.looked, self._forward.broken)

    def _fold(self, row: Row) -> None:
        entry = read(row)
        self.entries.append(entry)
        news = self.views.apply(entry)
        self.fills += news.fills
        self._forward.look(entry, news, self.views)

    def _resume(self, court: Court, name: str, checkpoint: Checkpoint, here: str) -> None:
        """A checkpoint is the fold up to it."""
        views = Views(self.views.policy)
        views.restored(checkpoint.body)
        text = f"{name}: the checkpoint {checkpoint.seq} is not the journal up to there"
        court.check(Law.CHECKPOINT, digest(views) == here, text)

    def _rest(self, court: Court, name: str, checkpoint: Checkpoint) -> None:
        """With what follows, it is the whole fold."""
        views = Views(self.views.policy)
        views.restored(checkpoint.body)
        for row in self._platter.rows:
            if row.seq > checkpoint.seq:
                views.apply(read(row))
        text = f"{name}: the checkpoint {checkpoint.seq} and what follows is not the whole journal"
        court.check(Law.CHECKPOINT, digest(views) == digest(self.views), text)


def _holes(rows: list[Row], name: str) -> Iterator[str]:
    for expected, row in enumerate(rows, 1):
        if row.seq != expected:
            yield f"{name}: entry {row.seq} follows {expected - 1}"
            return
