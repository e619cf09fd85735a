"""Which executions are known already: each counts once, whichever way and however often it comes (pure)."""

import msgspec

_MOST = 2_048
_OLD_MS = 120_000
"""What was told and read so long ago is not read again."""
_APART_MS = 30_000


class SeenTrades(msgspec.Struct):
    """The newest executions of one symbol, as keys (see `Seen`). All up to `floor` count as known; None:
    nobody has looked yet. `marks` say which trade id was the newest, and when.
    """

    floor: int | None = None
    ids: list[int] = []
    marks: list[tuple[int, int]] = []


class Seen:
    """By symbol. Bounded: of each it knows the newest; what is older than all of them was before this one.

    Who trades with themselves has two executions of one trade id, a BUY and a SELL: an execution's key is
    twice its trade id, and one more for a SELL.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._floors: dict[str, int] = {}
        self._ids: dict[str, dict[int, None]] = {}
        self._marks: dict[str, list[tuple[int, int]]] = {}

    def is_new(self, symbol: str, trade_id: int, *, sold: bool = False) -> bool:
        """Whether this execution comes for the first time; it is known from then on."""
        ids, key = self._ids.setdefault(symbol, {}), 2 * trade_id + sold
        if key in ids or key <= self._floors.get(symbol, -1):
            return False
        ids[key] = None
        if len(ids) > self._most:
            self._drop_half(symbol, ids)
        return True

    def newest(self, symbol: str) -> int | None:
        """The highest trade id that is known."""
        ids = self._ids.get(symbol)
        newest = max(ids) if ids else self._floors.get(symbol)
        return None if newest is None else newest // 2

    def knows(self, symbol: str) -> bool:
        """Whether anything is known of the symbol."""
        return symbol in self._floors or symbol in self._ids

    def begin(self, symbol: str, trade_id: int) -> None:
        """All executions up to that one were before anything that is remembered here, but for those that are
        known already. Only the first to say so is believed: later ones may have seen what came since.
        """
        if symbol not in self._floors:
            self._floors[symbol] = min([2 * trade_id + 1, *(key - 1 for key in self._ids.get(symbol, ()))])

    def mark(self, at_ms: int) -> None:
        """Everything was read just now."""
        for symbol in self.symbols():
            marks, newest = self._marks.setdefault(symbol, []), self.newest(symbol)
            if newest is not None and (not marks or at_ms - marks[-1][0] >= _APART_MS):
                marks.append((at_ms, newest))
            while len(marks) > 1 and marks[1][0] <= at_ms - _OLD_MS:
                del marks[0]

    def read_from(self, symbol: str, now_ms: int) -> int | None:
        """The trade id after which executions may be missing: not simply the newest, since an event may have
        overtaken what a gap hid, and reads lag behind. None where nobody has looked yet.
        """
        marks = self._marks.get(symbol, ())
        old = [trade_id for at_ms, trade_id in marks if at_ms <= now_ms - _OLD_MS]
        first = [*old[-1:], *(trade_id for _, trade_id in marks[:1])]
        if first:
            return first[0]
        floor = self._floors.get(symbol)
        return self.newest(symbol) if floor is None else floor // 2

    def symbols(self) -> list[str]:
        """Those of which anything is known."""
        return sorted({*self._ids, *self._floors})

    def state(self) -> dict[str, SeenTrades]:
        """For a checkpoint."""
        return {
            symbol: SeenTrades(
                self._floors.get(symbol), list(self._ids.get(symbol, ())), list(self._marks.get(symbol, ()))
            )
            for symbol in self.symbols()
        }

    def restore(self, state: dict[str, SeenTrades]) -> None:
        """From a checkpoint."""
        self._floors = {symbol: seen.floor for symbol, seen in state.items() if seen.floor is not None}
        self._ids = {symbol: dict.fromkeys(seen.ids) for symbol, seen in state.items()}
        self._marks = {symbol: list(seen.marks) for symbol, seen in state.items()}

    def _drop_half(self, symbol: str, ids: dict[int, None]) -> None:
        oldest = sorted(ids)[: self._most // 2]
        for key in oldest:
            del ids[key]
        self._floors[symbol] = oldest[-1]
