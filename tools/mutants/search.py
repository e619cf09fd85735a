"""Looks for a story that catches a mutation: one that breaks a law with it, and none without it."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from tools.mutants.mutation import Mutation
from tools.mutants.player import Player, Stuck
from tools.mutants.verdict import Drawn, Verdict

_LEVELS = ("light", "heavy", "heavy")


class Catch(NamedTuple):
    """The seed that caught it, the law that did not hold, and the verdict."""

    drawn: Drawn
    law: str
    verdict: Verdict

    @property
    def words(self) -> str:
        """What was said, in a line."""
        return self.verdict.words(self.law)


def stories(seeds: int, first: int = 1) -> Iterator[Drawn]:
    """As many seeds, most of them with heavy faults."""
    for seed in range(first, first + seeds):
        yield Drawn(seed, _LEVELS[seed % len(_LEVELS)])  # type: ignore[arg-type]


def caught(
    mutation: Mutation, planted: Player, sound: Player, seeds: int, first: int = 1
) -> tuple[Catch | None, Counter[str]]:
    """The first story that catches it by one of its laws; and how often others complained."""
    besides = Counter[str]()
    for drawn in stories(seeds, first):
        try:
            verdict = planted.play(drawn)
        except Stuck:
            besides["stuck"] += 1
            continue
        if not verdict.breaches or sound.play(verdict.options).breaches:
            continue
        if (law := verdict.first(mutation.laws)) is not None:
            return Catch(drawn, law, verdict), besides
        besides.update(verdict.laws)
    return None, besides
