"""An asyncio event loop whose clock jumps to the next timer: 1000 virtual seconds take no time.

Everything runs in one thread and in one order, decided by the program alone: timers with equal deadlines
fire in the order in which they were made (asyncio's own heap does not promise that), and tasks and futures
hash by a counter (asyncio keeps tasks in sets, which iterate by address otherwise). Connections come from the
network the loop is given; threads, subprocesses and real sockets are refused.
"""

import asyncio
import heapq
import math
import socket
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context, ContextVar
from itertools import count
from types import CoroutineType
from typing import Any, NoReturn, Protocol, TypeVar

from surefoot.errors import Misuse, SurefootError

_T = TypeVar("_T")
_SPIN_LIMIT = 100_000

ProtocolFactory = Callable[[], asyncio.BaseProtocol]


class Stalled(SurefootError):
    """The run cannot end: tasks wait and no timer is set, time stands still, or the limit is reached."""


class Life:
    """One life of a host. When it ends, what it had planned never happens, not even ``finally`` blocks.

    `before_step`, if it is set, is told the number of each step that this life takes in the loop, before it
    is taken: a step leads from one await to the next.
    """

    __slots__ = ("alive", "before_step", "host", "number", "steps")

    def __init__(self, host: str, number: int) -> None:
        self.host = host
        self.number = number
        self.alive = True
        self.steps = 0
        self.before_step: Callable[[int], object] | None = None


LIFE: ContextVar[Life | None] = ContextVar("LIFE", default=None)
"""Whose code is running; set by a host's first task and inherited by everything it starts."""


class Streets(Protocol):
    """What the loop asks of a network."""

    async def connect(self, factory: ProtocolFactory, host: str, port: int) -> tuple[Any, Any]: ...
    def listen(self, factory: ProtocolFactory, host: str | None, port: int) -> asyncio.AbstractServer: ...
    def lookup(self, host: str) -> str: ...


class _Timer(asyncio.TimerHandle):
    """A timer in a total order: by deadline, then by the order of making."""

    __slots__ = ("number",)
    number: int
    _when: float

    def __lt__(self, other: "_Timer") -> bool:  # type: ignore[override]
        return (self._when, self.number) < (other._when, other.number)


class _Future(asyncio.Future[Any]):
    def __init__(self, *, loop: "VirtualLoop", number: int) -> None:
        self._number = number
        super().__init__(loop=loop)

    def __hash__(self) -> int:
        return self._number


class _Task(asyncio.Task[Any]):
    def __init__(
        self,
        coro: Coroutine[Any, Any, Any] | Generator[Any, Any, Any],
        *,
        loop: "VirtualLoop",
        number: int,
        name: str | None,
        context: Context | None,
    ) -> None:
        self._number = number  # before anything asks for the hash
        self.life = LIFE.get() if context is None else context.get(LIFE)
        super().__init__(coro, loop=loop, name=name or f"Task-{number}", context=context)

    def __hash__(self) -> int:
        return self._number


def _refused(what: str) -> Callable[..., NoReturn]:
    def refuse(*_args: object, **_options: object) -> NoReturn:
        raise Misuse(f"loop.{what}: the virtual loop has no threads, files, processes or real sockets")

    return refuse


class VirtualLoop(asyncio.BaseEventLoop):
    """The loop. `network` answers create_connection, create_server and getaddrinfo.

    Raises `Stalled` out of ``run_until_complete`` when tasks wait and no timer is set, and when virtual time
    would pass `limit_s`.
    """

    # What BaseEventLoop keeps; named here because the loop's own turn (`_run_once`) is ours.
    _ready: deque[asyncio.Handle]
    _scheduled: list[_Timer]
    _stopping: bool
    _thread_id: int | None

    def __init__(self, network: Streets | None = None) -> None:
        super().__init__()
        self.network = network
        self.counts_lives = False
        self.limit_s = math.inf
        self._now_s = 0.0
        self._turns_without_time = 0
        self._numbers = count()

    def __del__(self) -> None:
        """A loop that holds nothing of the system's may be dropped without being closed."""

    def time(self) -> float:
        """Virtual seconds since the start of the run."""
        return self._now_s

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """A timer; equal deadlines keep the order of the calls."""
        self._check_closed()  # type: ignore[attr-defined]
        timer = _Timer(when, callback, args, self, context)
        timer.number = next(self._numbers)
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True  # type: ignore[attr-defined]
        return timer

    def call_soon_threadsafe(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """As call_soon, from the loop's own thread only."""
        if self._thread_id not in {None, threading.get_ident()}:
            raise Misuse("call_soon_threadsafe from another thread: the virtual loop knows one thread only")
        return self.call_soon(callback, *args, context=context)

    def create_future(self) -> asyncio.Future[Any]:
        """A future that hashes by a counter."""
        return _Future(loop=self, number=next(self._numbers))

    def create_task(  # type: ignore[override]
        self,
        coro: Coroutine[Any, Any, Any],
        *,
        name: str | None = None,
        context: Context | None = None,
        eager_start: bool | None = None,
    ) -> asyncio.Task[Any]:
        """A task that hashes by a counter; raises `Misuse` for eager tasks."""
        self._check_closed()  # type: ignore[attr-defined]
        if eager_start:
            raise Misuse("eager tasks are not part of the virtual loop")
        return _Task(coro, loop=self, number=next(self._numbers), name=name, context=context)

    def _run_once(self) -> None:
        """One turn: jump if nothing is ready, make due timers ready, run what was ready at the start."""
        self._jump()
        while self._scheduled and self._scheduled[0]._when <= self._now_s:
            timer = heapq.heappop(self._scheduled)
            timer._scheduled = False  # type: ignore[attr-defined]
            self._ready.append(timer)
        for _ in range(len(self._ready)):
            handle = self._ready.popleft()
            if not handle.cancelled() and (not self.counts_lives or _may_run(handle)):
                handle._run()

    def _jump(self) -> None:
        while self._scheduled and self._scheduled[0].cancelled():
            heapq.heappop(self._scheduled)._scheduled = False  # type: ignore[attr-defined]
        self._turns_without_time += 1
        if self._ready or self._stopping:
            if self._turns_without_time > _SPIN_LIMIT:
                self._turns_without_time = 0
                raise Stalled(f"time stands still at {self._now_s:.6f} s: {_names(self)} never rest")
            return
        if not self._scheduled:
            raise Stalled(f"no timer is set at {self._now_s:.6f} s: {_names(self)} wait for ever")
        if self._scheduled[0]._when > self.limit_s:
            raise Stalled(f"not done within {self.limit_s} s: {_names(self)} go on and on")
        if self._scheduled[0]._when > self._now_s:
            self._now_s = self._scheduled[0]._when
            self._turns_without_time = 0

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers leave the heap when they reach its top."""

    def _write_to_self(self) -> None:
        """Nobody sleeps in a selector, so nobody has to be woken."""

    async def create_connection(
        self,
        protocol_factory: ProtocolFactory,
        host: str | None = None,
        port: int | None = None,
        *,
        ssl: object = None,
        family: int = 0,
        proto: int = 0,
        flags: int = 0,
        sock: object = None,
        local_addr: object = None,
        server_hostname: str | None = None,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
        happy_eyeballs_delay: float | None = None,
        interleave: int | None = None,
        all_errors: bool = False,
    ) -> tuple[Any, Any]:
        """Connect through the simulated network; raises OSErrors as real sockets do."""
        _plain_tcp_only(ssl, sock)
        if host is None or port is None:
            raise Misuse("create_connection: the virtual loop needs a host and a port")
        return await self._streets().connect(protocol_factory, host, port)

    async def create_server(  # type: ignore[override]
        self,
        protocol_factory: ProtocolFactory,
        host: str | None = None,
        port: int | None = None,
        *,
        family: int = 0,
        flags: int = 0,
        sock: object = None,
        backlog: int = 100,
        ssl: object = None,
        reuse_address: bool | None = None,
        reuse_port: bool | None = None,
        keep_alive: bool | None = None,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
        start_serving: bool = True,
    ) -> asyncio.AbstractServer:
        """Listen on the host whose code is running."""
        _plain_tcp_only(ssl, sock)
        return self._streets().listen(protocol_factory, host, port or 0)

    async def getaddrinfo(  # type: ignore[override]
        self, host: str, port: int, *, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[tuple[Any, ...]]:
        """The simulated address of a simulated host."""
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (self._streets().lookup(host), port))]

    def _streets(self) -> Streets:
        if self.network is None:
            raise Misuse("this virtual loop has no network; give it one: VirtualLoop(network)")
        return self.network

    run_in_executor = _refused("run_in_executor")  # type: ignore[assignment]
    add_reader = add_writer = _refused("add_reader")  # type: ignore[assignment]
    add_signal_handler = _refused("add_signal_handler")  # type: ignore[assignment]
    sock_connect = sock_recv = sock_sendall = sock_accept = _refused("sock_*")
    subprocess_exec = subprocess_shell = _refused("subprocess_*")
    create_datagram_endpoint = _refused("create_datagram_endpoint")
    create_unix_connection = create_unix_server = _refused("create_unix_*")
    set_task_factory = _refused("set_task_factory")


def _may_run(handle: asyncio.Handle) -> bool:
    """Whether nobody's code or that of the living is next; a life counts the step, and may end before it."""
    life: Life | None = handle._context.get(LIFE)  # type: ignore[attr-defined]
    if life is None:
        return True
    if life.before_step is not None and life.alive:
        life.steps += 1
        life.before_step(life.steps)
    return life.alive


def _plain_tcp_only(ssl: object, sock: object) -> None:
    if ssl:
        raise Misuse("TLS is not simulated; use http:// and ws:// URLs (TLS is tested on real sockets)")
    if sock is not None:
        raise Misuse("real sockets are not part of the virtual loop")


def living_tasks(loop: asyncio.AbstractEventLoop) -> list["_Task"]:
    """Unfinished tasks of the living, in the order in which they were made."""
    tasks = [task for task in asyncio.all_tasks(loop) if isinstance(task, _Task)]
    return sorted((task for task in tasks if task.life is None or task.life.alive), key=hash)


def timers(loop: VirtualLoop, life: Life) -> list[str]:
    """What this life has set a timer for, in words."""
    return [
        f"a timer for {getattr(one._callback, '__qualname__', one._callback)} at {one._when:.3f} s"  # type: ignore[attr-defined]
        for one in sorted(loop._scheduled)
        if not one.cancelled() and one._context.get(LIFE) is life  # type: ignore[attr-defined]
    ]


def describe(task: asyncio.Task[Any]) -> str:
    """A task by name, the coroutines that wait for each other in it, and the line of the innermost."""
    names, where = [], ""
    step: object = task.get_coro()
    while isinstance(step, CoroutineType) and step.cr_frame is not None:
        code = step.cr_code
        names.append(code.co_name)
        where = f", {'/'.join(code.co_filename.rsplit('/', 2)[-2:])}:{step.cr_frame.f_lineno}"
        step = step.cr_await
    return f"{task.get_name()} ({' > '.join(names)}{where})"


def _names(loop: VirtualLoop) -> str:
    return ", ".join(map(describe, living_tasks(loop))) or "no task"


def run(main: Coroutine[Any, Any, _T], network: Streets | None = None) -> _T:
    """Run one coroutine in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(network)) as runner:
        return runner.run(main)
