"""Other people's clients as processes of their own interpreter, asked over their standard input."""

import json
import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Self

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
SCRIPTS = Path(__file__).parent / "scripts"
_PATIENCE_S = 60
_MOST_HEARD = 50
_A_LITTLE_S = 0.1


def _environment() -> dict[str, str]:
    """This process's, but the interpreter may keep what it compiles: some of these clients are large."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class PeerError(Exception):
    """What the client raised: its class, its text, and its `code` if it has one."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['type']}: {error['text']}")
        self.type, self.text, self.code = error["type"], error["text"], error["code"]


class Pending:
    """A call under way."""

    def __init__(self, name: str, peer: "Peer") -> None:
        self.name = name
        self._peer = peer
        self._answers: Queue[dict[str, Any]] = Queue()

    def put(self, answer: dict[str, Any]) -> None:
        self._answers.put(answer)

    def has_come(self, within_s: float) -> bool:
        """Whether the answer is there, after waiting for it a little."""
        try:
            self.put(self._answers.get(timeout=within_s))
        except Empty:
            return False
        return True

    def answer(self) -> dict[str, Any]:
        """The whole answer, when it has come."""
        try:
            return self._answers.get(timeout=_PATIENCE_S)
        except Empty:
            raise AssertionError(f"{self.name}: no answer\n{self._peer.last_words()}") from None

    def result(self) -> Any:
        """What the client returned. Raises `PeerError`, and AssertionError where it warned or logged."""
        answer = self.answer()
        if not answer["ok"]:
            raise PeerError(answer["error"])
        assert answer["said"] == [], f"{self.name} made the client say: {answer['said']}"
        return answer.get("value")


class Peer:
    """A client under way: `call` waits, `start` does not. What it was asked goes into `called`."""

    def __init__(
        self, script: str, arguments: Sequence[str], settings: dict[str, Any], log: Path, called: set[str]
    ) -> None:
        self._log = log
        self._pending: dict[int, Pending] = {}
        self._number = 0
        self._called = called
        with log.open("w") as stderr:
            self._process = subprocess.Popen(
                [str(PYTHON), str(SCRIPTS / script), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                env=_environment(),
            )
        ready = self._expect(0, "ready")
        self._write(settings)
        threading.Thread(target=self._read, daemon=True).start()
        self.offers: Sequence[str] = ready.result()

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Make the client call its method, and return what it returned."""
        return self.start(name, *args, **kwargs).result()

    def start(self, name: str, /, *args: Any, **kwargs: Any) -> Pending:
        """The same without waiting. `open` with a name and a method is a call of that method."""
        self._called.add(args[1] if name == "open" and isinstance(args[1], str) else name)
        self._number += 1
        pending = self._expect(self._number, name)
        self._write({"id": self._number, "name": name, "args": args, "kwargs": kwargs})
        return pending

    def refused(self, name: str, /, *args: Any, **kwargs: Any) -> str:
        """The call must fail: returns what the client says about it, by an exception or in its log."""
        answer = self.start(name, *args, **kwargs).answer()
        assert not answer["ok"] or answer["said"], f"{name} succeeded: {answer['value']}"
        return answer["said"][0] if answer["ok"] else answer["error"]["text"]

    def until(self, sees: Callable[[Any], bool], name: str, *args: Any) -> Any:
        """Call again and again until an answer is what is looked for."""
        heard = []
        while len(heard) < _MOST_HEARD:
            heard.append(self.call(name, *args))
            if sees(heard[-1]):
                return heard[-1]
        raise AssertionError(f"{name} {args} brought other things: {heard[-3:]}")

    def heard_of(self, act: Callable[[], object], sees: Callable[[Any], bool], name: str, *args: Any) -> Any:
        """Call again and again while `act` is done: for clients that do not say when they have subscribed."""
        for _ in range(_MOST_HEARD):
            pending = self.start(name, *args)
            while not pending.has_come(_A_LITTLE_S):
                act()
            if sees(heard := pending.result()):
                return heard
        raise AssertionError(f"{name} {args} brought other things: {heard}")

    def last_words(self) -> str:
        """The end of what it wrote to standard error."""
        return self._log.read_text()[-3000:]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def _expect(self, number: int, name: str) -> Pending:
        pending = self._pending[number] = Pending(name, self)
        return pending

    def _write(self, line: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            answer = json.loads(line)
            self._pending.pop(answer["id"]).put(answer)
        error = {"type": "Ended", "text": self.last_words(), "code": None}
        for pending in list(self._pending.values()):
            pending.put({"ok": False, "error": error, "said": []})
