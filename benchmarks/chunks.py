"""Timing inside a worker: the run is cut into chunks, and the quiet quartile of the chunks is what counts."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from time import perf_counter, perf_counter_ns, process_time_ns

from benchmarks.figures import Worked, quiet

SIZE = 100
_SLICE_NS = 150_000_000
_LOOK_EVERY = 15


class Chunks:
    """Collects chunks until the time is up; the first one only warms up."""

    def __init__(self, seconds: float) -> None:
        self._until = perf_counter() + seconds
        self._wall_us: list[float] = []
        self._cpu_us: list[float] = []
        self._operations = -1

    def wanted(self) -> bool:
        """Whether there is time for another chunk. Call it right before one."""
        self._cpu_began = process_time_ns()
        return len(self._wall_us) == 0 or perf_counter() < self._until

    def took(self, wall_ns: float, operations: int) -> None:
        """A chunk is done: nanoseconds of one operation, and how many there were."""
        if self._operations < 0:
            self._operations = 0
            return
        self._operations += operations
        self._wall_us.append(wall_ns / 1e3)
        self._cpu_us.append((process_time_ns() - self._cpu_began) / operations / 1e3)

    def worked(self) -> Worked:
        """The quiet quartile of what was collected."""
        return Worked(wall_us=quiet(self._wall_us), cpu_us=quiet(self._cpu_us), operations=self._operations)


def one_by_one(once: Callable[[], object], seconds: float, size: int = SIZE) -> Worked:
    """Do it again and again, each timed by itself: a chunk counts with its median."""
    chunks = Chunks(seconds)
    while chunks.wanted():
        took_ns = []
        for _ in range(size):
            began = perf_counter_ns()
            once()
            took_ns.append(perf_counter_ns() - began)
        chunks.took(median(took_ns), size)
    return chunks.worked()


async def awaited_one_by_one(once: Callable[[], Awaitable[object]], seconds: float) -> Worked:
    """The same for something that is awaited."""
    chunks = Chunks(seconds)
    while chunks.wanted():
        took_ns = []
        for _ in range(SIZE):
            began = perf_counter_ns()
            await once()
            took_ns.append(perf_counter_ns() - began)
        chunks.took(median(took_ns), SIZE)
    return chunks.worked()


def together(many: Callable[[], int], seconds: float) -> Worked:
    """Time a call that does several operations and returns how many: a chunk counts with its mean."""
    chunks = Chunks(seconds)
    while chunks.wanted():
        began = perf_counter_ns()
        operations = many()
        chunks.took((perf_counter_ns() - began) / operations, operations)
    return chunks.worked()


async def in_flight(once: Callable[[], Awaitable[object]], lanes: int, seconds: float) -> Worked:
    """`lanes` tasks, each asking one after the other; a chunk counts with its mean."""
    chunks, each = Chunks(seconds), SIZE // 2

    async def lane() -> None:
        for _ in range(each):
            await once()

    while chunks.wanted():
        began = perf_counter_ns()
        async with asyncio.TaskGroup() as group:
            for _ in range(lanes):
                group.create_task(lane())
        chunks.took((perf_counter_ns() - began) / (lanes * each), lanes * each)
    return chunks.worked()


def fed(take: Callable[[bytes], object], seconds: float, made: Callable[[int], Sequence[bytes]]) -> Worked:
    """Time `take` for all that is `made`, batch after batch; making the next one is not counted."""
    chunks, number = Chunks(seconds), 0
    batch = made(number)
    while chunks.wanted():
        began = perf_counter_ns()
        for each in batch:
            take(each)
        chunks.took((perf_counter_ns() - began) / len(batch), len(batch))
        number += 1
        batch = made(number)
    return chunks.worked()


class Flow:
    """Counts what comes by itself until the time is up, then calls `done` once.

    Its chunks are slices of time, long against what any client reads at once or lets wait in its queues:
    a chunk counts with its mean.
    """

    def __init__(self, seconds: float, done: Callable[[], object]) -> None:
        self._seconds, self._done = seconds, done
        self._chunks: Chunks | None = None
        self._seen = 0
        self.over = False

    def hear(self, *_: object) -> None:
        """Something came."""
        self._seen += 1
        if not self._seen & _LOOK_EVERY:
            self._look()

    def _look(self) -> None:
        if self._chunks is None:
            self._begin(Chunks(self._seconds))
        elif not self.over and perf_counter_ns() - self._began > _SLICE_NS:
            self._chunks.took((perf_counter_ns() - self._began) / self._seen, self._seen)
            self._begin(self._chunks)

    def _begin(self, chunks: Chunks) -> None:
        if chunks.wanted():
            self._chunks, self._began, self._seen = chunks, perf_counter_ns(), 0
        else:
            self.over = True
            self._done()

    def worked(self) -> Worked:
        """The quiet quartile of the slices."""
        if self._chunks is None:
            raise AssertionError("nothing came")
        return self._chunks.worked()


def flow_of(seconds: float) -> tuple[Flow, asyncio.Future[None]]:
    """A flow, and what is done when it is over."""
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    return Flow(seconds, lambda: over.set_result(None)), over
