"""What is played: the scenes, and the sections of the board with what their numbers mean."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from benchmarks.chaos import answers, calls, orders, streams
from benchmarks.chaos.board import Finding, Section
from benchmarks.chaos.cast import Play

_QUICK_S = 30.0

SECTIONS = (
    Section(
        key=orders.DUPLICATES,
        title="Duplicates",
        meaning="orders at the exchange beside the one that was meant; a MARKET and a LIMIT order a line. "
        "Only the first attempt meets the fault.",
    ),
    Section(
        key=orders.UNSAID,
        title="Unknown, and not said",
        meaning="errors after which nobody knows whether the order exists, and neither the documentation of "
        "the error's class nor its words say so; or a call that is still waiting after 40 s.",
    ),
    Section(
        key=orders.NAMELESS,
        title="Exists, and not named",
        meaning="errors about an order that exists which do not carry its client order id as a field. The "
        "program gave no id of its own; one that does has it.",
    ),
    Section(
        key=streams.DEAF,
        title="Deaf streams",
        meaning="seconds until everything is told again, or `deaf` when nothing is at the end: after 30 s "
        "(reset), 90 s (half-open: the connection stays open and is dead), 50 s (serverShutdown, and the "
        "end of the connection 20 s later).",
    ),
    Section(
        key=streams.LOST,
        title="Lost fills",
        meaning="fills that the user stream never told, and no error, gap or end announced: a warning covers "
        "what came before it and 10 s after it, the word that a stream has ended everything after it.",
    ),
    Section(
        key=calls.BANNED,
        title="Calls during a ban",
        meaning=f"requests that reach the exchange while it answers 418 or 429 with Retry-After "
        f"{calls.RETRY_AFTER_S}, after the first: the program goes on calling, ten times a second.",
    ),
    Section(
        key=calls.CLOCK,
        title="Calls lost to clocks",
        meaning="signed reads that fail although only the clocks differ: the exchange's is ahead (+) or "
        "behind (-).",
    ),
    Section(
        key=answers.HALVES,
        title="Half-done cancelReplace",
        meaning="the old order was not cancelled, the new one is live; its order id is a field of the error "
        "(`typed`), or only in a raw body or text, or nowhere (`hidden`).",
    ),
    Section(
        key=answers.NUMBERS,
        title="Numbers refused",
        meaning="quantities from float arithmetic that the exchange refuses as they arrive. surefoot takes "
        "no float and refuses before anything is sent; ccxt rounds.",
    ),
)


class Scene(NamedTuple):
    """What every client plays; `long_s` is about how long it takes, `ahead_ms` how wrong the clock is."""

    name: str
    act: Callable[[Play], list[Finding]]
    long_s: float = 5.0
    ahead_ms: float = 0


def scenes(*, quick: bool = False) -> list[Scene]:
    """All of them; the quick ones are those that need not wait for silence."""
    listed = [*_of_orders(), *_of_streams(), *_of_calls()]
    listed += [Scene("cancelReplace", answers.replaced), Scene("numbers", answers.numbered)]
    return [scene for scene in listed if not (quick and scene.long_s > _QUICK_S)]


def _of_orders() -> Iterator[Scene]:
    for mishap in orders.MISHAPS:
        long_s = 60.0 if mishap.fault == orders.SILENCE else 2.0
        yield Scene(mishap.name, partial(orders.placed, mishap=mishap), long_s)


def _of_streams() -> Iterator[Scene]:
    for stream in streams.STREAMS:
        for trouble in streams.TROUBLES:
            act = partial(streams.listened, stream=stream, trouble=trouble)
            yield Scene(f"{stream} stream, {trouble.name}", act, trouble.watched_s)


def _of_calls() -> Iterator[Scene]:
    for status in (418, 429):
        yield Scene(f"HTTP {status}", partial(calls.banned, status=status))
    for by_ms in (5000, -5000):
        yield Scene(f"{by_ms:+} ms, start", partial(calls.ahead, by_ms=by_ms), ahead_ms=by_ms)
    for by_ms in (5000, -5000):
        yield Scene(f"{by_ms:+} ms", partial(calls.stepped, by_ms=by_ms))
