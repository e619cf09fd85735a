"""`surefoot explain`: what an error means, from a code, a text, a file or standard input (OBS-2)."""

import re
import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.markup import escape

from surefoot.cli.edges import DONE, FAILED
from surefoot.cli.sheets import tell
from surefoot.cli.terminal import Terminal
from surefoot.errors import Happened, Misuse
from surefoot.rules.explain import Context, Explanation, Retry, read_context
from surefoot.rules.explain import explain as explained

_COLOURS = {
    Retry.RESOLVE_FIRST: "bold red",
    Retry.NEVER: "bold red",
    Retry.SAFE: "green",
}
_OPTION = re.compile(r"--[a-z][a-z-]*")
_UNRECOGNISED = "not_recognised"
_LARGEST_BYTES = 64 * 1024 * 1024


def explain(
    *what: Annotated[str, Parameter(allow_leading_hyphen=True)],
    context: str | None = None,
    json: bool = False,
) -> int:
    """Explain an error: its cause, whether it happened, whether a retry is safe, and what to do next.

    It never advises what could place an order twice: where it is not known what was asked, an order is
    assumed.

    Parameters
    ----------
    what
        A code (-1013, 418), a text, a file (a log, a traceback, a page), or - for standard input; without
        any, standard input is read.
    context
        What is known besides, as a JSON object. Keys: method, path, status, environment, host, client,
        key_type, params, stream, after, signed_age_ms, round_trip_ms.
    json
        Answer one JSON object.
    """
    known = read_context(context) if context is not None else Context()
    answer = explained(_read(what), known)
    if json:
        sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
        sys.stdout.flush()
        return DONE
    _show(answer)
    return FAILED if answer.cause == _UNRECOGNISED else DONE


def _read(what: tuple[str, ...]) -> str:
    if not what and sys.stdin.isatty():
        raise Misuse("nothing to explain; name a code, a text or a file, or give the text on standard input")
    if not what or what == ("-",):
        return sys.stdin.buffer.read(_LARGEST_BYTES).decode("utf-8", "replace")
    unknown = next((word for word in what if _OPTION.fullmatch(word)), None)
    if unknown is not None:
        raise Misuse(f"unknown option {unknown}; put a text that begins so into a file")
    return (_file(what[0]) if len(what) == 1 else None) or " ".join(what)


def _file(name: str) -> str | None:
    """What the file of that name holds; None when there is none."""
    try:
        if not Path(name).is_file():
            return None
        with Path(name).open("rb") as file:
            return file.read(_LARGEST_BYTES).decode("utf-8", "replace") or "(the file is empty)"
    except ValueError:  # a text that no path can be
        return None
    except OSError as error:
        if Path(name).name == name and "." not in name:
            return None
        raise Misuse(f"cannot read {name}: {error.strerror}; check the path") from None


def _show(answer: Explanation) -> None:
    console = Terminal(highlight=False)
    colour = _COLOURS.get(answer.retry, "yellow")
    console.print(f"[bold]{escape(answer.cause)}[/]")
    rows = [
        (
            "happened",
            f"[{'bold red' if answer.happened is Happened.UNKNOWN else 'bold'}]{answer.happened}[/]",
        ),
        ("retry", f"[{colour}]{answer.retry}[/]"),
    ]
    for name, text in rows:
        console.print(f"  {name:<9} {text}")
    console.print()
    means, _, step = answer.text.partition(" Next: ")
    console.print(means, markup=False)
    console.print(f"\n[bold]next:[/] {escape(step)}")
    if answer.others:
        console.print()
        console.print(f"{len(answer.others)} more in this text:")
        for other in answer.others:
            console.print(f"  {other.cause}: happened {other.happened}, retry {other.retry}", markup=False)
    if answer.cause == _UNRECOGNISED:
        tell("\nnot recognised: give the code, the status, or what was asked with --context")
