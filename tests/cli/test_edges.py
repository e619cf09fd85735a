"""The edges of the process: closed, full and ASCII streams, interrupts, and an exchange that goes away."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from surefoot.spot.enums import FINAL_STATUSES
from tests.cli.processes import SUREFOOT, environment, run, started

pytestmark = pytest.mark.process


@pytest.mark.parametrize("words", ["demo", "demo --json", "--help"])
def test_a_full_disk_is_told_not_traced(words: str) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [*SUREFOOT, *words.split()], env=environment(), stdout=full, stderr=subprocess.PIPE, text=True,
            check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", ["demo --json --seed 1", "exchange --port 70000", "--version"])
def test_closed_streams_hurt_nobody(words: str) -> None:
    """Descriptors 0 to 2 closed: no socket may land there, and nothing is written to nobody."""
    closing = f"exec '{SUREFOOT[0]}' -m surefoot {words} <&- >&-"
    done = subprocess.run(
        ["/bin/sh", "-c", closing],
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == (2 if "70000" in words else 0)
    assert "Traceback" not in done.stderr
    assert "Assertion" not in done.stderr


@pytest.mark.parametrize("lines", [1, 25])
def test_a_reader_that_leaves_early(lines: int) -> None:
    """``surefoot demo | head -1``."""
    with started(["demo", "--seed", "1"]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for _ in range(lines):
            process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(30) == 1


def test_a_terminal_that_spells_ascii_only() -> None:
    done = run("demo", "--seed", "1", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "  + 5 orders" in done.stdout
    assert done.stdout.isascii()


def test_lines_end_in_text_and_fit() -> None:
    done = run("demo", "--seed", "1", COLUMNS="80")
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert not re.search(r" $", done.stdout, re.MULTILINE)
    assert "\x1b" not in done.stdout


# Interrupts


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def read_line(file: int) -> str:
    """One line and no byte more: `communicate` would not see what a buffer holds."""
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(file, 1)):
        line += byte
    return line.decode()


@contextmanager
def demo_until(
    sign: str, interrupts: signal.Handlers = signal.SIG_DFL
) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """A demo that has just said `sign`, the process of its exchange, and what it has said."""
    with started(["demo", "--seed", "1"], interrupts=interrupts) as process:
        assert process.stdout is not None
        exchange, told = 0, ""
        while line := read_line(process.stdout.fileno()):
            told += line
            if found := re.search(r"process (\d+)", line):
                exchange = int(found[1])
            if sign in line:
                break
        assert exchange
        yield process, exchange, told
        process.kill()


def left_open(told: str) -> set[str]:
    """The orders of which neither the trader nor the cleaning up has told the end."""
    newest = dict(re.findall(r"⟵ (demo-\w+) ([A-Z_]+)", told))
    assert newest
    swept = re.findall(r"(demo-\w+) is (?:CANCELED|FILLED|NOT_PLACED)", told)
    return {id for id, status in newest.items() if status not in FINAL_STATUSES} - set(swept)


@pytest.mark.parametrize(
    ("number", "code", "word", "interrupts"),
    [
        (signal.SIGINT, 130, "interrupted", signal.SIG_DFL),
        (signal.SIGTERM, 143, "terminated", signal.SIG_DFL),
        (signal.SIGTERM, 143, "terminated", signal.SIG_IGN),
    ],
)
def test_interrupting_the_demo_leaves_no_order_and_no_process(
    number: signal.Signals, code: int, word: str, interrupts: signal.Handlers
) -> None:
    """Who is late with the signal may find the order filled, and nothing to clean up."""
    with demo_until("PARTIALLY_FILLED", interrupts) as (process, exchange, told):
        process.send_signal(number)
        said, complaints = process.communicate(timeout=30)
        assert process.returncode == code
        assert complaints == f"surefoot: {word}\n"
        assert left_open(told + said) == set()
        assert "may be open" not in said
        assert not is_alive(exchange)


def test_an_exchange_that_goes_away_is_told_with_the_order() -> None:
    """Nobody knows what became of the order, and its id is said; who is late may find it done."""
    with demo_until(" NEW ") as (process, exchange, told):
        os.kill(exchange, signal.SIGKILL)
        said, complaints = process.communicate(timeout=15)
        assert process.returncode == 1
        doubted = set(re.findall(r"✗ (demo-\w+) may be open or done, the journal", said))
        assert left_open(told + said) <= doubted
        assert "Failed" in said
        assert "Traceback" not in complaints


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_exchange_ends_cleanly(number: signal.Signals) -> None:
    with started(["exchange", "--port", "0"]) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("exchange at http://127.0.0.1:")
        process.send_signal(number)
        said, complaints = process.communicate(timeout=15)
        assert (process.returncode, said, complaints) == (0, "", "")


def test_interrupting_while_modules_load_shows_no_imports() -> None:
    """Whenever it comes: no traceback. Python's own start is not ours to guard."""
    code = (
        "import signal, sys, threading\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from surefoot.cli import main\n"
        "sys.argv = ['surefoot', 'exchange', '--port', '0']\n"
        "sys.addaudithook(lambda event, args: signal.raise_signal(signal.SIGINT)"
        " if event == 'import' and args[0] == 'cyclopts' else None)\n"
        "main()\n"
    )
    done = subprocess.run(
        [SUREFOOT[0], "-c", code], env=environment(), capture_output=True, text=True, check=False, timeout=30
    )
    assert done.stderr == ""
    assert done.returncode == -signal.SIGINT
