"""Virtual time: jumps, order, what is refused, what is noticed."""

import asyncio
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import Misuse
from surefoot.simulation.loop import Stalled, VirtualLoop, run


def test_a_thousand_seconds_pass_in_no_time() -> None:
    async def main() -> float:
        await asyncio.sleep(1000)
        return asyncio.get_running_loop().time()

    began = time.process_time()
    assert run(main()) == 1000.0
    assert time.process_time() - began < 10  # only a real sleep could fail this


@given(st.lists(st.integers(0, 5), max_size=60))
def test_timers_with_equal_deadlines_fire_in_the_order_of_their_making(delays: list[int]) -> None:
    fired: list[tuple[int, int]] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for number, delay in enumerate(delays):
            loop.call_at(delay, fired.append, (delay, number))
        await asyncio.sleep(6)

    run(main())
    assert fired == sorted((delay, number) for number, delay in enumerate(delays))


def test_a_cancelled_timer_does_not_fire_and_does_not_hold_time_up() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        loop.call_later(5, pytest.fail).cancel()
        await asyncio.sleep(10)
        return loop.time()

    assert run(main()) == 10.0


def test_time_outs_work() -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(45):
                await asyncio.get_running_loop().create_future()
        return asyncio.get_running_loop().time()

    assert run(main()) == 45.0


_ORDER = """
import asyncio
from surefoot.simulation.loop import run
order = []
async def work(n):
    try:
        await asyncio.sleep(1000)
    finally:
        order.append(n)
async def fail():
    await asyncio.sleep(1)
    raise ValueError
async def main():
    pad = [bytearray(n) for n in range(50)]
    try:
        async with asyncio.TaskGroup() as group:
            for n in range(40):
                group.create_task(work(n))
            group.create_task(fail())
    except* ValueError:
        pass
    tasks = [asyncio.create_task(asyncio.sleep(1, n)) for n in range(40)]
    done, _ = await asyncio.wait(tasks)
    order.extend(task.result() for task in done)
run(main())
print(order)
"""


def test_task_groups_and_wait_iterate_in_one_order_whatever_the_addresses_and_the_hash_seed() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", f"pad = [object() for _ in range({seed} * 1000)]{_ORDER}"],
            env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": ":".join(sys.path)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in (1, 7)
    }
    assert len(outputs) == 1
    (output,) = outputs
    assert sorted(eval(output)) == sorted([*range(40), *range(40)])


def test_waiting_without_a_timer_is_stalled_and_names_who_waits() -> None:
    async def wait_for_godot() -> None:
        await asyncio.get_running_loop().create_future()

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(wait_for_godot(), name="vladimir")

    with pytest.raises(Stalled, match=r"vladimir \(wait_for_godot, .*test_loop.py:\d+\)"):
        run(main())


def test_spinning_without_time_passing_is_stalled() -> None:
    async def spin() -> None:
        while True:  # noqa: ASYNC110
            await asyncio.sleep(0)

    with pytest.raises(Stalled, match=r"time stands still .*spin"):
        run(spin())


def test_threads_processes_and_real_sockets_are_refused() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        refused = [
            lambda: asyncio.to_thread(print),
            lambda: loop.run_in_executor(None, print),
            lambda: asyncio.create_subprocess_exec("true"),
            lambda: loop.create_connection(asyncio.Protocol, "host", 1, ssl=True),
            lambda: loop.create_connection(asyncio.Protocol, "host", 1),
            lambda: loop.create_connection(asyncio.Protocol),
            lambda: loop.create_server(asyncio.Protocol, "host", 1),
            lambda: loop.sock_recv(None, 1),  # type: ignore[arg-type]
        ]
        for attempt in refused:
            with pytest.raises(Misuse):
                await attempt()  # type: ignore[operator]
        with pytest.raises(Misuse):
            loop.set_task_factory(None)

    run(main())


def test_another_thread_is_refused() -> None:
    caught: list[BaseException] = []

    def intrude(loop: asyncio.AbstractEventLoop) -> None:
        try:
            loop.call_soon_threadsafe(print)
        except Misuse as error:
            caught.append(error)

    async def main() -> None:
        asyncio.get_running_loop().call_soon_threadsafe(int)
        thread = threading.Thread(target=intrude, args=(asyncio.get_running_loop(),))
        thread.start()
        thread.join()

    run(main())
    assert len(caught) == 1


def test_eager_tasks_are_refused() -> None:
    async def main() -> None:
        coro = asyncio.sleep(0)
        with pytest.raises(Misuse):
            asyncio.get_running_loop().create_task(coro, eager_start=True)  # type: ignore[call-arg]
        coro.close()

    run(main())


def test_a_closed_loop_takes_no_timers_and_no_tasks() -> None:
    loop = VirtualLoop()
    loop.close()
    with pytest.raises(RuntimeError):
        loop.call_later(1, print)
