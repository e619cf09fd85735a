"""What is counted, and how it is shown: a line for each fault, a column for each client."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from textwrap import wrap

import msgspec

_INDENT, _COLUMNS = 2, 104


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one client came to in one line of a section: how many went wrong, of how many that could.

    `shown` replaces the number in the table; `detail` is what happened, in the client's own words.
    """

    section: str
    line: str
    bad: int
    of: int | None = None
    shown: str = ""
    detail: str = ""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the board: its title, and what its numbers mean."""

    key: str
    title: str
    meaning: str


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """The scoreboard. `findings` are by column; `notes` say what a reader must know about it."""

    title: str
    sections: tuple[Section, ...]
    findings: dict[str, tuple[Finding, ...]]
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The clients."""
        return tuple(self.findings)

    def lines(self, section: Section) -> dict[str, dict[str, Finding]]:
        """The findings of a section: by line, then by client."""
        found: dict[str, dict[str, Finding]] = defaultdict(dict)
        for column, findings in self.findings.items():
            for finding in findings:
                if finding.section == section.key:
                    found[finding.line][column] = finding
        return found


def _cell(finding: Finding | None) -> str:
    if finding is None:
        return "?"
    return finding.shown or str(finding.bad)


def _sum(findings: Iterable[Finding | None]) -> str:
    there = [finding for finding in findings if finding is not None]
    bad, of = sum(finding.bad for finding in there), sum(finding.of or 0 for finding in there)
    return f"{bad} of {of}" if of else str(bad)


def shown(board: Board) -> str:
    """The board as text for a terminal."""
    columns = board.columns
    wide = {section.key: board.lines(section) for section in board.sections}
    width = _INDENT + max((len(line) for lines in wide.values() for line in lines), default=0)
    widths = [max(len(column), len("000 of 000")) for column in columns]

    def row(name: str, cells: Sequence[str]) -> str:
        spaced = (f"{cell:>{size}}" for cell, size in zip(cells, widths, strict=True))
        return f"{name:{width}}  {'  '.join(spaced)}".rstrip()

    text = [board.title, "", row("", columns)]
    for section in board.sections:
        lines = wide[section.key]
        text += ["", section.title]
        text += [row(f"  {name}", [_cell(by.get(each)) for each in columns]) for name, by in lines.items()]
        sums = [_sum(by.get(each) for by in lines.values()) for each in columns]
        text.append(row("  together", sums))
    text.append("")
    for words in (*(f"{section.title}: {section.meaning}" for section in board.sections), *board.notes):
        text += wrap(words, _COLUMNS, subsequent_indent="  ")
    return "\n".join(text)


def plain(board: Board) -> dict[str, object]:
    """The board as data for ``--json``."""
    return {
        "title": board.title,
        "sections": msgspec.to_builtins(board.sections),
        "findings": msgspec.to_builtins(board.findings),
        "notes": list(board.notes),
    }
