"""Who shares a commit with whom, on a disk whose every write the test ends by hand."""

import asyncio
from concurrent.futures import Future

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import JournalError, Misuse
from surefoot.execution.journal import Checkpoint
from surefoot.execution.sql import group
from surefoot.execution.sql.group import Batch, GroupCommit
from tests.execution.sql.journals import row, rows

FOREVER_MS = 3_600_000


class Disk:
    """Remembers the batches it was given; a write ends when the test says so."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.open: Future[None] | None = None

    def write(self, batch: Batch) -> "Future[None]":
        assert self.open is None, "one write at a time"
        self.batches.append(batch)
        self.open = Future()
        return self.open

    async def end(self, error: Exception | None = None) -> None:
        done, self.open = self.open, None
        assert done is not None
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
        await turns()

    def seqs(self) -> list[list[int]]:
        return [[row.seq for row in batch.rows] for batch in self.batches]


async def turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def written(disk: Disk, number: int) -> None:
    while len(disk.batches) < number:  # noqa: ASYNC110 - it does not know that it is watched
        await asyncio.sleep(0.001)


def started(linger_ms: int = FOREVER_MS) -> tuple[GroupCommit, Disk]:
    disk, store = Disk(), GroupCommit(linger_ms)
    store._start(disk)
    return store, disk


async def test_all_of_one_turn_share_a_commit() -> None:
    store, disk = started()

    async def one(seq: int) -> None:
        store.append(row(seq))
        await store.commit()

    async with asyncio.TaskGroup() as tasks:
        for seq in range(1, 65):
            tasks.create_task(one(seq))
        await turns()
        assert disk.seqs() == [list(range(1, 65))]
        await disk.end()


async def test_what_comes_during_a_write_is_in_the_next() -> None:
    store, disk = started()
    async with asyncio.TaskGroup() as tasks:
        store.append(row(1))
        first = tasks.create_task(store.commit())
        await turns()
        store.append(row(2))
        second = tasks.create_task(store.commit())
        store.append(row(3))
        await turns()
        assert disk.seqs() == [[1]]
        assert not first.done()
        await disk.end()
        assert first.done()
        assert not second.done()
        assert disk.seqs() == [[1], [2, 3]]
        await disk.end()
        assert second.done()


async def test_a_commit_with_nothing_new_waits_for_what_is_being_written() -> None:
    store, disk = started()
    async with asyncio.TaskGroup() as tasks:
        store.append(row(1))
        tasks.create_task(store.commit())
        await turns()
        late = tasks.create_task(store.commit())
        await turns()
        assert not late.done()
        await disk.end()
        assert late.done()
    await store.commit()  # there is nothing to wait for
    assert disk.seqs() == [[1]]


async def test_what_nobody_waits_for_is_written_after_a_while() -> None:
    store, disk = started(linger_ms=1)
    store.append(row(1))
    store.append(row(2))
    assert disk.batches == []
    await written(disk, 1)
    assert disk.seqs() == [[1, 2]]
    store.append(row(3))
    await disk.end()
    await written(disk, 2)
    assert disk.seqs() == [[1, 2], [3]]


async def test_of_several_checkpoints_the_newest_is_kept() -> None:
    store, disk = started()
    store.append(row(1))
    store.checkpoint(Checkpoint(1, b"1"))
    store.checkpoint(Checkpoint(1, b"2"))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(store.commit())
        await turns()
        assert disk.batches == [Batch([row(1)], Checkpoint(1, b"2"))]
        await disk.end()


async def test_a_waiter_that_is_cancelled_takes_nobody_along() -> None:
    store, disk = started()
    async with asyncio.TaskGroup() as tasks:
        store.append(row(1))
        first, second = tasks.create_task(store.commit()), tasks.create_task(store.commit())
        await turns()
        first.cancel()
        await turns()
        await disk.end()
        assert first.cancelled()
        assert second.done()


@pytest.mark.parametrize("error", [JournalError("full"), ValueError("odd")], ids=repr)
async def test_a_failure_is_for_good(error: Exception) -> None:
    store, disk = started()
    store.append(row(1))
    first = asyncio.gather(store.commit(), store.commit(), return_exceptions=True)
    await turns()
    store.append(row(2))
    second = asyncio.gather(store.commit(), return_exceptions=True)
    await turns()
    await disk.end(error)
    assert await first == [store.failure] * 2
    assert await second == [store.failure]
    assert type(store.failure) is JournalError
    store.append(row(3))
    store.checkpoint(Checkpoint(3, b"{}"))
    with pytest.raises(JournalError) as raised:
        await store.commit()
    assert raised.value is store.failure
    assert disk.seqs() == [[1]]


async def test_the_first_failure_counts() -> None:
    store, disk = started()
    store.append(row(1))
    waiting = asyncio.gather(store.commit(), return_exceptions=True)
    await turns()
    store._fail(JournalError("the lease is lost"))
    await disk.end(JournalError("and nothing can be written"))
    assert [str(error) for error in await waiting] == ["the lease is lost"]
    assert str(store.failure) == "the lease is lost"


async def test_a_disk_that_hangs_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "_HELD_MAX", 10)
    store, _ = started()
    store.append(row(1))
    waiting = asyncio.gather(store.commit(), return_exceptions=True)
    await turns()
    for one in rows(2, 12):
        store.append(one)
    assert "too slow" in str(store.failure)
    assert await waiting == [store.failure]


@pytest.mark.parametrize("what", [row(1), Checkpoint(1, b"{}")])
async def test_a_store_that_is_not_open_takes_nothing(what: object) -> None:
    store = GroupCommit(50)
    give = store.checkpoint if isinstance(what, Checkpoint) else store.append
    with pytest.raises(Misuse, match="not open"):
        give(what)  # type: ignore[operator]
    await store.commit()


@given(st.lists(st.sampled_from(["append", "commit", "turn", "end"]), max_size=60))
def test_nothing_is_lost_doubled_or_reordered(steps: list[str]) -> None:
    asyncio.run(_told(steps))


async def _told(steps: list[str]) -> None:
    store, disk = started()
    appended, promised = 0, []
    async with asyncio.TaskGroup() as tasks:
        for step in steps:
            if step == "append":
                appended += 1
                store.append(row(appended))
            elif step == "commit":
                promised.append((appended, tasks.create_task(store.commit())))
                await asyncio.sleep(0)  # it has begun, and waits for what was appended before
            elif step == "turn":
                await turns()
            elif disk.open is not None:
                await disk.end()
            safe = sum(
                len(batch.rows) for batch in disk.batches[: len(disk.batches) - (disk.open is not None)]
            )
            assert all(seq <= safe for seq, task in promised if task.done())
        promised.append((appended, tasks.create_task(store.commit())))
        await turns()
        while disk.open is not None:
            await disk.end()
    assert [seq for batch in disk.seqs() for seq in batch] == list(range(1, appended + 1))
