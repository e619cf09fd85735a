"""The clients under test: who plays, in which version, and the process in which each acts."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from benchmarks import machine
from benchmarks.chaos.actors.stage import Note, Told
from benchmarks.chaos.venue import Venue, venue

T = TypeVar("T")
_PEERS = machine.ROOT / ".venv-peers" / "bin" / "python"
_PATIENCE_S = 120.0
_SHOWN = 2000


class Role(NamedTuple):
    """A column of the board: its name, the script that acts it with its arguments, and its packages."""

    name: str
    script: str
    arguments: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


OURS = Role("surefoot", "ours")
TRADER = Role("surefoot Trader", "trading")
ROLES = (
    Role("python-binance", "python_binance", (), ("python-binance",)),
    Role("official SDK", "official", (), ("binance-sdk-spot", "binance-common")),
    Role("ccxt", "ccxt_pro", (), ("ccxt",)),
    Role("ccxt, retries", "ccxt_pro", ("retries",), ("ccxt",)),
    OURS,
    TRADER,
)


class Actor:
    """A client's process; its parts act at the same time, each for a scene of its own."""

    def __init__(self, role: Role, log: Path) -> None:
        self.role, self._log = role, log
        self._answers: dict[int, Future[Any]] = {0: Future()}
        self._numbers, self._lock = count(1), threading.Lock()
        interpreter = sys.executable if role in {OURS, TRADER} else str(_PEERS)
        module = f"benchmarks.chaos.actors.{role.script}"
        with log.open("w") as stderr:
            self._process = subprocess.Popen(
                [interpreter, "-m", module, *role.arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                cwd=machine.ROOT,
            )
        ready = self._answers[0]
        threading.Thread(target=self._read, daemon=True).start()
        ready.result(_PATIENCE_S)

    def ask(self, part: str, verb: str, *args: Any) -> "Future[Any]":
        """Put a question; its answer comes later."""
        answer: Future[Any] = Future()
        with self._lock:
            number = next(self._numbers)
            self._answers[number] = answer
            line = json.dumps({"id": number, "part": part, "verb": verb, "args": args})
            assert self._process.stdin
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        return answer

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            answer = json.loads(line)
            self._answers.pop(answer["id"]).set_result(answer["said"])
        words = AssertionError(f"{self.role.name} ended: {self._log.read_text()[-_SHOWN:]}")
        for pending in tuple(self._answers.values()):
            pending.set_exception(words)


class Part:
    """One client object at one exchange."""

    def __init__(self, actor: Actor, name: str) -> None:
        self._actor, self._name = actor, name

    def begin(self, verb: str, *args: Any) -> "Future[Any]":
        """Make the client do something, without waiting for it."""
        return self._actor.ask(self._name, verb, *args)

    def tell(self, verb: str, *args: Any) -> Told:
        """Make the client do something; what it came to."""
        return told(self.begin(verb, *args))

    def must(self, verb: str, *args: Any) -> None:
        """The same where nothing has been made to fail yet: raises AssertionError."""
        done = self.tell(verb, *args)
        assert done.ok, f"{verb} failed before there was a fault: {done.kind}: {done.text}"

    def heard(self) -> list[Note]:
        """What its stream has told so far."""
        return msgspec.convert(self.begin("heard").result(_PATIENCE_S), list[Note])


def told(answer: "Future[Any]") -> Told:
    """Wait for what a call came to."""
    return msgspec.convert(answer.result(_PATIENCE_S), Told)


class Play(NamedTuple):
    """What a scene is given: the exchange, and one client of it, which is open already."""

    venue: Venue
    part: Part


@contextmanager
def play(actor: Actor, name: str, *, ahead_ms: float = 0) -> Iterator[Play]:
    """A scene's exchange and client."""
    with venue(ahead_ms=ahead_ms) as place:
        part = Part(actor, name)
        part.must("open", place.where)
        try:
            yield Play(place, part)
        finally:
            part.begin("close")


@contextmanager
def cast(roles: tuple[Role, ...], logs: Path) -> Iterator[tuple[Actor, ...]]:
    """All of them on stage; they are ended afterwards."""
    with ExitStack() as stack:
        actors = []
        for number, role in enumerate(roles):
            actor = Actor(role, logs / f"{number}-{role.script}.log")
            stack.callback(actor.end)
            actors.append(actor)
        yield tuple(actors)


def versions(roles: tuple[Role, ...]) -> str:
    """The packages that were played, with their versions."""
    names = list(dict.fromkeys(package for role in roles for package in role.packages))
    ask = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    done = subprocess.run([str(_PEERS), "-c", ask, *names], capture_output=True, text=True, check=True)
    return ", ".join(map(" ".join, zip(names, done.stdout.split(), strict=True)))
