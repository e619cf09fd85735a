"""What is told of a symbol although it does not happen in its book: block trades."""

from bisect import bisect_left
from collections.abc import Sequence

from surefoot.exchange.core.commands import BlockTrade

_KEPT = 10_000


class Besides:
    """Of one symbol; old block trades are forgotten."""

    __slots__ = ("_blocks", "_last_id")

    def __init__(self) -> None:
        self._blocks: list[BlockTrade] = []
        self._last_id = 0

    def block(self, symbol: str, price: int, qty: int, time_us: int, *, buyer_is_maker: bool) -> BlockTrade:
        """Remember a block trade (price and quantity at 1e-8) under the next id."""
        self._last_id += 1
        block = BlockTrade(symbol, self._last_id, price, qty, time_us, buyer_is_maker)
        self._blocks.append(block)
        if len(self._blocks) > _KEPT:
            del self._blocks[0]
        return block

    def blocks_from_id(self, block_id: int, limit: int) -> Sequence[BlockTrade]:
        """Block trades from that id on, oldest first."""
        first = bisect_left(self._blocks, block_id, key=_id)
        return self._blocks[first : first + limit]


def _id(block: BlockTrade) -> int:
    return block.id
