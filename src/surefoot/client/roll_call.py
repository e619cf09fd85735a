"""Which subscriptions a connection has lost, by what the exchange lists (pure)."""

from collections.abc import Collection, Iterable


class RollCall:
    """Calls the roll of one connection; `before` is that of the connection before it.

    What was never listed on this connection, nor on the one before, is not lost: then it is the list that
    does not show it.
    """

    def __init__(self, before: "RollCall | None" = None) -> None:
        self._unlisted: set[str] = set() if before is None else before._unlisted
        self._listed: set[str] = set()

    def lost(self, carried: Iterable[str], listed: Collection[str]) -> tuple[str, ...]:
        """Of what the connection should carry, what it has lost; `listed` is what the exchange says."""
        absent = [name for name in carried if name not in listed]
        lost = tuple(name for name in absent if name in self._listed or name not in self._unlisted)
        self._listed.update(listed)
        self._unlisted.clear()
        self._unlisted.update(absent)
        return lost
