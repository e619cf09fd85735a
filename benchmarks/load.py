"""A large exchangeInfo from its bytes to what a client keeps: how long it takes, how much memory it holds."""

from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, process_time

import msgspec

from benchmarks.chunks import one_by_one
from benchmarks.figures import Worked

_CHUNK = 2
_PAGE_MB = 4096 / 2**20


def body(port: int) -> bytes:
    """The answer, fetched once."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/large")
    return connection.getresponse().read()


def loaded(once: Callable[[], object], seconds: float) -> Worked:
    """Time it, and weigh one result: what the process holds more than before.

    Where one alone takes longer than `seconds`, that one is the figure.
    """
    before, began, worked_s = _resident_mb(), perf_counter(), process_time()
    kept = once()
    took_s, busy_s = perf_counter() - began, process_time() - worked_s
    weight = _resident_mb() - before
    if took_s > seconds:
        return Worked(wall_us=took_s * 1e6, cpu_us=busy_s * 1e6, operations=1, kept_mb=weight)
    worked = one_by_one(once, seconds, _CHUNK)
    del kept
    return msgspec.structs.replace(worked, kept_mb=weight)


def _resident_mb() -> float:
    statistics = Path("/proc/self/statm")
    return int(statistics.read_text().split()[1]) * _PAGE_MB if statistics.exists() else 0.0


def surefoot(seconds: float, port: int) -> Worked:
    """What surefoot's client does with the body."""
    from surefoot.codec.rest import decode_answer
    from surefoot.spot.general import GetExchangeInfo

    request, answer = GetExchangeInfo(), body(port)
    return loaded(lambda: decode_answer(request, answer), seconds)
