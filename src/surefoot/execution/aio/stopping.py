"""The kill switch: nothing new leaves from that moment on, and what is open is cancelled at once (ORDER-6).

It needs no journal: what it does is written down as well as possible, and a full disk stops no cancel. A
file works where nothing else does; while it exists, trading stays stopped.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from surefoot.errors import Misuse
from surefoot.execution import entries
from surefoot.execution.aio.options import TraderOptions
from surefoot.execution.aio.port import ClientPort
from surefoot.execution.bracket import BracketState
from surefoot.execution.bracketing import withdraw_bracket
from surefoot.execution.cancelling import PATIENCE_MS, cancel
from surefoot.execution.records import OrderRecord

_LOOK_S = 0.5


def trip(port: ClientPort, reason: str) -> None:
    """Nothing new leaves from now on."""
    port.note(entries.Tripped(at_ms=port.now_ms(), reason=reason))


def arm(port: ClientPort, options: TraderOptions, reason: str) -> None:
    """An operator allows trading again; raises `Misuse` while the kill file exists."""
    if (path := _kill_file(options)) is not None and path.exists():
        raise Misuse(f"trading is stopped as long as {path} exists: remove it first")
    port.note(entries.Armed(at_ms=port.now_ms(), reason=reason))


async def cancel_all(port: ClientPort, symbol: str | None = None) -> tuple[OrderRecord, ...]:
    """Cancel every order of the trader's, at once; those that are in flight as soon as they are there. The
    brackets are cancelled, too, as by their owner. Returns what became of the orders; raises the first
    failure after all have been tried.
    """
    brackets = port.views.brackets
    withdrawn = [one.id for one in brackets.unfinished() if symbol in {None, one.plan.symbol}]
    for id in withdrawn:
        withdraw_bracket(port, id)
    orders = port.views.orders.shelf.active.values()
    ids = [order.id for order in orders if order.own and symbol in {None, order.symbol}]
    ends = await asyncio.gather(*(cancel(port, id) for id in ids), return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end
    await port.until(lambda: all(_is_idle(port, id) for id in withdrawn), port.now_ms() + PATIENCE_MS)
    return tuple(end for end in ends if isinstance(end, OrderRecord))


def _is_idle(port: ClientPort, id: str) -> bool:
    """Whether a bracket places nothing any more; what it sells at the market has to wait while trading is
    stopped.
    """
    record = port.views.brackets.get(id)
    waits = port.views.tripped is not None and record is not None and record.state is BracketState.CLOSING
    return record is None or record.is_over or waits


async def watch_file(options: TraderOptions, kill: Callable[[str], object]) -> None:
    """Calls `kill` whenever the file appears."""
    path, was_there = _kill_file(options), False
    while path is not None:
        there = path.exists()
        if there and not was_there:
            kill(f"the file {path} exists")
        was_there = there
        await asyncio.sleep(_LOOK_S)


def watch_signal(options: TraderOptions, kill: Callable[[str], object]) -> Callable[[], None]:
    """Calls `kill` when the signal comes; returns what ends that. Raises `Misuse` outside the main thread."""
    signal, loop = options.kill_signal, asyncio.get_running_loop()
    if signal is None:
        return lambda: None
    try:
        loop.add_signal_handler(signal, lambda: kill(f"signal {signal}"))
    except (RuntimeError, ValueError, NotImplementedError) as error:
        raise Misuse(f"kill_signal {signal}: {error} (signals belong to the main thread)") from None
    return lambda: _unwatch(loop, signal)


def _unwatch(loop: asyncio.AbstractEventLoop, signal: int) -> None:
    loop.remove_signal_handler(signal)


def _kill_file(options: TraderOptions) -> Path | None:
    return None if options.kill_file is None else Path(options.kill_file)
