"""Plays stories with one copy of the source, in a process of its own."""

import subprocess
import sys
from os import environ
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Self

import msgspec

from tools.mutants.verdict import Verdict
from tools.tree import ROOT

_PATIENCE_S = 90.0


class Stuck(Exception):
    """The process ended, or did not answer in time."""


class Player:
    """One process; use it as a context."""

    def __init__(self, copy: Path) -> None:
        self._copy = copy
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def play(self, story: msgspec.Struct | msgspec.Raw) -> Verdict:
        """The verdict on a story. Raises `Stuck`."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        watch = Timer(_PATIENCE_S, process.kill)
        watch.start()
        try:
            process.stdin.write(msgspec.json.encode(story).decode() + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            watch.cancel()
        if not answer:
            self._end()
            raise Stuck(f"no verdict after {_PATIENCE_S:g} s, or a process that ended: see above")
        return msgspec.json.decode(answer, type=Verdict)

    def _start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tools.mutants.inside", str(self._copy)]
        path = {**environ, "PYTHONPATH": str(self._copy)}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=path, stdin=pipe, stdout=pipe, text=True)  # noqa: S603

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
