"""What every actor does: reads one JSON line a question, acts, prints one JSON line about it.

A question is `{"id", "part", "verb", "args"}`. A `part` is one client object; ``open`` makes it, and every
other verb is a method of it. An answer is a `Told`. What streams say meanwhile is kept by an `Ear` and
asked for with ``heard``. Standard output belongs to the answers alone.
"""

import asyncio
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Protocol

import msgspec

SYMBOL = "BTCUSDT"
_DEEP, _LONG = 9, 100
_PATIENCE_S = 40.0
_WORDS = "execution status unknown"


class Told(msgspec.Struct, kw_only=True):
    """What a call came to, as the program that made it sees it.

    Of an error: its class and text, whether it `says_unknown` (its documentation or its words say that nobody
    knows whether it happened) or `says_absent` (a field of its own says that it did not happen), and its
    `facts`: every value that it carries as a field of its own.
    """

    ok: bool
    kind: str = ""
    text: str = ""
    says_unknown: bool = False
    says_absent: bool = False
    facts: list[str] = []


class Note(msgspec.Struct, kw_only=True):
    """One thing that a stream told at `at` (seconds since 1970): a trade by its id, or that all is not well.

    With `over` it said that it will tell nothing more.
    """

    at: float
    trade: int | None = None
    words: str = ""
    over: bool = False


class Waiting(Exception):
    """For a call that neither returns nor raises."""


class InBand(Exception):
    """For a client that returns what went wrong, instead of raising it: its words."""


class Ear:
    """Keeps what a stream tells."""

    def __init__(self) -> None:
        self.notes: list[Note] = []

    def trade(self, number: int) -> None:
        """A trade was told."""
        self.notes.append(Note(at=time.time(), trade=number))

    def warned(self, words: object, *, over: bool = False) -> None:
        """The program was told that something is wrong: an error, an exception, a gap, a lost connection."""
        self.notes.append(Note(at=time.time(), words=str(words)[:200], over=over))


class Part(Protocol):
    """One client object. Its methods raise what the client raises."""

    async def order(self, kind: str) -> object: ...
    async def order_ws(self, kind: str) -> object: ...
    async def read(self) -> object: ...
    async def replace(self) -> object: ...
    async def number(self, quantity: float) -> object: ...
    async def listen(self, stream: str, ear: Ear) -> None: ...
    async def close(self) -> None: ...


Opens = Callable[[Mapping[str, Any]], Awaitable[Part]]
Knows = Callable[[BaseException], bool]


class Stage:
    """The parts that are on, and what their streams have told."""

    def __init__(self, opens: Opens, knows: Knows) -> None:
        self._opens, self._knows = opens, knows
        self._parts: dict[str, Part] = {}
        self._ears: dict[str, Ear] = {}

    async def act(self, question: Mapping[str, Any]) -> Any:
        """Do what one question asks."""
        part, verb, args = question["part"], question["verb"], question["args"]
        try:
            if verb == "open":
                self._parts[part] = await self._opens(args[0])
            elif verb == "listen":
                self._ears[part] = Ear()
                await self._parts[part].listen(args[0], self._ears[part])
            elif verb == "heard":
                return self._ears[part].notes
            else:
                await _in_time(getattr(self._parts[part], verb)(*args))
        except Exception as error:
            return told(error, self._knows)
        return Told(ok=True)


async def _in_time(call: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(_PATIENCE_S) as patience:
            await call
    except TimeoutError:
        if patience.expired():
            raise Waiting(f"neither an answer nor an error within {_PATIENCE_S:.0f} s") from None
        raise


def told(error: BaseException, knows: Knows) -> Told:
    """An error as its program sees it."""
    says = knows(error) or _WORDS in str(error).lower()
    facts = sorted({str(value) for value in _scalars(error, _DEEP) if len(str(value)) < _LONG})
    return Told(
        ok=False,
        kind=type(error).__name__,
        text=str(error)[:400],
        says_unknown=says,
        says_absent=getattr(error, "happened", None) == "no",
        facts=facts,
    )


def _scalars(value: Any, depth: int) -> Iterator[object]:
    """Numbers and texts that hang on a value as fields; not those that would have to be parsed out of one."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        yield value
    elif depth and isinstance(value, Mapping):
        for item in value.values():
            yield from _scalars(item, depth - 1)
    elif depth and isinstance(value, list | tuple):
        for item in value:
            yield from _scalars(item, depth - 1)
    elif depth and isinstance(value, msgspec.Struct):
        yield from _scalars(msgspec.structs.asdict(value), depth - 1)
    elif depth == _DEEP and isinstance(value, BaseException):
        yield from _scalars([value.args, vars(value)], depth)


def run(opens: Opens, knows: Knows) -> None:
    """Answer until standard input ends."""
    logging.disable(logging.CRITICAL)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever else prints
    asyncio.run(_run(Stage(opens, knows), answers))
    os._exit(0)  # threads and half-open sockets would go on


async def _run(stage: Stage, answers: Any) -> None:
    loop, questions = asyncio.get_running_loop(), asyncio.Queue[str]()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(questions.put_nowait, line)
        loop.call_soon_threadsafe(questions.put_nowait, "")

    async def answer(question: Mapping[str, Any]) -> None:
        said = msgspec.to_builtins(await stage.act(question))
        print(json.dumps({"id": question["id"], "said": said}), file=answers, flush=True)

    threading.Thread(target=read, daemon=True).start()
    print(json.dumps({"id": 0, "said": "ready"}), file=answers, flush=True)
    tasks = set()
    while line := await questions.get():
        task = asyncio.create_task(answer(json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
