"""Plays every scene with every client, many at the same time, and puts the findings together."""

import tempfile
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.chaos.board import Board, Finding
from benchmarks.chaos.cast import ROLES, Actor, Role, cast, play, versions
from benchmarks.chaos.programme import SECTIONS, Scene, scenes
from benchmarks.processes import Run

_AT_ONCE = 24
"""Scenes at the same time: most of them wait."""


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
