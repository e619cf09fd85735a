"""What is asked of the process that plays, and what it tells."""

from typing import Literal

import msgspec


class Drawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The story that a seed stands for."""

    seed: int
    level: Literal["none", "light", "heavy"]


class Verdict(msgspec.Struct, frozen=True):
    """How one story went: its `options` in full, and each breach as law and text."""

    options: msgspec.Raw
    breaches: tuple[tuple[str, str], ...]

    @property
    def laws(self) -> frozenset[str]:
        """Those that did not hold."""
        return frozenset(law for law, _ in self.breaches)

    def words(self, laws: frozenset[str]) -> str:
        """The first breach of one of these laws, or the first of any, in short."""
        found = [each for each in self.breaches if each[0] in laws] or list(self.breaches)
        return f"{found[0][0]}: {found[0][1].splitlines()[-1]}" if found else "nothing"
