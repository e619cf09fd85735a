"""From whatever somebody has in hand (an error, a code, a text) to explanations."""

from collections.abc import Mapping
from typing import Any

import msgspec

from surefoot.errors import Happened, SurefootError
from surefoot.rules.explain.answer import Explanation, Retry
from surefoot.rules.explain.calls import Call, Kind, call_of, graver
from surefoot.rules.explain.causes import CAUSES
from surefoot.rules.explain.context import Context, context_of
from surefoot.rules.explain.diagnosis import diagnose, may_have_left
from surefoot.rules.explain.foreign import story
from surefoot.rules.explain.numbers import sight_of_number
from surefoot.rules.explain.ours import explain_ours
from surefoot.rules.explain.records import records
from surefoot.rules.explain.redaction import redacted
from surefoot.rules.explain.refine import Case, refined
from surefoot.rules.explain.sight import REDIRECT, SUCCESS, Sight, look
from surefoot.rules.explain.telling import told
from surefoot.rules.explain.verdict import OF_STATE, decide

MOST_OTHERS = 50


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
    number = sight_of_number(error)
    return _explained(number, known) if number is not None else _of_text(str(error), known)


def _of_text(text: str, context: Context) -> Explanation:
    explained: list[Explanation] = []
    doubted = False
    for record in records(text):
        sight = look(redacted(record))
        found_one = _explained(sight, context, doubted=doubted)
        doubted = doubted or (found_one.happened is Happened.UNKNOWN and found_one.cause != "not_recognised")
        explained.append(found_one)
    return _gathered(explained) if explained else _explained(Sight(text=""), context)


def _explained(sight: Sight, context: Context, *, doubted: bool = False) -> Explanation:
    if sight.status is None and context.status is not None and not SUCCESS <= context.status < REDIRECT:
        sight = msgspec.structs.replace(sight, status=context.status)
    case = Case(sight, context, _call(sight, context))
    finding, notes = refined(diagnose(sight), case)
    doubted = doubted and OF_STATE.match(finding.cause.word) is not None
    cut = finding.cause.happened is Happened.NO and may_have_left(sight) is not None
    return told(finding, case, decide(finding, case, doubted=doubted or cut), notes)


def _call(sight: Sight, context: Context) -> Call:
    """What was asked: the context knows best, unless the text shows something that can do more."""
    known = call_of(context.method, context.path, context.host)
    if context.stream is not None and known.kind is Kind.OPEN:
        known = Call(Kind.STREAM, None, context.stream, context.host)
    return known if known.kind in {Kind.WRITE, Kind.CANCEL, Kind.TEST} else graver(known, sight.call)


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
    return each.retry is Retry.RESOLVE_FIRST, weight, itself


def _mark(each: Explanation) -> tuple[object, ...]:
    return each.cause, each.happened, each.retry, each.code
