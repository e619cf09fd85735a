"""The trader for who blocks: the asynchronous one, on the process's private loop thread (ADR 14)."""

from surefoot.execution.blocking.events import BlockingTraderEvents
from surefoot.execution.blocking.handles import BlockingBracketHandle, BlockingOrderHandle
from surefoot.execution.blocking.trader import BlockingTrader

__all__ = ["BlockingBracketHandle", "BlockingOrderHandle", "BlockingTrader", "BlockingTraderEvents"]
