"""A position that takes late executions where they belong (pure).

After a gap newer executions are heard before the missed ones are read. Average cost depends on the order, so
the newest executions of a symbol are kept, and one that comes late is put in its place.
"""

from bisect import bisect_right
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from surefoot.errors import Misuse
from surefoot.execution.days import Gain
from surefoot.execution.fills import Fill
from surefoot.execution.positions import Position, after, folded
from surefoot.rules.quantise import EXACT, ZERO
from surefoot.spot.enums import Side

KEPT_FILLS = 64
"""As many executions of a symbol may come before an older one: then the older one is taken as if it came
right before all that are kept.
"""


class Trail(msgspec.Struct, frozen=True):
    """The position `before` the `kept` executions, these, and the position `now`."""

    before: Position
    now: Position
    kept: tuple[Fill, ...] = ()


class Trails(dict[str, Trail]):
    """By symbol. Raises `Misuse` for a symbol that is not there."""

    def __missing__(self, symbol: str) -> Trail:
        raise Misuse(f"{symbol} was never listed: say what it trades before its first execution")


class Step(msgspec.Struct, frozen=True):
    """A trail with one more execution: what earned differently before is `undone`, and `done` instead."""

    trail: Trail
    undone: list[Gain]
    done: list[Gain]


def begun(symbol: str, base: str, quote: str) -> Trail:
    """A symbol of which nothing was traded."""
    position = Position(symbol=symbol, base=base, quote=quote)
    return Trail(position, position)


def step(trail: Trail, fill: Fill) -> Step:
    """`fill` in its place among the kept executions, by trade id."""
    at = bisect_right(trail.kept, _place(fill), key=_place)
    earlier, later = trail.kept[:at], trail.kept[at:]
    since = folded(trail.before, earlier) if later else trail.now
    now, done = _gains(since, (fill, *later))
    longer = Trail(trail.before, now, (*earlier, fill, *later))
    return Step(_shortened(longer), _gains(since, later)[1], done)


def _place(fill: Fill) -> tuple[int, bool]:
    """Who trades with themselves buys before they sell."""
    return fill.trade_id, fill.side is Side.SELL


def _shortened(trail: Trail) -> Trail:
    surplus = len(trail.kept) - KEPT_FILLS
    if surplus <= 0:
        return trail
    gone, kept = trail.kept[:surplus], trail.kept[surplus:]
    return replace(trail, before=folded(trail.before, gone), kept=kept)


def _gains(position: Position, fills: Iterable[Fill]) -> tuple[Position, list[Gain]]:
    gains = []
    for fill in fills:
        now = after(position, fill)
        gains.append(_gain(position, now, fill))
        position = now
    return position, gains


def _gain(had: Position, now: Position, fill: Fill) -> Gain:
    apart = fill.commission_asset not in (now.base, now.quote)
    return Gain(
        fill.time_ms,
        now.quote,
        EXACT.subtract(now.realised, had.realised),
        fill.commission_asset,
        fill.commission if apart else ZERO,
    )
