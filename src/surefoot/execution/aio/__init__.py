"""The asynchronous trader: the shell around the flows and machines of `execution`."""

from surefoot.execution.aio.brackets import BracketHandle
from surefoot.execution.aio.events import Events, Overrun
from surefoot.execution.aio.handles import ListHandle, OrderHandle
from surefoot.execution.aio.options import TraderOptions
from surefoot.execution.aio.trader import Trader

__all__ = ["BracketHandle", "Events", "ListHandle", "OrderHandle", "Overrun", "Trader", "TraderOptions"]
