"""Which executions are known already: each counts once, whichever way and however often it comes (pure)."""

import msgspec

_MOST = 2_048


class SeenTrades(msgspec.Struct):
    """The newest trade ids of one symbol. All up to `floor` count as known; None: nobody has looked yet."""

    floor: int | None = None
    ids: list[int] = []


class Seen:
    """By symbol. Bounded: of each it knows the newest; what is older than all of them was before this one."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._floors: dict[str, int] = {}
        self._ids: dict[str, dict[int, None]] = {}

    def is_new(self, symbol: str, trade_id: int) -> bool:
        """Whether this execution comes for the first time; it is known from then on."""
        ids = self._ids.setdefault(symbol, {})
        if trade_id in ids or trade_id <= self._floors.get(symbol, -1):
            return False
        ids[trade_id] = None
        if len(ids) > self._most:
            self._drop_half(symbol, ids)
        return True

    def newest(self, symbol: str) -> int | None:
        """The highest trade id that is known."""
        ids = self._ids.get(symbol)
        if ids:
            return max(ids)
        return self._floors.get(symbol)

    def begin(self, symbol: str, trade_id: int) -> None:
        """All executions up to that one were before anything that is remembered here."""
        self._floors[symbol] = max(trade_id, self._floors.get(symbol, -1))

    def symbols(self) -> list[str]:
        """Those of which anything is known."""
        return sorted({*self._ids, *self._floors})

    def state(self) -> dict[str, SeenTrades]:
        """For a checkpoint."""
        return {
            symbol: SeenTrades(self._floors.get(symbol), list(self._ids.get(symbol, ())))
            for symbol in self.symbols()
        }

    def restore(self, state: dict[str, SeenTrades]) -> None:
        """From a checkpoint."""
        self._floors = {symbol: seen.floor for symbol, seen in state.items() if seen.floor is not None}
        self._ids = {symbol: dict.fromkeys(seen.ids) for symbol, seen in state.items()}

    def _drop_half(self, symbol: str, ids: dict[int, None]) -> None:
        oldest = sorted(ids)[: self._most // 2]
        for trade_id in oldest:
            del ids[trade_id]
        self.begin(symbol, oldest[-1])
