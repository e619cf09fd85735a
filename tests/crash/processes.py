"""Crashes of real processes: real sockets, real files, SIGKILL."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from surefoot.exchange.assembly import assemble
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.execution.journal import Row
from surefoot.execution.sql.store import store_of
from surefoot.testing.proxy import Delay, FaultProxy, Rule, Strike
from surefoot.world import SeededEntropy, World, system_world
from tests.crash.cases import OPERATIONS, Action, Case, Fault, Step, case_of, harms, rules
from tests.crash.judge import Played, judged
from tests.crash.pairs import pairwise
from tests.crash.trading import Errand, Report
from tests.crash.venue import Venue

ROOT = Path(__file__).parents[2]
AT_ONCE = 8
_SLOW_MS, _LAG_MS = 700, 1_000
_SLACK_MS = 4_000
_AWAY_S = 0.05
_LONGEST_S = 120
_LONGEST_REPORT = 1 << 20


class Disk(StrEnum):
    """Where the journal is."""

    SQLITE = "SQLite"
    POSTGRES = "PostgreSQL"


class Outcome(NamedTuple):
    """What became of a case: how often the trader was killed, what did not hold, how long it took."""

    case: Case
    disk: Disk
    kills: int
    wrong: tuple[str, ...]
    took_s: float

    @property
    def verdict(self) -> str:
        """In a line."""
        return "; ".join(self.wrong) or "exactly once"


def few() -> list[tuple[Case, Disk]]:
    """Every pair of step, fault, action and disk."""
    cases = pairwise(list(Step), list(Fault), list(Action), list(Disk))
    return [(case_of(step, action, fault), disk) for step, fault, action, disk in cases]


def everything() -> list[tuple[Case, Disk]]:
    """Every combination."""
    return [
        (case_of(step, action, fault), disk)
        for step in Step
        for fault in Fault
        for action in Action
        for disk in Disk
    ]


async def play(
    cases: Sequence[tuple[Case, Disk]], folder: Path, postgres: str, tell: Callable[[Outcome], object] = bool
) -> list[Outcome]:
    """Play these, some at once; the outcomes in the order of the cases."""
    left = list(enumerate(cases))[::-1]
    outcomes: dict[int, Outcome] = {}

    async def some(place: int) -> None:
        async with Nursery(folder / f"state-{place}") as nursery:
            while left:
                number, (case, disk) = left.pop()
                journal = postgres if disk is Disk.POSTGRES else str(folder / f"{number}.db")
                outcomes[number] = await _one(Playing(case, number, journal, nursery), disk)
                tell(outcomes[number])

    async with asyncio.TaskGroup() as group:
        for place in range(AT_ONCE):
            group.create_task(some(place))
    return [outcomes[number] for number in range(len(cases))]


async def _one(playing: "Playing", disk: Disk) -> Outcome:
    began_s = time.monotonic()
    try:
        async with asyncio.timeout(_LONGEST_S):
            wrong = [text async for text in playing.run()]
    except TimeoutError:
        wrong = [f"not done after {_LONGEST_S} s"]
        await playing.nursery.renew()
    return Outcome(playing.case, disk, playing.kills, tuple(wrong), time.monotonic() - began_s)


class Nursery:
    """A process that begets traders, one after the other (`trading.main`)."""

    def __init__(self, state: Path) -> None:
        self._environment = {**os.environ, "XDG_STATE_HOME": str(state)}
        self._process: asyncio.subprocess.Process
        self.child: int | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.crash.trading"),
            cwd=ROOT,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_REPORT,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self.kill()
        self._process.kill()
        await self._process.communicate()

    async def renew(self) -> None:
        """Another process, for one that does not come to an end."""
        await self.__aexit__()
        await self.__aenter__()

    def kill(self) -> None:
        """Kill the trader, where there is one."""
        if self.child is not None:
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(self.child, signal.SIGKILL)

    async def live(self, errand: Errand) -> Report | int:
        """One life: its report, or how it ended before it had one."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(errand) + b"\n")
        self.child = int(await process.stdout.readline())
        said = await process.stdout.readline()
        self.child = None
        if not said.startswith(b"{"):
            return int(said)
        await process.stdout.readline()
        return msgspec.json.decode(said, type=Report)


class Playing:
    """One case, with an exchange and a street of its own in this process, and its traders in others."""

    def __init__(self, case: Case, number: int, journal: str, nursery: Nursery) -> None:
        self.case, self.nursery = case, nursery
        self.kills = 0
        self._number, self._journal = number, journal
        self._name = f"crash-{os.getpid()}-{number}"

    async def run(self) -> AsyncIterator[str]:
        """All lives; then what did not hold."""
        system = system_world()
        world = World(system.clock, SeededEntropy(f"crash/{self._number}"), system.storage)
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(
                assemble(world, symbols=("BTCUSDT",), liquidity=Liquidity.NONE, limits="generous")
            )
            venue = Venue(server, lambda work: work())
            proxy = await stack.enter_async_context(self._street(server.port))
            errand = self._errand(venue, proxy.port)
            for step in (self.case.step, self.case.then):
                if step is not None:
                    await self._live(msgspec.structs.replace(errand, step=step))
                    venue.nibble(self._name)
                    await asyncio.sleep(_AWAY_S)
            report = await self._live(errand)
            if report is None:
                yield "the last life was killed as well"
                return
            rows = await self._rows()
            for wrong in judged(Played(venue.truth(self._name), rows, report, errand), _SLACK_MS):
                yield wrong

    def _street(self, port: int) -> FaultProxy:
        proxy = FaultProxy("127.0.0.1", port)
        if self.case.step is Step.SENT:
            proxy.told = self._sent
            proxy.add(Rule(harm=Delay(), words=OPERATIONS[self.case.action][1]))
        for harm in harms(self.case):
            proxy.add(harm)
        return proxy

    def _sent(self, _strike: Strike) -> None:
        if not self.kills:
            self.nursery.kill()

    def _errand(self, venue: Venue, port: int) -> Errand:
        account = venue.open(self._name)
        venue.fail(rules(self.case, self._name, slow_ms=_SLOW_MS, lag_ms=_LAG_MS))
        place = f"127.0.0.1:{port}"
        return Errand(
            rest=f"http://{place}",
            ws_api=f"ws://{place}/ws-api/v3",
            ws=f"ws://{place}",
            api_key=account.ed25519_api_key,
            private_key=account.ed25519_private_key.reveal(),
            account=self._name,
            action=self.case.action,
            journal=self._journal,
            commit_s=self._number % 8 * 0.000_3,
            lagging=self.case.fault is Fault.LAG,
            quick=True,
        )

    async def _live(self, errand: Errand) -> Report | None:
        """One life; None where it was killed. Raises `RuntimeError` for any other end."""
        end = await self.nursery.live(errand)
        if isinstance(end, Report):
            return end
        if end != -signal.SIGKILL:
            raise RuntimeError(f"{self.case}: the trader ended with {end}; see its complaint above")
        self.kills += 1
        return None

    async def _rows(self) -> list[Row]:
        store = store_of(self._journal, self._name)
        await store.open()
        try:
            return [row async for rows in store.rows(0) for row in rows]
        finally:
            await store.close()
