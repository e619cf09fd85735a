"""Looks for a story that catches a mutation: one that breaks a law with it, and none without it."""

from collections.abc import Iterator
from typing import NamedTuple

from tools.mutants.mutation import Mutation
from tools.mutants.player import Player, Stuck
from tools.mutants.verdict import Drawn, Verdict

_LEVELS = ("light", "heavy", "heavy")


class Catch(NamedTuple):
    """The seed that caught it, what it said, and how many were tried."""

    drawn: Drawn
    verdict: Verdict
    tried: int


def stories(seeds: int, first: int = 1) -> Iterator[Drawn]:
    """As many seeds, most of them with heavy faults."""
    for seed in range(first, first + seeds):
        yield Drawn(seed, _LEVELS[seed % len(_LEVELS)])  # type: ignore[arg-type]


def caught(
    mutation: Mutation, planted: Player, sound: Player, seeds: int, first: int = 1
) -> tuple[Catch | None, dict[str, int]]:
    """The first story that catches it by one of its laws; and how often others complained."""
    besides: dict[str, int] = {}
    for tried, drawn in enumerate(stories(seeds, first), 1):
        try:
            verdict = planted.play(drawn)
        except Stuck:
            besides["stuck"] = besides.get("stuck", 0) + 1
            continue
        if not verdict.breaches or sound.play(verdict.options).breaches:
            continue
        if verdict.laws & mutation.laws:
            return Catch(drawn, verdict, tried), besides
        for law in verdict.laws:
            besides[law] = besides.get(law, 0) + 1
    return None, besides
