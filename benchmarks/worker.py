"""A worker process: ``python -m benchmarks.worker CONTENDER SECONDS PORT CORE`` prints a `Worked` as JSON."""

import importlib
import sys

import msgspec

from benchmarks import machine


def main(contender: str, seconds: str, port: str, core: str) -> None:
    """Run the contender, named `module.function`, on its core."""
    machine.pin(None if core == "None" else int(core))
    module, _, function = contender.rpartition(".")
    contend = getattr(importlib.import_module(f"benchmarks.{module}"), function)
    sys.stdout.write(msgspec.json.encode(contend(float(seconds), int(port))).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
