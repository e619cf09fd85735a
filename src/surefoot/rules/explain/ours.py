"""surefoot's own errors: they know more than their text, and whether it happened is not guessed."""

from collections.abc import Callable

import msgspec

from surefoot import errors
from surefoot.errors import Happened, SurefootError
from surefoot.rules.explain.answer import Explanation
from surefoot.rules.explain.calls import Call, Kind, call_of
from surefoot.rules.explain.context import Context, context_of_facts
from surefoot.rules.explain.redaction import redacted
from surefoot.rules.explain.sight import Sight, look
from surefoot.values import whole

Explaining = Callable[[Sight, Context], Explanation]


def explain_ours(error: SurefootError, context: Context, explained: Explaining) -> Explanation:
    """The explanation of one of surefoot's errors, by its facts."""
    facts = error.facts
    known = context_of_facts(facts)
    own = {
        name: getattr(known, name) for name in ("method", "path", "status") if getattr(context, name) is None
    }
    context = msgspec.structs.replace(context, **own, params={**known.params, **context.params})
    sight = look(redacted(_text(error)))
    after = facts.headers.get("retry-after")
    sight = msgspec.structs.replace(
        sight,
        code=facts.code if facts.code is not None else sight.code,
        status=facts.status if facts.status is not None else sight.status,
        retry_at_ms=facts.retry_at_ms if facts.retry_at_ms is not None else sight.retry_at_ms,
        retry_after_s=whole(after) if after else sight.retry_after_s,
        outcome=_outcome(error),
        call=_asked(error) or sight.call,
    )
    answer = explained(sight, context)
    return msgspec.structs.replace(answer, evidence=answer.evidence + _facts(error))


def _text(error: SurefootError) -> str:
    facts = error.facts
    words = [f"{type(error).__name__}: {error}", facts.message or ""]
    if isinstance(error, errors.FilterViolation):
        words.append(f"Filter failure: {error.filter}")
    if isinstance(error, errors.HeldBack) and "too late to sign" in str(error):
        words.append("TooLateToSign")
    return "\n".join(words)


def _outcome(error: SurefootError) -> str | None:
    if error.happened is Happened.UNKNOWN:
        return "Unknown"
    return (
        "NotDelivered"
        if isinstance(error, errors.NotDelivered) and not isinstance(error, errors.HeldBack)
        else None
    )


def _asked(error: SurefootError) -> Call | None:
    """What was asked: the request knows; a read's silence is told by the class of its error."""
    if isinstance(error, errors.NoAnswer):
        return Call(Kind.READ)
    endpoint = getattr(error.request, "endpoint", None)
    return call_of(endpoint.method, endpoint.path or endpoint.ws_method) if endpoint is not None else None


def _facts(error: SurefootError) -> tuple[str, ...]:
    facts = error.facts
    said = {
        "client order id": facts.client_order_id,
        "signed at (ms)": facts.signed_at_ms,
        "clock offset (ms)": facts.offset_ms,
        "too late after (ms)": facts.too_late_after_ms,
        "not before (ms)": facts.retry_at_ms,
    }
    words = [f"{name} {value}" for name, value in said.items() if value is not None]
    if isinstance(error, errors.PartlyDone):
        words += [f"done: {error.done}", f"refused: {error.refused}"]
    if isinstance(error, errors.FilterViolation) and error.nearest is not None:
        words.append(f"{error.field} {error.given}, nearest legal value {error.nearest}")
    return tuple(words)
