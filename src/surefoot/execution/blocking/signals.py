"""The kill signal of a trader that lives on another thread: the system gives signals to the main one."""

import signal
import threading
from collections.abc import Callable
from types import FrameType

from surefoot.errors import Misuse


def watch_signal(number: int | None, kill: Callable[[str], object]) -> Callable[[], None]:
    """Calls `kill` when the signal comes, also while the main thread waits; returns what ends that. Raises
    `Misuse` outside the main thread.
    """
    if number is None:
        return _nothing
    if threading.current_thread() is not threading.main_thread():
        raise Misuse(f"kill_signal {number}: signals belong to the main thread, so open the trader there")

    def heard(number: int, frame: FrameType | None) -> None:
        kill(f"signal {number}")

    before = signal.signal(number, heard)
    return lambda: _restore(number, before)


def _nothing() -> None:
    """There is nothing to end."""


def _restore(number: int, before: object) -> None:
    if threading.current_thread() is threading.main_thread():
        signal.signal(number, before)  # type: ignore[arg-type]
