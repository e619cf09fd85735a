"""Which files belong to the project: what git tracks or would add; without git, what lies in the folders."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SKIPPED = {".git", ".tools", ".venv", ".venv-nautilus", ".venv-peers", "dist", "build", "__pycache__"}


def project_files(root: Path = ROOT) -> list[Path]:
    """Every file of the project, sorted."""
    return sorted(_from_git(root) or _walk(root))


def texts(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Name (relative, with slashes) and text of every file that is UTF-8."""
    for path in project_files(root):
        try:
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def _from_git(root: Path) -> list[Path]:
    ask = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(ask, capture_output=True, check=False)  # noqa: S603  fixed words
    except FileNotFoundError:
        return []
    names = answer.stdout.decode().split("\0") if answer.returncode == 0 else []
    return [root / name for name in names if name and (root / name).is_file()]


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [n for n in folders if n not in _SKIPPED and not n.endswith(("_cache", ".egg-info"))]
        yield from (Path(folder, name) for name in names)
