"""Crashes of real processes: real sockets, real files, SIGKILL."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

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
AT_ONCE = 5
_SLOW_MS, _LAG_MS = 700, 1_000
_SLACK_MS = 4_000
_AWAY_S = 0.05
_LONGEST_S = 60


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
    room = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, case: Case, disk: Disk) -> Outcome:
        async with room:
            began_s = time.monotonic()
            place = postgres if disk is Disk.POSTGRES else str(folder / f"{number}.db")
            playing = Playing(case, f"crash-{os.getpid()}-{number}", place)
            async with asyncio.timeout(_LONGEST_S):
                wrong = [text async for text in playing.run(number, folder / "state" / str(number))]
            outcome = Outcome(case, disk, playing.kills, tuple(wrong), time.monotonic() - began_s)
        tell(outcome)
        return outcome

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(number, *case)) for number, case in enumerate(cases)]
    return [task.result() for task in tasks]


class Playing:
    """One case, with an exchange and a street of its own in this process, and its traders in others."""

    def __init__(self, case: Case, name: str, journal: str) -> None:
        self.case = case
        self.kills = 0
        self._name, self._journal = name, journal
        self._process: asyncio.subprocess.Process | None = None

    async def run(self, number: int, state: Path) -> AsyncIterator[str]:
        """All lives; then what did not hold."""
        system = system_world()
        world = World(system.clock, SeededEntropy(f"crash/{number}"), system.storage)
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(
                assemble(world, symbols=("BTCUSDT",), liquidity=Liquidity.NONE, limits="generous")
            )
            venue = Venue(server, lambda work: work())
            proxy = await stack.enter_async_context(self._street(server.port))
            errand = self._errand(venue, proxy.port, number)
            report = None
            for step in (self.case.step, self.case.then):
                if step is not None:
                    report = await self._live(msgspec.structs.replace(errand, step=step), state)
                    venue.nibble(self._name)
                    await asyncio.sleep(_AWAY_S)
            report = await self._live(errand, state)
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
        if not self.kills and self._process is not None and self._process.returncode is None:
            self._process.kill()

    def _errand(self, venue: Venue, port: int, number: int) -> Errand:
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
            commit_s=number % 8 * 0.000_3,
            quick=True,
        )

    async def _live(self, errand: Errand, state: Path) -> Report | None:
        """One life; None where it was killed. Raises `RuntimeError` for any other end."""
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.crash.trading"),
            cwd=ROOT,
            env={**os.environ, "XDG_STATE_HOME": str(state)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            said, complaint = await process.communicate(msgspec.json.encode(errand))
        finally:
            if process.returncode is None:
                process.kill()
        if process.returncode == -signal.SIGKILL:
            self.kills += 1
            return None
        if process.returncode:
            raise RuntimeError(f"{self.case}: {complaint.decode()[-4000:]}")
        return msgspec.json.decode(said, type=Report)

    async def _rows(self) -> list[Row]:
        store = store_of(self._journal, self._name)
        await store.open()
        try:
            return [row async for rows in store.rows(0) for row in rows]
        finally:
            await store.close()
