"""The command line as people run it: a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

SUREFOOT = [sys.executable, "-m", "surefoot"]


def environment(**variables: str) -> dict[str, str]:
    """This process's variables without surefoot's own; wide, and without colours."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SUREFOOT_")}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "120", **variables}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SUREFOOT, *arguments],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def started(
    arguments: Sequence[str], *, interrupts: signal.Handlers = signal.SIG_DFL, **variables: str
) -> subprocess.Popen[str]:
    """Started, with pipes; its lines come as they are written. `interrupts` is what SIGINT does to it,
    however these tests were started (SIG_IGN: as behind ``&`` in a script, or under nohup).
    """
    return subprocess.Popen(
        [*SUREFOOT, *arguments],
        env=environment(PYTHONUNBUFFERED="1", **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, interrupts),  # noqa: PLW1509 - it takes no lock
    )


def steps(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]
