"""The edges of the process: standard streams that may be closed, full or ASCII only; and what ends it."""

import codecs
import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Self

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
_PLAINER = {"✓": "+", "✗": "x", "⟵": "<-", "→": "->", "×": "x", "…": "...", "·": "-"}
_ENDED = 128 + signal.SIGTERM


def open_standard_streams() -> None:
    """Closed descriptors 0 to 2 become the null device (or a socket would land there), and what a terminal
    cannot spell is spelt plainer.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for good
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for good
    codecs.register_error("plainer", _plainer)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # somebody put another kind of stream there
            stream.reconfigure(errors="plainer")  # type: ignore[union-attr]


def _plainer(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    letters = error.object[error.start : error.end]
    return "".join([_PLAINER.get(letter) or json.dumps(letter)[1:-1] for letter in letters]), error.end


def let_go_of_output() -> None:
    """Nobody reads standard output any more: what is still buffered goes nowhere, without a complaint."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@contextlib.contextmanager
def silent_interrupt() -> Iterator[None]:
    """While modules load, Ctrl+C simply ends the process; a traceback through imports helps nobody."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # ignored on purpose, as under nohup
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, before)


class Ending:
    """SIGTERM ends a command as Ctrl+C does, cleaning up on the way; `word` and `code` are what the process
    then says. Where Ctrl+C is ignored on purpose (under nohup), it still is.
    """

    def __init__(self) -> None:
        self.word, self.code = "interrupted", INTERRUPTED
        self._before = signal.getsignal(signal.SIGTERM)
        self._deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN

    def __enter__(self) -> Self:
        if self._before is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self._ended)
        if self._deaf:  # blocked is as good as ignored, and leaves event loops their way to be interrupted
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self._before)
        if self._deaf:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

    def _ended(self, number: int, frame: FrameType | None) -> None:
        self.word, self.code = "terminated", _ENDED
        interrupt = signal.getsignal(signal.SIGINT)
        assert callable(interrupt), "Ctrl+C has a handler, of Python's or of the event loop's"
        interrupt(signal.SIGINT, frame)
