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

    def first(self, laws: frozenset[str]) -> str | None:
        """The first of these laws that did not hold."""
        return next((law for law, _ in self.breaches if law in laws), None)

    def words(self, law: str) -> str:
        """The first breach of the law, in a line."""
        return next(f"{law}: {text.splitlines()[-1]}" for broken, text in self.breaches if broken == law)
