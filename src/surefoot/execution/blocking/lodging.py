"""How a trader lives on the loop thread, and what whoever waits for its stories there is told."""

from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from surefoot.client.aio.guest import Guest
from surefoot.errors import LeftOpen
from surefoot.execution.aio import Trader

R = TypeVar("R")
_GOES_ON = "it goes on all the same, and the journal remembers it: look at `open_orders` and `doubts`"
_CLOSED = "the trader was closed while this was on its way; the next start on its journal finds out"


class Lodging:
    """One trader's, shared by all that is handed out of it."""

    def __init__(self, trader: Trader) -> None:
        self.trader = trader
        self.guest = Guest("trader", trader)

    def told(self, story: Coroutine[Any, Any, R]) -> R:
        """The end of a story that acts. What interrupts the waiting does not interrupt the story, and says
        so; raises `LeftOpen` where the trader is closed before that.
        """
        future = self.guest.start(story)
        try:
            return future.result()
        except CancelledError:
            raise LeftOpen(_CLOSED) from None
        except KeyboardInterrupt as interrupt:
            if not future.done():
                interrupt.add_note(_GOES_ON)
            raise

    def read(self, look: Callable[[Trader], R]) -> R:
        """What `look` returns; all that it reads is of one moment. A closed trader can still be read."""
        if self.guest.is_over:
            return look(self.trader)
        return self.guest.call(lambda: look(self.trader))
