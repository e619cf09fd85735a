"""Runs a program twice, under hash seeds of its own."""

import os
import subprocess
import sys


def printed(program: str) -> list[list[str]]:
    """The words that it prints under each hash seed."""
    return [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        for hash_seed in ("1", "2")
    ]
