"""What every script here does: reads one JSON line a call, makes the call, prints one JSON line about it.

A question is `{"id", "name", "args", "kwargs"}`, an answer `{"id", "name", "ok", "value" | "error", "said"}`.
`said` is what the client warned of or logged since the last answer. The first line out, with the name
"ready", lists what the client offers. Standard output belongs to the answers alone.
"""

import asyncio
import dataclasses
import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

Calls = Mapping[str, Callable[..., Any]]

SAID: list[str] = []
_answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # whatever else prints


class _Listening(logging.Handler):
    def __init__(self, ignored: str | None) -> None:
        super().__init__(logging.WARNING)
        self._ignored = ignored

    def emit(self, record: logging.LogRecord) -> None:
        said = f"{record.levelname} {record.name}: {record.getMessage()}"
        if self._ignored is None or self._ignored not in said:
            SAID.append(said)


def listen_in(ignored: str | None = None) -> None:
    """From now on hear warnings, and log records from WARNING on. Call it after the imports."""
    warnings.simplefilter("default")
    warnings.showwarning = lambda message, category, *_: SAID.append(f"{category.__name__}: {message}")
    logging.getLogger().addHandler(_Listening(ignored))


def settings() -> dict[str, Any]:
    """The first line of standard input: where the exchange is, and the account's keys."""
    return json.loads(sys.stdin.readline())


def plain(value: Any) -> Any:
    """What JSON has no word for, in words that it has."""
    if hasattr(value, "model_dump"):
        return value.model_dump(by_alias=True, exclude_none=True)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, set | tuple | frozenset):
        return list(value)
    return repr(value)


def _say(question: Mapping[str, Any], **more: Any) -> None:
    said, SAID[:] = list(SAID), []
    answer = {"id": question["id"], "name": question["name"], **more, "said": said}
    print(json.dumps(answer, default=plain), file=_answers, flush=True)


def _error(error: BaseException) -> dict[str, Any]:
    return {"type": type(error).__name__, "text": str(error), "code": getattr(error, "code", None)}


def ready(offers: Any) -> None:
    """Say that calls may come."""
    _say({"id": 0, "name": "ready"}, ok=True, value=sorted(offers))


def serve(calls: Calls, offers: Any = ()) -> None:
    """Answer until standard input ends, one call after the other."""
    ready(offers)
    for line in sys.stdin:
        question = json.loads(line)
        try:
            value = calls[question["name"]](*question["args"], **question["kwargs"])
        except Exception as error:
            _say(question, ok=False, error=_error(error))
        else:
            _say(question, ok=True, value=value)


async def serve_async(calls: Calls, offers: Any = ()) -> None:
    """The same on an event loop: every call is a task of its own, so answers may overtake each other."""
    loop, questions = asyncio.get_running_loop(), asyncio.Queue[str]()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(questions.put_nowait, line)
        loop.call_soon_threadsafe(questions.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()
    ready(offers)
    tasks = set()
    while line := await questions.get():
        task = asyncio.create_task(_answered(json.loads(line), calls))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _answered(question: Mapping[str, Any], calls: Calls) -> None:
    try:
        value = calls[question["name"]](*question["args"], **question["kwargs"])
        if isinstance(value, Awaitable):
            value = await value
    except Exception as error:
        _say(question, ok=False, error=_error(error))
    else:
        _say(question, ok=True, value=value)


class Methods(Mapping[str, Callable[..., Any]]):
    """An object's methods as calls, and `more` that the script adds or puts in their place."""

    def __init__(self, target: Any, more: Calls = {}, then: Callable[[Any], Any] | None = None) -> None:  # noqa: B006
        self._target, self._more, self._then = target, more, then

    def __getitem__(self, name: str) -> Callable[..., Any]:
        if name in self._more:
            return self._more[name]
        method = getattr(self._target, name)
        if self._then is None:
            return method
        return lambda *args, **kwargs: self._finish(method(*args, **kwargs))

    def _finish(self, value: Any) -> Any:
        if isinstance(value, Awaitable):
            return self._finish_later(value)
        return self._then(value)

    async def _finish_later(self, value: Awaitable[Any]) -> Any:
        return self._then(await value)

    def __iter__(self) -> Any:
        return iter(dir(self._target))

    def __len__(self) -> int:
        return len(dir(self._target))


def functions(kind: type, *, but: tuple[str, ...] = ()) -> list[str]:
    """The public methods that a class defines, without those that begin with `but`."""
    found = (name for name in dir(kind) if callable(getattr(kind, name)))
    return [name for name in found if not name.startswith(("_", *but))]
