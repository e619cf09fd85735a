"""What is generated: reference pages and the client's methods. ``make generate`` writes, CHECK=1 compares.

A page is a function that returns its text; `PAGES` lists them. Whatever a page shows comes from the code,
so that it cannot say what is not true.
"""

import argparse
import difflib
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tools.explain_page import explain_page
from tools.life_page import journal_page, life_page
from tools.methods import methods, modules
from tools.openapi import openapi_page
from tools.pages import cli_page, endpoints_page, errors_page
from tools.stream_page import streams_page
from tools.tree import ROOT

PAGES: dict[str, Callable[[], str]] = {
    **{name: partial(methods, chapter, asynchronous) for name, chapter, asynchronous in modules()},
    "docs/reference/errors.md": errors_page,
    "docs/reference/endpoints.md": endpoints_page,
    "docs/reference/explain.md": explain_page,
    "docs/reference/journal.md": journal_page,
    "docs/reference/openapi.json": openapi_page,
    "docs/reference/order-life.md": life_page,
    "docs/reference/streams.md": streams_page,
    "docs/reference/cli.md": cli_page,
}


def text_of(name: str) -> str:
    """The text that belongs into the file `name`; Python is formatted as the rest of the project."""
    text = PAGES[name]()
    if not name.endswith(".py"):
        return text
    for words in (["check", "--quiet", "--select", "I,F401", "--fix"], ["format"]):
        command = [sys.executable, "-m", "ruff", *words, "--stdin-filename", name, "-"]
        done = subprocess.run(command, input=text, text=True, capture_output=True, check=True, cwd=ROOT)  # noqa: S603
        text = done.stdout
    return text


def difference(path: Path, wanted: str) -> list[str]:
    """How the file differs from what it should be, line by line."""
    found = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = found.splitlines(), wanted.splitlines()
    return list(difflib.unified_diff(*lines, f"{path.name} (is)", f"{path.name} (should be)", lineterm=""))


def main() -> int:
    """Write the files, or compare them; 1 when a comparison finds a difference."""
    options = argparse.ArgumentParser(description="generated reference pages and methods")
    options.add_argument("--check", action="store_true", help="only compare")
    check = options.parse_args().check
    stale = 0
    for name in PAGES:
        text = text_of(name)
        changes = difference(ROOT / name, text)
        if changes and check:
            print(*changes, sep="\n")
        elif changes:
            (ROOT / name).write_text(text, encoding="utf-8")
            print(f"wrote {name}")
        stale += bool(changes)
    if check:
        print(f"generate: {stale} file(s) to renew: make generate" if stale else "generate: nothing to renew")
    return int(check and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
