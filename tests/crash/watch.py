"""Watches a trader from outside, by its journal and by what it tells, and kills it at one step."""

import asyncio
from collections.abc import AsyncIterator, Callable

from surefoot.errors import JournalError
from surefoot.execution.journal import Checkpoint, Label, Row, Store
from surefoot.telemetry.observations import Observation, RequestSent
from tests.crash.cases import OF_PLACING, Step

_ANSWERS = frozenset({"placed", "listPlaced", "canceled", "inDoubt", "notPlaced"})
_READ = frozenset({"orderRead", "tradeRead"})
_CONCLUSIONS = frozenset({"resolved", "notPlaced"})


class Watch:
    """Kills where `step` is reached; the steps of placing count from `begin` on. Observes the client too."""

    def __init__(self, step: Step | None, kill: Callable[[], object], commit_s: float = 0.0) -> None:
        self.commit_s = commit_s
        self._step, self._kill = step, kill
        self._begun = self._submitted = False
        self._accounts = 0

    def begin(self) -> None:
        """The order that all this is about is placed now."""
        self._begun = True

    def reached(self, step: Step) -> None:
        """Kill, if this is the step."""
        if step is self._step and (self._begun or step not in OF_PLACING):
            self._step = None
            self._kill()

    def waits_for(self, step: Step) -> bool:
        """Whether this is the step."""
        return step is self._step and self._submitted

    def before(self, row: Row) -> None:
        """A row is about to be appended."""
        if row.kind == "submitted":
            self.reached(Step.MEANT)
        if self._submitted and row.kind in _ANSWERS:
            self.reached(Step.ANSWERED)
        if row.kind in _CONCLUSIONS and not self._submitted:
            self.reached(Step.RESOLVING)
        if row.kind == "accountRead":
            self._accounts += 1
            if self._accounts > 1:
                self.reached(Step.RESYNCING)

    def after(self, row: Row) -> None:
        """A row was appended."""
        if row.kind == "submitted" and self._begun:
            self._submitted = True
            self.reached(Step.APPENDED)
        if self._submitted and row.kind in _ANSWERS:
            self.reached(Step.NOTED)
        if row.kind in _READ:
            self.reached(Step.RESYNCING)

    def committed(self) -> None:
        """A commit is over."""
        if self._submitted:
            self.reached(Step.COMMITTED)

    def hears(self, kind: type[Observation]) -> bool:
        return kind is RequestSent

    def tell(self, observation: Observation) -> None:
        assert isinstance(observation, RequestSent)
        looks = observation.path in {"/api/v3/order", "/api/v3/orderList"} and observation.method == "GET"
        if looks and "origClientOrderId" in observation.params:
            self.reached(Step.RESOLVING)


class WatchedStore:
    """See `execution.journal.Store`: another one, watched."""

    def __init__(self, store: Store, watch: Watch) -> None:
        self._store, self._watch = store, watch
        self._commits: set[asyncio.Task[None]] = set()

    @property
    def failure(self) -> JournalError | None:
        return self._store.failure

    @failure.setter
    def failure(self, failure: JournalError | None) -> None:
        self._store.failure = failure

    async def open(self) -> Checkpoint | None:
        return await self._store.open()

    def label(self) -> Label | None:
        return self._store.label()

    async def christen(self, label: Label) -> None:
        await self._store.christen(label)

    async def rows(self, after: int) -> AsyncIterator[list[Row]]:
        async for rows in self._store.rows(after):
            yield rows[: len(rows) // 2]
            self._watch.reached(Step.REPLAYING)
            yield rows[len(rows) // 2 :]

    def append(self, row: Row) -> None:
        self._watch.before(row)
        self._store.append(row)
        self._watch.after(row)

    async def commit(self) -> None:
        if self._watch.waits_for(Step.COMMITTING):
            self._commits.add(asyncio.get_running_loop().create_task(self._store.commit()))
            await asyncio.sleep(self._watch.commit_s)
            self._watch.reached(Step.COMMITTING)
        await self._store.commit()
        self._watch.committed()

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        self._store.checkpoint(checkpoint)

    async def close(self) -> None:
        await self._store.close()
