"""An explanation in words: cause, evidence, whether it happened, whether a retry is safe, the next step."""

from types import MappingProxyType

from surefoot.errors import Happened
from surefoot.rules.explain.answer import Explanation, Retry
from surefoot.rules.explain.calls import Kind
from surefoot.rules.explain.causes_of_wire import LOOK_UP
from surefoot.rules.explain.diagnosis import Finding
from surefoot.rules.explain.redaction import redacted
from surefoot.rules.explain.refine import Case
from surefoot.rules.explain.verdict import Verdict

HAPPENED = MappingProxyType(
    {
        Happened.YES: "It happened.",
        Happened.NO: "It did not happen.",
        Happened.UNKNOWN: "Nobody knows yet whether it happened.",
        Happened.HALF: "Half of it happened.",
        Happened.IRRELEVANT: "It changes nothing on the account, so nothing can have happened twice.",
    }
)
RETRY = MappingProxyType(
    {
        Retry.NEVER: "Do not send it again.",
        Retry.AFTER_FIX: "The same again cannot work: correct it first.",
        Retry.AFTER_WAIT: "It may be sent again after the wait, signed afresh.",
        Retry.AFTER_RESYNC: "Renew what is stale, then build it anew.",
        Retry.RESOLVE_FIRST: "Do not send it again before that is known: it could be done twice.",
        Retry.SAFE: "It may be sent again at once, signed afresh.",
    }
)
_SHORTEST = 200
_BANS = frozenset({"banned", "rate_limited", "rate_limited_or_banned", "too_many_orders", "held_back"})


def told(finding: Finding, case: Case, verdict: Verdict, notes: tuple[str, ...]) -> Explanation:
    """The explanation of one error."""
    cause, sight = finding.cause, case.sight
    guessed = case.call.kind is Kind.OPEN and cause.happened is Happened.UNKNOWN
    evidence = tuple(redacted(word)[:_SHORTEST] for word in _evidence(finding, case, notes))
    step = _step(finding, verdict)
    retry = RETRY[verdict.retry]
    if verdict.retry is Retry.AFTER_WAIT and (waited := _wait_words(case)):
        retry = f"It may be sent again {waited}, signed afresh."
    parts = [
        cause.says,
        f"Evidence: {'; '.join(evidence)}." if evidence else "",
        _ambiguity(finding, guessed),
        "An earlier attempt is still open." if verdict.doubt else "",
        HAPPENED[verdict.happened],
        retry,
        f"Next: {step}",
    ]
    return Explanation(
        cause=cause.word,
        happened=verdict.happened,
        retry=verdict.retry,
        text=" ".join(part for part in parts if part),
        next_step=step,
        evidence=evidence,
        code=sight.code,
        status=case.status,
        ambiguous=finding.vague or (guessed and sight.code is None),
        candidates=finding.candidates,
        wait_ms=None if sight.retry_after_s is None else sight.retry_after_s * 1000,
        retry_at_ms=sight.retry_at_ms,
    )


def _step(finding: Finding, verdict: Verdict) -> str:
    step = finding.cause.step
    if verdict.retry is not Retry.RESOLVE_FIRST or finding.cause.retry is Retry.RESOLVE_FIRST:
        return (
            step
            if verdict.happened is not Happened.IRRELEVANT or step != LOOK_UP
            else "Ask again, with growing pauses."
        )
    return f"{step} But first: {LOOK_UP}" if finding.cause.word in _BANS else LOOK_UP


def _evidence(finding: Finding, case: Case, notes: tuple[str, ...]) -> list[str]:
    sight, known = case.sight, finding.shown
    words = [finding.shown]
    if sight.code is not None and str(sight.code) not in known:
        words.append(f"code {sight.code}")
    if case.status is not None and f"HTTP {case.status}" not in known:
        words.append(f"HTTP {case.status}")
    words += [case.call.words, case.host if case.host not in known else "", *notes]
    words.append(f"Retry-After {sight.retry_after_s} s" if sight.retry_after_s is not None else "")
    words.append(f"after: {case.context.after}" if case.context.after else "")
    return list(dict.fromkeys(word for word in words if word))


def _ambiguity(finding: Finding, guessed: bool) -> str:
    parts = []
    if finding.candidates:
        names = ", ".join(finding.candidates)
        parts.append(f"Ambiguous: this alone does not tell which it was of {names}.")
    elif finding.vague:
        parts.append("Ambiguous: the text does not tell more.")
    if guessed:
        parts.append(
            "Ambiguous: it is not said what was asked, so it is taken for an order (a read could simply "
            "be asked again)."
        )
    return " ".join(parts)


def _wait_words(case: Case) -> str:
    if case.sight.retry_at_ms is not None:
        return f"from {case.sight.retry_at_ms} ms (exchange's clock) on, not before"
    return f"after {case.sight.retry_after_s} s" if case.sight.retry_after_s is not None else ""
