"""Which cause a record shows (OBS-2).

Asked in this order: an answer that could not be taken in, the code, an order in the text, the exchange's
words, the wire, the status, the end of a WebSocket, the names of a client's exceptions.
"""

import re
from types import MappingProxyType

import msgspec

from surefoot.errors import Happened
from surefoot.rules.explain import causes_of_codes, signs
from surefoot.rules.explain.attempts import after_another, may_have_left
from surefoot.rules.explain.cause import Cause
from surefoot.rules.explain.causes import CAUSES
from surefoot.rules.explain.causes_of_orders import MESSAGES, filter_of
from surefoot.rules.explain.phrases import class_cause, phrase, waiting
from surefoot.rules.explain.sight import BANNED, FORBIDDEN, REDIRECT, REFUSAL, SERVER_ERROR, SUCCESS, Sight
from surefoot.spot import codes


class Finding(msgspec.Struct, frozen=True):
    """A cause, and what in the text showed it; `vague` when the text alone does not tell causes apart."""

    cause: Cause
    shown: str = ""
    vague: bool = False
    candidates: tuple[str, ...] = ()


_ORDER = re.compile(r"orderId\\?[\"']?\s*[:=]\s*\\?[\"']?\d+")
_STATE = re.compile(
    r"\bstatus\\?[\"']?\s*[:=]\s*(?:<?\w*\.)?\\?[\"']?(NEW|PARTIALLY_FILLED|FILLED|PENDING_NEW|CANCELED|EXPIRED\w*|REJECTED)\b"
)
_REPORTED = re.compile(r"executionReport.{0,600}?\"X\"\s*:\s*\"([A-Z_]+)\"", re.DOTALL)
_TOOK = re.compile(r"\btransactTime\b")
_PARSED = re.compile(
    r"ValidationError|validation errors? for|from_dict|Invalid Response: \{|deserializ", re.IGNORECASE
)
_MODEL = re.compile(r"\b(\d+ validation errors? for \w+)")
_LIMITED = -1003
_VAGUE_CODES = MappingProxyType(
    {
        -1010: ("order_rejected", "insufficient_balance"),
        -1013: ("filter_lot_size", "filter_price_filter", "filter_notional", "market_closed"),
        -2010: (
            "insufficient_balance",
            "duplicate_order",
            "would_match_immediately",
            "would_trigger_immediately",
        ),
        -2011: ("unknown_order", "cancel_restricted", "market_closed"),
        -2038: ("amend_increases_quantity", "nothing_to_change", "order_amend_not_supported"),
        -1021: ("clock_ahead", "clock_behind_or_slow", "signed_too_long_ago", "network_too_slow"),
        -2015: ("wrong_environment", "ip_not_allowed", "permission_missing", "key_revoked"),
        -2013: ("not_visible_yet", "wrong_id_or_symbol", "never_placed", "renamed_by_cancel"),
        -1022: ("wrong_secret", "signed_before_encoding", "parameters_reordered", "wrong_key_type"),
    }
)
_ABOUT_REQUESTS = range(-1199, -1099)
"""*11xx - Request issues*: a request that was malformed, whatever the code says."""

_OF_FUTURES = MappingProxyType(
    {
        -2021: ("immediately trigger", "would_trigger_immediately"),
        -2022: ("reduceonly", "order_rejected"),
    }
)
"""Codes that mean something else on the futures APIs, told by their texts."""

_ENGINES = frozenset({-1010, -1013, -1014, -2010, -2011, -2038})
_UNKNOWN_ORDER = ("filled_already", "cancelled_already", "expired", "wrong_id", "wrong_symbol")


_OURS = (
    ("too_late_to_sign", re.compile(r"TooLateToSign|too late to sign")),
    ("held_back", re.compile(r"(?<!\w)HeldBack(?!\w)|\"kind\"\s*:\s*\"held\"|there is room in [\d.]+ s")),
    ("policy_refused", re.compile(r"(?<!\w)PolicyRefusal(?!\w)")),
    ("misuse", re.compile(r"(?<!\w)Misuse(?!\w)")),
    ("stream_gap", re.compile(r"\"kind\"\s*:\s*\"gap\"")),
)


def _ours(sight: Sight) -> Finding | None:
    """What surefoot itself refused or saw, by its own words: nothing it names besides is the cause."""
    for cause, pattern in _OURS:
        own = pattern.search(sight.text)
        if own is not None:
            return Finding(CAUSES[cause], own[0])
    return None


def diagnose(sight: Sight) -> Finding:
    """The cause that the record shows."""
    for ask in (_ours, _parsed, _coded, _accepted, _worded, _wired, _answered, _closed, _classed):
        finding = ask(sight)
        if finding is not None:
            return finding
    return Finding(CAUSES["not_recognised"], vague=True)


def _parsed(sight: Sight) -> Finding | None:
    """A client that could not take in what it was answered."""
    if sight.code is not None and sight.code < 0:
        return None
    if _ORDER.search(sight.text) and _PARSED.search(sight.text):
        return _order_found(sight) or Finding(CAUSES["answer_not_understood"], "an answer with an orderId")
    model = _MODEL.search(sight.text)
    if model is None or sight.status not in {None, SUCCESS}:
        return None
    if "resp" in model[1].lower() or sight.status == SUCCESS:
        return Finding(CAUSES["answer_not_understood"], model[1])
    return Finding(CAUSES["exchange_error"], model[1], vague=True)  # it may have been the request


def _coded(sight: Sight) -> Finding | None:
    code = sight.code
    if code is None:
        return None
    if code >= 0:
        return Finding(CAUSES["bad_stream_request"], f"code {code}") if "msg" in sight.text else None
    if code == _LIMITED:
        return _limited(sight, f"code {code}")
    return _finer(sight, code) or _plainly(sight, code)


def _finer(sight: Sight, code: int) -> Finding | None:
    """What the text that came with a code tells apart."""
    if code in _OF_FUTURES and _OF_FUTURES[code][0] in sight.lower:
        return Finding(CAUSES[_OF_FUTURES[code][1]], f"code {code}")
    if code == codes.INVALID_TIMESTAMP:
        return _timestamp(sight, f"code {code}")
    return _by_words(sight) if code in _ENGINES else None


def _plainly(sight: Sight, code: int) -> Finding:
    cause = causes_of_codes.BY_CODE.get(code)
    if cause is None:
        return _stranger(code, sight)
    candidates = _VAGUE_CODES.get(code, ())
    if f"or WebSocket close code {-code}" in sight.text:
        candidates = (cause.word, _CLOSE_CAUSES[str(-code)])
    return Finding(cause, f"code {code}", bool(candidates), candidates)


def _by_words(sight: Sight) -> Finding | None:
    """A filter's name or one of the engine's texts."""
    if sight.filter is not None:
        return Finding(filter_of(sight.filter), f"Filter failure: {sight.filter}")
    text = max((text for text in MESSAGES if text in sight.lower), key=len, default=None)
    if text is None:
        return None
    several = _UNKNOWN_ORDER if text == "unknown order sent" else ()
    return Finding(MESSAGES[text], f'"{text}"', bool(several), several)


def _limited(sight: Sight, shown: str) -> Finding:
    banned = sight.status == BANNED or waiting(sight.lower) == "banned"
    return Finding(CAUSES["banned" if banned else "rate_limited"], shown)


def _timestamp(sight: Sight, shown: str) -> Finding:
    ahead, outside = "ahead of" in sight.lower, "outside of" in sight.lower
    if ahead and not outside:
        return Finding(CAUSES["clock_ahead"], shown)
    if outside:
        several = ("clock_behind", "signed_too_long_ago", "network_too_slow")
        return Finding(CAUSES["clock_behind_or_slow"], shown, True, several)
    return Finding(CAUSES["invalid_timestamp"], shown, True, _VAGUE_CODES[codes.INVALID_TIMESTAMP])


def _stranger(code: int, sight: Sight) -> Finding:
    """A code that is not of Spot: what its class says, and no more."""
    says = f"The code {code} is not documented for Spot."
    step = "Read the text that came with it; other products of the exchange have codes of their own."
    if (sight.status is not None and REFUSAL <= sight.status < SERVER_ERROR) or code in _ABOUT_REQUESTS:
        return Finding(
            Cause("undocumented_code", CAUSES["bad_request"].retry, says, step), f"code {code}", True
        )
    unknown = CAUSES["exchange_error"]
    return Finding(
        msgspec.structs.replace(unknown, word="undocumented_code", says=says), f"code {code}", True
    )


def _accepted(sight: Sight) -> Finding | None:
    """An order's own answer in the text: it was taken in, whatever failed afterwards."""
    if _REPORTED.search(sight.text):
        return _order_found(sight)
    if _ORDER.search(sight.text) is None:
        return None
    found = _order_found(sight)
    if found is None and sight.status == SUCCESS:
        return Finding(CAUSES["answer_not_understood"], "HTTP 200 and an orderId")
    return found


def _order_found(sight: Sight) -> Finding | None:
    state = _STATE.search(sight.text) or _REPORTED.search(sight.text)
    if state is not None and state[1] == "REJECTED":
        return Finding(CAUSES["order_rejected"], "status REJECTED")
    if state is None and _TOOK.search(sight.text) is None:
        return None
    return Finding(
        CAUSES["order_accepted"], f"status {state[1]}" if state else "an orderId and a transactTime"
    )


def _worded(sight: Sight) -> Finding | None:
    """The exchange's texts, where the client dropped the code."""
    code = phrase(sight.lower)
    if code is not None:
        found = _coded(msgspec.structs.replace(sight, code=code))
        return found and msgspec.structs.replace(found, shown=f"the exchange's text for {code}")
    cause = waiting(sight.lower)
    if cause is not None and not sight.failed:
        return _limited(sight, "its text") if cause == "rate_limited" else Finding(CAUSES[cause], "its text")
    return _by_words(sight)


_HANDSHAKE = re.compile(
    r"rejected WebSocket connection|WSServerHandshakeError|Handshake status \d{3}"
    r"|Unexpected server response: \d{3}"
)


def _wired(sight: Sight) -> Finding | None:
    handshake = _HANDSHAKE.search(sight.text) if sight.failed else None
    if handshake is not None and may_have_left(sight) is None:
        return Finding(CAUSES["websocket_handshake_refused"], f'"{handshake[0]}"')
    shown = may_have_left(sight)
    shown = shown or (None if sight.failed else signs.found(signs.UNSENT + signs.LOCAL, sight.text))
    if shown is None and sight.outcome == "NotDelivered":
        shown = "not_sent", "NotDelivered"
    if shown is not None and after_another(sight.text, *shown):
        return Finding(CAUSES["timeout"], "a time-out, and then what fails at once", vague=True)
    return Finding(CAUSES[shown[0]], f'"{shown[1]}"') if shown else None


_STATUSES = MappingProxyType(
    {
        401: "not_authorized",
        403: "waf_blocked",
        404: "not_found",
        406: "sbe_disabled",
        407: "proxy_failure",
        408: "timeout",
        409: "cancel_replace_half_done",
        410: "endpoint_removed",
        418: "banned",
        429: "rate_limited",
        451: "restricted_location",
        405: "bad_http_request",
        411: "bad_http_request",
        413: "bad_http_request",
        414: "bad_http_request",
        415: "bad_http_request",
        431: "bad_http_request",
    }
)


def by_status(status: int) -> Finding | None:
    """What an HTTP status means by itself; None for success."""
    shown = f"HTTP {status}"
    if status in _STATUSES:
        vague = status in {401, 403}
        return Finding(
            CAUSES[_STATUSES[status]],
            shown,
            vague,
            ("too_many_requests", "forbidden_content") if status == FORBIDDEN else (),
        )
    if status >= SERVER_ERROR:
        return Finding(CAUSES["server_error"], shown)
    if status >= REFUSAL:
        return Finding(CAUSES["bad_request"], shown, True)
    return Finding(CAUSES["unreadable_answer"], shown) if status >= REDIRECT else None


def _answered(sight: Sight) -> Finding | None:
    found = None if sight.status is None else by_status(sight.status)
    named = class_cause(sight.text) if found is not None and found.cause.word == "bad_request" else None
    if named is not None and CAUSES[named[0]].happened is Happened.NO:
        return Finding(CAUSES[named[0]], named[1], named[0] not in _SURE)
    return found


_CLOSES = re.compile(
    r"(?:received|sent|code|close[d]?|clos(?:e|ing) code|status|opcode=8|ConnectionClosed\w*|\()\W{0,4}"
    r"(?:code\W{0,3}|with\W{0,3})?(1(?:00[0-9]|01[0-5]))\b|\b(1(?:001|006|008)) ?(?:[-(]|$)",
    re.IGNORECASE,
)
_SHUT = re.compile(
    r"ConnectionClosed\w*|no close frame received|Connection to remote host was lost"
    r"|Connection is already closed|WSMsgType\.CLOSE|websocket[^\n]{0,60}\bclosed\b"
    r"|WebSocketConnectionClosed\w*|\bCANCEL read_loop\b",
    re.IGNORECASE,
)
_CLOSE_CAUSES = MappingProxyType(
    {
        "1000": "websocket_closed",
        "1001": "websocket_going_away",
        "1006": "websocket_cut",
        "1008": "websocket_policy_violation",
    }
)


def _closed(sight: Sight) -> Finding | None:
    """A WebSocket's end, and what streams say of themselves."""
    for event, cause in (
        ("serverShutdown", "server_shutdown"),
        ("eventStreamTerminated", "user_stream_ended"),
        ("listenKeyExpired", "listen_key_expired"),
    ):
        if event in sight.text:
            return Finding(CAUSES[cause], event)
    if "ping timeout" in sight.lower:
        return Finding(CAUSES["websocket_ping_timeout"], '"ping timeout"')
    if "pong timeout" in sight.lower:
        return Finding(CAUSES["websocket_pong_timeout"], '"Pong timeout"')
    code = _CLOSES.search(sight.text)
    number = (code[1] or code[2]) if code else None
    if number is not None:
        return Finding(CAUSES[_CLOSE_CAUSES.get(number, "websocket_closed")], f"close code {number}")
    shut = _SHUT.search(sight.text)
    if shut is None:
        return None
    return Finding(
        CAUSES["websocket_cut" if "no close frame" in sight.lower else "websocket_closed"], f'"{shut[0]}"'
    )


_SURE = frozenset(
    {
        "insufficient_balance",
        "duplicate_order",
        "unknown_order",
        "order_not_found",
        "would_match_immediately",
        "bad_symbol",
        "market_closed",
        "banned",
        "misuse",
        "policy_refused",
        "held_back",
        "restricted_location",
        "rate_limited",
        "queue_overflow",
        "cancel_replace_half_done",
        "filter_min_notional",
        "filter_lot_size",
        "filter_price_filter",
    }
)


def _classed(sight: Sight) -> Finding | None:
    named = class_cause(sight.text)
    if named is not None and named[0] not in {"network_error", "exchange_error"}:
        return Finding(CAUSES[named[0]], named[1], named[0] not in _SURE)
    shown = signs.found(signs.VAGUE, sight.text)
    if shown is not None:
        return Finding(CAUSES[shown[0]], f'"{shown[1]}"', True, ("not_sent", "sent_and_unanswered"))
    if sight.outcome == "Unknown":
        return Finding(CAUSES["network_error"], "Unknown")
    return Finding(CAUSES[named[0]], named[1], True) if named is not None else None
