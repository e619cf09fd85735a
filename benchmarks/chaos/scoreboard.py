"""Plays every scene with every client, many at the same time, and puts the findings together."""

import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.chaos import answers, calls, orders, streams
from benchmarks.chaos.board import Board, Finding, Section
from benchmarks.chaos.cast import ROLES, Actor, Play, Role, cast, play, versions
from benchmarks.processes import Run

_AT_ONCE = 16
"""Scenes at the same time: most of them wait."""

SECTIONS = (
    Section(
        key=orders.DUPLICATES,
        title="Duplicates",
        meaning="orders at the exchange beside the one that was meant; one MARKET and one LIMIT order a line. "
        "Only the first attempt meets the fault.",
    ),
    Section(
        key=orders.UNSAID,
        title="Unknown, and not said",
        meaning="errors after which nobody knows whether the order exists, and neither the documentation of "
        "the error's class nor its words say so.",
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
        "(reset), 90 s (half-open), 50 s (serverShutdown).",
    ),
    Section(
        key=streams.LOST,
        title="Lost fills",
        meaning="fills that the user stream never told, and no error, gap or end announced: a warning covers "
        "what came before it and 5 s after it, the word that a stream has ended everything after it.",
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
        meaning="the old order was not cancelled, the new one is live; whether its order id is a field of the "
        "error (`typed`), or only in a raw body or text, or nowhere (`hidden`).",
    ),
    Section(
        key=answers.NUMBERS,
        title="Numbers refused",
        meaning="quantities from float arithmetic that the exchange refuses as they arrive. surefoot takes no "
        "float: it refuses before anything is sent; ccxt rounds.",
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
    listed = [
        *(Scene(one.name, partial(orders.placed, mishap=one), 30.0) for one in orders.MISHAPS),
        *(
            Scene(
                f"{stream} stream, {one.name}",
                partial(streams.listened, stream=stream, trouble=one),
                one.watched_s,
            )
            for stream in ("user", "market")
            for one in streams.TROUBLES
        ),
        *(Scene(f"HTTP {status}", partial(calls.banned, status=status)) for status in (418, 429)),
        *(
            Scene(f"{by_ms:+} ms, start", partial(calls.ahead, by_ms=by_ms), ahead_ms=by_ms)
            for by_ms in (5000, -5000)
        ),
        *(Scene(f"{by_ms:+} ms", partial(calls.stepped, by_ms=by_ms)) for by_ms in (5000, -5000)),
        Scene("cancelReplace", answers.replaced),
        Scene("numbers", answers.numbered),
    ]
    silent = {"answer lost, silence", "WebSocket API, silence"}
    return [one for one in listed if not quick or (one.long_s <= 30.0 and one.name not in silent)]


def measure(run: Run, roles: tuple[Role, ...] = ROLES) -> list[Board]:
    """The scoreboard of these clients."""
    with tempfile.TemporaryDirectory() as logs, cast(roles, Path(logs)) as actors:
        played, failed = _played(run, actors, scenes(quick=run.quick))
    today = datetime.now(UTC).date()
    notes = (f"played on {today} against {versions(roles)}", *failed)
    title = "chaos: what goes wrong with the same faults, counted at the exchange"
    return [Board(title=title, sections=SECTIONS, findings=played, notes=notes)]


def _played(
    run: Run, actors: tuple[Actor, ...], listed: list[Scene]
) -> tuple[dict[str, tuple[Finding, ...]], list[str]]:
    order = sorted(range(len(listed)), key=lambda number: -listed[number].long_s)
    found: dict[str, dict[int, list[Finding]]] = {actor.role.name: {} for actor in actors}
    failed = []
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        under_way: dict[Future[list[Finding]], tuple[str, int]] = {}
        for number in order:
            for actor in actors:
                future = threads.submit(_scene, actor, listed[number])
                under_way[future] = (actor.role.name, number)
        for done, future in enumerate(as_completed(under_way), 1):
            name, number = under_way[future]
            run.tell(f"chaos: {done} of {len(under_way)}: {name}: {listed[number].name}")
            if (error := future.exception()) is not None:
                failed.append(f"{name}: {listed[number].name}: could not be played: {error}")
            else:
                found[name][number] = future.result()
    return {name: tuple(_in_order(by.items())) for name, by in found.items()}, failed


def _in_order(by_number: Iterable[tuple[int, list[Finding]]]) -> Iterable[Finding]:
    for _, findings in sorted(by_number, key=lambda item: item[0]):
        yield from findings


def _scene(actor: Actor, scene: Scene) -> list[Finding]:
    with play(actor, f"{scene.name}/{id(scene)}", ahead_ms=scene.ahead_ms) as played:
        return scene.act(played)
