"""Starts the processes: one server for a benchmark, a fresh worker for every contender of every round."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from benchmarks import machine
from benchmarks.figures import Worked

_PEERS = machine.ROOT / ".venv-peers" / "bin" / "python"
NAUTILUS = machine.ROOT / ".venv-nautilus" / "bin" / "python"
"""Is there only where nautilus_trader can be installed (see the Makefile)."""


class Served(msgspec.Struct):
    """What a server says of itself when it ends: answers given, and its own CPU time for one."""

    answers: int = 0
    cpu_us: float = 0.0

    @property
    def headroom(self) -> str:
        """The most it could have answered, as a note."""
        return f"the server's own limit: {1e6 / self.cpu_us:,.0f} answers/s ({self.answers:,} given)"


class Server:
    """A server under way: its port, and once it has ended what it said."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.port = int(self._line())
        self.served = Served()

    def end(self) -> None:
        """Close its standard input, which is its sign to stop, and hear its last words."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self.served = msgspec.json.decode(self._line(), type=Served)
        self._process.wait(10)

    def _line(self) -> str:
        return self._process.stdout.readline() if self._process.stdout is not None else ""


@contextmanager
def serving(kind: str) -> Iterator[Server]:
    """A server process ("http", "websocket" or "stream") on a free port, on its own core."""
    command = [sys.executable, "-m", "benchmarks.server", kind, str(machine.split()[1])]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=machine.ROOT
    ) as process:
        try:
            server = Server(process)
            yield server
            server.end()
        finally:
            process.terminate()


def _interpreter(contender: str) -> str:
    """Other people's clients live in environments of their own."""
    if not contender.startswith("others."):
        return sys.executable
    return str(NAUTILUS if contender.startswith("others.nautilus.") else _PEERS)


def work(contender: str, seconds: float, port: int = 0, *, said: str = "") -> Worked:
    """Run one contender in a fresh process on the worker's core; `said` is its standard input."""
    core = machine.split()[0]
    command = [
        _interpreter(contender),
        "-m",
        "benchmarks.worker",
        contender,
        str(seconds),
        str(port),
        str(core),
    ]
    done = subprocess.run(command, input=said.encode(), stdout=subprocess.PIPE, cwd=machine.ROOT, check=True)
    return msgspec.json.decode(done.stdout, type=Worked)


class Run:
    """The size of this run, and where progress is told."""

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self._terminal = sys.stderr.isatty()

    def size(self, count: int, seconds: float) -> tuple[int, float]:
        """So many rounds of so many seconds, or fewer and shorter ones."""
        return (2, seconds / 4) if self.quick else (count, seconds)

    def rounds(
        self, contenders: Sequence[str], count: int, seconds: float, port: int = 0
    ) -> list[dict[str, Worked]]:
        """Every contender once a round, the order rotated from round to round."""
        count, seconds = self.size(count, seconds)
        outcome = []
        for number in range(count):
            turn = number % len(contenders)
            round_of: dict[str, Worked] = {}
            for name in (*contenders[turn:], *contenders[:turn]):
                self.tell(f"round {number + 1} of {count}: {name}")
                round_of[name] = work(name, seconds, port)
            outcome.append(round_of)
        return outcome

    def tell(self, text: str) -> None:
        """One line of progress on standard error; on a terminal each replaces the last."""
        start, end = ("\r\033[K", "") if self._terminal else ("", "\n")
        print(f"{start}{text}", end=end, file=sys.stderr, flush=True)

    def hush(self) -> None:
        """Wipe the progress line."""
        if self._terminal:
            self.tell("")
