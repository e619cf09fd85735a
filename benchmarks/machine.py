"""What the figures were measured on, and which core runs what."""

import contextlib
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_STANDS_ON = ("msgspec", "picows", "httptools", "cryptography", "uvloop")


def cores() -> list[int]:
    """The cores this process may use; empty where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def pin(core: int | None, process_id: int = 0) -> None:
    """Stay on one core, or make another process stay there, where the system lets us."""
    if core is not None and hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(
            OSError
        ):  # a container may forbid it; then the figures are noisier, not wrong
            os.sched_setaffinity(process_id, {core})


def cpu_s(process_id: int) -> float:
    """CPU seconds that a process has taken so far; zero where the system does not tell."""
    file = Path(f"/proc/{process_id}/stat")
    if not file.exists():
        return 0.0
    user, system = file.read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def split() -> tuple[int | None, int | None]:
    """The cores of worker and server: two different ones where there are two."""
    mine = cores()
    return (mine[0], mine[-1]) if mine else (None, None)


def commit() -> str:
    """The commit measured, marked when files differ from it; "unknown" outside a checkout."""
    try:
        name = _git("rev-parse", "--short", "HEAD")
        return f"{name}, with changes" if _git("status", "--porcelain") else name
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def described() -> dict[str, str]:
    """Machine, Python, libraries, commit."""
    worker, server = split()
    pinned = "not pinned" if worker is None else f"worker on {worker}, server on {server}"
    count = len(cores()) or os.cpu_count()
    return {
        "machine": f"{platform.system()} {platform.machine()}, {count} cores ({pinned})",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "libraries": ", ".join(f"{name} {version(name)}" for name in _STANDS_ON),
        "commit": commit(),
    }


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()
