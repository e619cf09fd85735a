"""Several attempts in one record: what is certain of the last says nothing of one before it."""

import re

from surefoot.rules.explain import causes_of_wire, signs
from surefoot.rules.explain.answer import Retry
from surefoot.rules.explain.cause import Cause
from surefoot.rules.explain.records import CHAINED
from surefoot.rules.explain.sight import Sight

OF_STATE = re.compile(r"insufficient|filter_(?:exchange_)?max_|market_closed")
"""Causes that an earlier, unanswered attempt of the same order may have brought about."""

_PASSING = frozenset({Retry.AFTER_WAIT, Retry.AFTER_RESYNC})
"""A refusal that passes by itself says nothing of an attempt before it, which may have been let through."""

_UNSENT = frozenset(cause.word for cause in causes_of_wire.UNSENT + causes_of_wire.LOCAL)
_UNSENT_OURS = re.compile(r"nothing was sent: .*")  # whatever follows is why, not what happened on the way
_AT_ONCE = frozenset(
    {
        "connection_refused",
        "not_sent",
        "network_unreachable",
        "cannot_connect",
        "dns_failure",
        "proxy_failure",
        "misuse",
        "queue_overflow",
    }
)
_CONNECTING = next(sign.pattern for sign in signs.UNSENT if sign.cause == "connect_timeout")
_TIMED_OUT = re.compile(r"timed[- ]?out|TimeoutError\b|attempt[^\n]{0,60}time-?out", re.IGNORECASE)
"""Beside what fails at once, a time-out is another attempt, and that one may have arrived."""

_UNANSWERED = re.compile(
    r"^(?:[\w.]+\.)?(?:RequestTimeout|NetworkError|ExchangeNotAvailable|OperationFailed)"
    r": \w+ (?:POST|PUT|DELETE) \S+\s*$",
    re.MULTILINE,
)
"""How ccxt ends the account of a write that nobody answered; why it was not stands before it."""


def may_have_left(sight: Sight) -> tuple[str, str] | None:
    """The sign of a cut or a silence after which the request may have arrived, and what it is a sign of."""
    if sight.outcome == "NotDelivered":
        return None
    return signs.found(signs.SENT, _UNSENT_OURS.sub("nothing was sent", sight.text))


def after_another(text: str, cause: str, shown: str) -> bool:
    """Whether a failure that is certain to have sent nothing came after an attempt that may have arrived."""
    if cause in _AT_ONCE and _TIMED_OUT.search(_CONNECTING.sub("", text)):
        return True
    attempt = _UNANSWERED.search(text)
    return attempt is not None and cause in _UNSENT and attempt.end() < text.find(shown)


def was_cut(cause: Cause, sight: Sight) -> bool:
    """Whether the same record shows an attempt that nobody answered, besides the refusal it ends with."""
    if may_have_left(sight) is not None:
        return True
    if cause.word in _UNSENT:
        return False
    several = OF_STATE.match(cause.word) is not None or cause.retry in _PASSING or CHAINED[0] in sight.text
    timed_out = several and signs.found(signs.VAGUE[:3], sight.text) is not None
    return timed_out or _UNANSWERED.search(sight.text) is not None
