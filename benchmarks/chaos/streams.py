"""Streams that are cut, go silent, or are told that the server leaves, while alice's order is filled."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from benchmarks.chaos.actors.stage import Note
from benchmarks.chaos.board import Finding
from benchmarks.chaos.cast import Play
from benchmarks.chaos.venue import Venue
from surefoot.exchange.core.commands import Fill
from surefoot.exchange.faults import Cut, Mute, Where
from surefoot.exchange.faults.rules import Channel

STREAMS: tuple[Channel, ...] = ("user", "market")
DEAF, LOST = "deaf", "lost"
_PATIENCE_S, _PAUSE_S = 20.0, 0.2
_COVERS_S = 10.0
"""So long after a warning what is missed counts as announced: a reconnection takes a moment."""
_LAST = 3
"""A stream that missed the last so many fills is deaf."""
_LEAD_MS = 20_000


class Trouble(NamedTuple):
    """What befalls a stream, and how long it is watched then, with a fill every so often."""

    name: str
    befall: Callable[[Venue, Channel], object]
    watched_s: float
    every_s: float


def _cut(venue: Venue, stream: Channel) -> None:
    venue.fail(Cut("reset"), Where(on=stream))


def _mute(venue: Venue, stream: Channel) -> None:
    venue.fail(Mute(), Where(on=stream))


def _leave(venue: Venue, _: Channel) -> None:
    venue.shut_down(_LEAD_MS)


TROUBLES = (
    Trouble("connection reset", _cut, 30.0, 1.0),
    Trouble("half-open", _mute, 90.0, 2.0),
    Trouble("serverShutdown", _leave, 50.0, 1.0),
)


def listened(play: Play, stream: Channel, trouble: Trouble) -> list[Finding]:
    """Alice's order is filled again and again while her client listens; what was told of it?"""
    play.venue.want()
    play.part.must("listen", stream)
    _until_heard(play)
    known = len(play.venue.fills())
    since_s = time.time()
    trouble.befall(play.venue, stream)
    while time.time() - since_s < trouble.watched_s:
        play.venue.fill()
        time.sleep(trouble.every_s)
    time.sleep(_PAUSE_S)
    return judged(stream, trouble, play.venue.fills()[known:], play.part.heard(), since_s)


def judged(
    stream: str, trouble: Trouble, fills: Sequence[Fill], notes: Sequence[Note], since_s: float
) -> list[Finding]:
    """What the notes of a stream since `since_s` come to, beside the fills that there were."""
    told = {note.trade: note.at for note in notes if note.trade is not None}
    words = [f"after {note.at - since_s:.1f} s: {note.words}" for note in notes if note.words]
    deaf = not any(fill.trade_id in told for fill in fills[-_LAST:])
    back = "deaf" if deaf else f"{_back_s(fills, told, since_s):.0f} s"
    detail = " | ".join(words[:_LAST])
    name = f"{stream} stream, {trouble.name}"
    found = [Finding(section=DEAF, line=name, bad=int(deaf), of=1, shown=back, detail=detail)]
    if stream == "user":
        lost = sum(fill.trade_id not in told and not _announced(fill, notes) for fill in fills)
        found.append(Finding(section=LOST, line=trouble.name, bad=lost, of=len(fills), detail=detail))
    return found


def _back_s(fills: Sequence[Fill], told: Mapping[int, float], since_s: float) -> float:
    """When the first fill after the last one that was missed was told; at once, if none was missed."""
    missed = [number for number, fill in enumerate(fills) if fill.trade_id not in told]
    if not missed:
        return 0.0
    after = fills[missed[-1] + 1 :]
    return min((told[fill.trade_id] for fill in after), default=max(told.values())) - since_s


def _announced(fill: Fill, notes: Sequence[Note]) -> bool:
    """Whether the program was warned in time, or later, or that nothing more would come."""
    at = fill.time_us / 1e6
    return any(note.words and (note.over or note.at >= at - _COVERS_S) for note in notes)


def _until_heard(play: Play) -> None:
    """Some clients do not say when they have subscribed: fill until they tell it. Raises AssertionError."""
    until = time.time() + _PATIENCE_S
    while time.time() < until:
        play.venue.fill()
        time.sleep(_PAUSE_S)
        if any(note.trade is not None for note in play.part.heard()):
            return
    raise AssertionError("the stream told nothing before there was a fault")
