"""A text taken apart into records: one error each, with the traceback, page or lines that belong to it."""

import re
from collections.abc import Iterator

import msgspec

LONGEST = 16_000
"""Characters of a record that are read: its beginning and its end."""

MOST = 400
"""Records that are read of one text; the last ones, since what happened last is asked for most."""

_STAMPED = re.compile(
    r"\s{0,4}(?:\[?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:|\d\d:\d\d:\d\d|\d\d[-/.]\d\d[-/.]\d{2,4} \d\d:"
    r"|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:)"
    r"|(?:DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\b)"
)
_OPENING = re.compile(
    r"\s{0,4}(?:\{\s*\\?[\"']|binance (?:\{|GET|POST|PUT"
    r"|DELETE|\d{3}|[A-Z])"
    r"|(?!timeout: ?\d)[\w.<]{0,80}(?:Error|Exception|Timeout|Disconnected|Protection|Funds|Order|NotFound"
    r"|Exceeded|NotAvailable|Maintenance|Nonce)\b[>:( ]"
    r"|HTTP/[12]|<!doctype|<html|-\d{4}: )",
    re.IGNORECASE,
)
CHAINED = ("During handling of the above", "The above exception was the direct cause")
_WORDS = (
    "code", "error", "exception", "refused", "reset", "timeout", "time-out", "time out", "timed out",
    "timed-out", "denied", "forbidden", "banned", "too many", "unauthori", "disconnect", "closed",
    "aborted", "broken", "failure", "failed", "invalid", "illegal", "not exist", "not found",
    "not support", "not permit", "not enabled", "not allowed", "insufficient", "duplicate", "<html",
    "<title", "econn", "enotfound", "eai_again", "epipe", "hang up", "unreachable", "restricted",
    "maintenance", "unavailable", "terminated", "shutdown", "expired", "silence", "violat", "overload",
    "going away", "market is closed", "trigger immediately", "immediately match", "parameter", "precision",
    "nonce", "funds", "orderid", "transacttime", "no change", "unknown", "no answer", "nothing was sent",
    "no such host", "unexpected", "not resolve", "overflow",
)  # fmt: skip
_NUMBERS = re.compile(r"(?<![\d.,:])(?:-\d{4}|[45]\d\d|1(?:00[01689]|01\d))(?!\d)")


def _telling(record: str) -> bool:
    """Whether a record may tell of an error at all: quickly asked, since most lines of a log do not."""
    lower = record.lower()
    return any(word in lower for word in _WORDS) or _NUMBERS.search(record) is not None


def records(text: str) -> list[str]:
    """The records of `text` that may tell of an error, in their order, each once."""
    if len(text) <= LONGEST and ("\n" not in text.strip() or _is_json(text)):
        return [text.strip()] if text.strip() else []
    seen: dict[str, str] = {}
    for record in _cut(text):
        if _telling(record):
            key = _likeness(record)
            seen.pop(key, None)
            seen[key] = record
    return list(seen.values())[-MOST:]


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True


_MOMENT = re.compile(r"\d{1,4}[-/.:]\d\d[-/.:T ]{1,2}[\d:.,+TZ]*|\d{5,}|0x[0-9a-f]+")


def _likeness(record: str) -> str:
    """Two records alike but for moments and numbers are one error."""
    return _MOMENT.sub("#", record[:2_000])


_TRACE = re.compile(r"Traceback \(most recent call last\)|^\s+File \".+\", line \d|^Exception has occurred: ")
_LAST = re.compile(r"[A-Za-z_][\w.]*(?::|$)")
"""The line a traceback ends with: the exception's name, and mostly what it says."""

_RAISED = re.compile(r"(?:\w+\.)+\w+: ")
"""Such a line by itself: what comes after it is another error's."""

_CONTAINER = re.compile(
    r"(?:\d{4}-\d\d-\d\d[T ][\d:.]+Z? +)?[\w.|-]+ +\| ?"
    r"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [\w./-]+(?:\[\d+\])?: "
)
"""What containers and system logs put before each line of what a program prints."""


class _Growing:
    """A record while lines are added to it: is a traceback or a page in it still open?"""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.traced = self.ended = self.paged = False

    @property
    def open(self) -> bool:
        return (self.traced and not self.ended) or self.paged

    def add(self, line: str) -> None:
        """Take a line in; a traceback ends with the line that names the exception, until it goes on."""
        self.lines.append(line)
        lower = line.lower()
        if _TRACE.search(line) or line.startswith(CHAINED):
            self.traced, self.ended = True, False
        elif self.traced and _LAST.match(line):
            self.ended = True
        if "<html" in lower or "<!doctype" in lower:
            self.paged = True
        self.paged = self.paged and "</html" not in lower


def _cut(text: str) -> Iterator[str]:
    record = _Growing()
    for printed in filter(str.strip, text.splitlines()):
        line = _bare(printed, record)
        if record.lines and _begins(line, record):
            yield _joined(record.lines)
            record = _Growing()
        record.add(line)
    if record.lines:
        yield _joined(record.lines)


def _bare(line: str, record: _Growing) -> str:
    """A line without its container's prefix, where it goes on with an open traceback or page."""
    prefix = _CONTAINER.match(line)
    if prefix is None:
        return line
    rest = line[prefix.end() :]
    goes_on = record.open or _TRACE.search(rest) or rest.startswith(CHAINED)
    return rest if goes_on and not _STAMPED.match(rest) else line


def _begins(line: str, record: _Growing) -> bool:
    """Whether a new record begins with this line."""
    if record.lines[-1].startswith(CHAINED) or line.startswith(CHAINED):
        return False
    if line.startswith("Traceback"):
        return record.traced or _RAISED.match(record.lines[-1]) is not None
    if not record.traced and _TRACE.search(line) and _RAISED.match(record.lines[-1]):
        return True
    if _STAMPED.match(line):
        return True
    return not record.open and _OPENING.match(line) is not None and not _within(record.lines)


def _within(lines: list[str]) -> bool:
    """Whether an answer or an indented object is still open."""
    first = lines[0].lstrip()[:9].lower()
    return first.startswith(("<html", "<!doctype", "http/")) or (
        first[:1] == "{" and not lines[-1].startswith("}") and lines[0].strip() == "{"
    )


def _joined(lines: list[str]) -> str:
    return clipped("\n".join(lines))


def clipped(record: str) -> str:
    """What is read of a record: when it is very long, its beginning and its end."""
    return record if len(record) <= LONGEST else record[: LONGEST // 2] + "\n" + record[-LONGEST // 2 :]
