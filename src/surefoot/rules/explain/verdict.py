"""Did it happen, may it be sent again? One place decides, so that no advice can double an order."""

import re
from typing import NamedTuple

from surefoot.errors import Happened
from surefoot.rules.explain.answer import Retry
from surefoot.rules.explain.attempts import OF_STATE
from surefoot.rules.explain.calls import Kind
from surefoot.rules.explain.causes_of_wire import LOCAL
from surefoot.rules.explain.diagnosis import Finding
from surefoot.rules.explain.refine import Case
from surefoot.rules.explain.sight import SERVER_ERROR

_DOUBT = re.compile(
    r"time[-_ ]?d?[-_ ]?out|reset|lost|disconnect|(?<!re)connection|unknown|\b5\d\d\b|-100[01678]"
    r"|no[-_ ]answer|silence|retr|resen[dt]|again|attempt"
    r"|crash|restart|cut|abort|broken|unanswered|hang|network|error|doubt",
    re.IGNORECASE,
)
_JUST_PLACED = re.compile(r"plac|order|new|creat|post|submit|sent|buy|sell|amend|replace|fill", re.IGNORECASE)
_COUNTS = re.compile(r"user|listen_?key|account|execution|depth(?!\d)|order", re.IGNORECASE)
"""Streams of which every event counts: after an interruption they go on from a fresh picture."""

_EVENTS = frozenset(
    {"server_shutdown", "user_stream_ended", "listen_key_expired", "queue_overflow", "stream_gap"}
)
_OURS = frozenset({"websocket_handshake_refused", *(cause.word for cause in LOCAL)})
_PROVES_ANOTHER = frozenset({"duplicate_order", "unknown_order", "cancel_rejected"})


class Verdict(NamedTuple):
    """The answer to both questions; `doubt` when an earlier attempt is still open."""

    happened: Happened
    retry: Retry
    doubt: bool = False


def decide(finding: Finding, case: Case, *, doubted: bool) -> Verdict:
    """The verdict on a request; `doubted` when the text shows an earlier attempt that is still open."""
    cause, after = finding.cause, case.context.after or ""
    doubt = doubted or _DOUBT.search(after) is not None
    if cause.word == "order_not_found" and (doubt or _JUST_PLACED.search(after)):
        return Verdict(Happened.UNKNOWN, Retry.RESOLVE_FIRST, True)
    if case.call.harmless or (cause.of_reads and case.call.kind is Kind.OPEN):
        missed = cause.happened is Happened.UNKNOWN and _COUNTS.search(case.context.stream or "") is not None
        return Verdict(Happened.IRRELEVANT, Retry.AFTER_RESYNC if missed else cause.retry_of_read)
    doubt = doubt or ("reconnect" in after.lower() and OF_STATE.match(cause.word) is not None)
    happened = _of_write(finding, case, doubt)
    return Verdict(happened, _retry_of_write(happened, cause.retry, doubt), doubt)


def _of_write(finding: Finding, case: Case, doubt: bool) -> Happened:
    cause = finding.cause
    if cause.word in _EVENTS:
        return Happened.UNKNOWN  # it says nothing of a write on its way
    if cause.happened is not Happened.NO:
        return cause.happened
    failed = case.sight.failed or (case.status or 0) >= SERVER_ERROR
    if failed and cause.word not in _OURS:
        return Happened.UNKNOWN  # 5xx says nothing, whatever stands in the body
    return Happened.UNKNOWN if doubt and cause.word not in _PROVES_ANOTHER else Happened.NO


def _retry_of_write(happened: Happened, retry: Retry, doubt: bool) -> Retry:
    if happened in {Happened.UNKNOWN, Happened.HALF}:
        return Retry.RESOLVE_FIRST
    if happened is Happened.YES:
        return Retry.NEVER
    return Retry.RESOLVE_FIRST if doubt else retry
