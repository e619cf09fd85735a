"""From whatever somebody has in hand (an error, a code, a text) to explanations."""

from collections.abc import Mapping
from typing import Any

import msgspec

from surefoot.errors import Happened, SurefootError
from surefoot.rules.explain.answer import Explanation, Retry
from surefoot.rules.explain.attempts import OF_STATE, was_cut
from surefoot.rules.explain.calls import Call, Kind, call_of, graver
from surefoot.rules.explain.causes import CAUSES
from surefoot.rules.explain.context import Context, context_of
from surefoot.rules.explain.diagnosis import Finding, diagnose
from surefoot.rules.explain.elsewhere import elsewhere
from surefoot.rules.explain.foreign import story
from surefoot.rules.explain.numbers import sight_of_number
from surefoot.rules.explain.ours import explain_ours
from surefoot.rules.explain.records import records
from surefoot.rules.explain.redaction import redacted
from surefoot.rules.explain.refine import Case, refined
from surefoot.rules.explain.sight import REDIRECT, SUCCESS, Sight, look
from surefoot.rules.explain.telling import told
from surefoot.rules.explain.verdict import decide

MOST_OTHERS = 50
FIRST_CLOSE_CODE = 1000


def explain(error: object, context: Context | Mapping[str, Any] | None = None) -> Explanation:
    """What an error means: its cause, whether it happened, whether a retry is safe, and the next step.

    `error` is any exception (of surefoot or of another client), a code (-1013, or an HTTP status), or a text:
    a message, a log, a traceback, a page. Of several errors in one text the one that leaves most open is
    explained, the last of them where they are alike; `others` holds the rest. `context` is what is known
    besides. Never advises anything that could place an order twice: what may be a write is taken for one.
    Raises `Misuse` for a context it does not understand.
    """
    known = context if isinstance(context, Context) else context_of({} if context is None else context)
    if isinstance(error, SurefootError):
        return explain_ours(error, known, _explained)
    if isinstance(error, BaseException):
        return _explained(look(redacted(story(error))), known)
    if isinstance(error, (bytes, bytearray)):
        error = bytes(error).decode("utf-8", "replace")
    number = sight_of_number(error, of_stream=known.stream is not None)
    return _explained(number, known) if number is not None else _of_text(str(error), known)


def _of_text(text: str, context: Context) -> Explanation:
    explained: list[Explanation] = []
    doubted = False
    for record in records(text):
        sight = look(redacted(record))
        answer = _explained(sight, context, doubted=doubted)
        doubted = doubted or (answer.happened is Happened.UNKNOWN and answer.cause != "not_recognised")
        explained.append(answer)
    return _gathered(explained) if explained else _explained(Sight(text=""), context)


def _explained(sight: Sight, context: Context, *, doubted: bool = False) -> Explanation:
    sight = _with_status(sight, context.status)
    case = Case(sight, context, _call(sight, context))
    finding, notes = refined(_diagnosed(sight, case.host), case)
    doubted = doubted and OF_STATE.match(finding.cause.word) is not None
    cut = finding.cause.happened is Happened.NO and was_cut(finding.cause, sight)
    return told(finding, case, decide(finding, case, doubted=doubted or cut), notes)


def _diagnosed(sight: Sight, host: str) -> Finding:
    other = elsewhere(sight.text, host) if sight.code is None else None
    return diagnose(sight) if other is None else Finding(CAUSES["another_service"], other, vague=True)


def _with_status(sight: Sight, status: int | None) -> Sight:
    """What the context says of HTTP, or of the end of a WebSocket."""
    if status is not None and status >= FIRST_CLOSE_CODE:
        return msgspec.structs.replace(sight, text=f"{sight.text}\nclose code {status}")
    if sight.status is None and status is not None and not SUCCESS <= status < REDIRECT:
        return msgspec.structs.replace(sight, status=status)
    return sight


def _call(sight: Sight, context: Context) -> Call:
    """What was asked: the context knows best, unless the text shows something that can do more."""
    known = call_of(context.method, context.path, context.host)
    if context.stream is not None and known.kind is Kind.OPEN:
        known = Call(Kind.STREAM, None, context.stream, context.host)
    if known.kind in {Kind.WRITE, Kind.CANCEL, Kind.TEST}:
        return known
    spoken = sight.call if known.kind is Kind.OPEN or sight.call.path is not None else Call()
    return graver(known, spoken)


_WEIGHT = (Happened.IRRELEVANT, Happened.NO, Happened.YES, Happened.UNKNOWN, Happened.HALF)


def _gathered(explained: list[Explanation]) -> Explanation:
    """The gravest, and the others once each."""
    named = [each for each in explained if each.cause != "not_recognised"] or explained[-1:]
    chosen = max(enumerate(named), key=lambda pair: (_gravity(pair[1]), pair[0]))[1]
    others = {_mark(each): each for each in named if _mark(each) != _mark(chosen)}
    return msgspec.structs.replace(chosen, others=tuple(others.values())[-MOST_OTHERS:])


def _gravity(each: Explanation) -> tuple[int, int, int]:
    """What leaves most open is told first; what only follows from it comes after it."""
    itself = each.cause in CAUSES and CAUSES[each.cause].happened is each.happened
    weight = _WEIGHT.index(each.happened) + 2 * (each.cause == "banned")
    if each.cause == "order_accepted":  # in a log it is rather news than an error
        weight = -1
    return each.retry is Retry.RESOLVE_FIRST, weight, itself


def _mark(each: Explanation) -> tuple[object, ...]:
    return each.cause, each.happened, each.retry, each.code
