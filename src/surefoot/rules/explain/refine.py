"""What the context tells apart: which way a clock is wrong, whose key it is, a float in a parameter."""

import re
from collections.abc import Callable
from types import MappingProxyType

import msgspec

from surefoot.rules.explain.calls import Call, Kind
from surefoot.rules.explain.causes import CAUSES
from surefoot.rules.explain.context import Context
from surefoot.rules.explain.diagnosis import Finding, by_status
from surefoot.rules.explain.sight import REDIRECT, SUCCESS, UNAUTHORIZED, Sight
from surefoot.spot.environments import BINANCE_US, DATA_ONLY, DEMO, PRODUCTION, TESTNET
from surefoot.values import CLIENT_ORDER_ID

DEFAULT_RECV_WINDOW_MS = 5000.0
WIDEST_RECV_WINDOW_MS = 60_000.0
_LAST = 600  # what is above is no HTTP status


class Case(msgspec.Struct, frozen=True):
    """All that is known of one error: text, context and call together."""

    sight: Sight
    context: Context
    call: Call

    @property
    def status(self) -> int | None:
        known = self.sight.status or self.context.status
        return known if known is not None and known < _LAST else None

    @property
    def host(self) -> str:
        host = (self.context.host or self.call.host or "").lower()
        return host.split("//")[-1].split("/")[0].split(":")[0]

    def param(self, name: str) -> str | None:
        """A parameter of the request: from the context, or as it stands in a URL of the text."""
        if name in self.context.params:
            return self.context.params[name]
        found = re.search(rf"[?&\"' ]{name}[\"']?[=:] ?[\"']?([^&\s\"',;)}}]+)", self.sight.text)
        return found[1] if found else None


def refined(finding: Finding, case: Case) -> tuple[Finding, tuple[str, ...]]:
    """The finding after the context has been asked, and what it showed."""
    notes: list[str] = []
    ask = _ASKING.get(finding.cause.word)
    if ask is not None:
        finding = ask(finding, case, notes)
    elif finding.cause.word == "not_recognised":
        finding = _by_context(finding, case)
    return finding, tuple(notes)


def _certain(word: str, shown: str) -> Finding:
    return Finding(CAUSES[word], shown)


_SILENT = re.compile(
    r"no (?:more )?(?:data|messages?|events?|updates?)|silent|stale|stall|hang|deaf|stopped|nothing"
    r"|reconnect",
    re.IGNORECASE,
)


def _by_context(finding: Finding, case: Case) -> Finding:
    """A text that says nothing: the status may."""
    if case.call.kind is Kind.STREAM and _SILENT.search(f"{case.sight.text} {case.context.after}"):
        return msgspec.structs.replace(finding, cause=CAUSES["stream_silent"])
    told = None if case.status is None else by_status(case.status)
    if told is None:
        return finding
    told = msgspec.structs.replace(told, vague=True)
    ask = _ASKING.get(told.cause.word)
    return told if ask is None else ask(told, case, [])


# Time

_MS_DIGITS, _US_DIGITS = 13, 16


def _stale(finding: Finding, case: Case, notes: list[str]) -> Finding:
    window_ms = _number(case.param("recvWindow")) or DEFAULT_RECV_WINDOW_MS
    if window_ms > WIDEST_RECV_WINDOW_MS:
        notes.append(f"recvWindow {window_ms:g} ms is above 60000")
    unit = _wrong_unit(case.param("timestamp"))
    if unit is not None:
        return _certain("timestamp_unit_wrong", f"{finding.shown}, timestamp in {unit}")
    age_ms, round_trip_ms = case.context.signed_age_ms, case.context.round_trip_ms
    if finding.cause.word == "clock_ahead":
        return finding
    if round_trip_ms is not None and round_trip_ms >= window_ms:
        return _certain(
            "network_too_slow",
            f"{finding.shown}, round trip {round_trip_ms:g} ms, recvWindow {window_ms:g} ms",
        )
    if age_ms is not None and age_ms >= window_ms:
        return _certain(
            "signed_too_long_ago",
            f"{finding.shown}, signed {age_ms:g} ms before, recvWindow {window_ms:g} ms",
        )
    if age_ms is not None:
        notes.append(f"signed only {age_ms:g} ms before: the clock is what is wrong")
        if finding.cause.word == "clock_behind_or_slow":
            return msgspec.structs.replace(finding, vague=False, candidates=())
    return finding


def _wrong_unit(timestamp: str | None) -> str | None:
    if timestamp is None or not timestamp.replace(".", "", 1).isdigit():
        return None
    digits = len(timestamp.split(".")[0])
    if digits in {_MS_DIGITS, _US_DIGITS}:
        return None
    return {10: "seconds", 19: "nanoseconds"}.get(digits, f"{digits} digits")


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else msgspec.convert(text, float, strict=False)
    except msgspec.ValidationError:
        return None


# Keys and places

_ENVIRONMENTS = MappingProxyType(
    {
        "prod": PRODUCTION.name,
        "live": PRODUCTION.name,
        "mainnet": PRODUCTION.name,
        "main": PRODUCTION.name,
        "binance": PRODUCTION.name,
        "sandbox": TESTNET.name,
        "test": TESTNET.name,
        "us": BINANCE_US.name,
        "binance.us": BINANCE_US.name,
        "binanceus": BINANCE_US.name,
        "binance_us": BINANCE_US.name,
        "data": DATA_ONLY.name,
        "market-data": DATA_ONLY.name,
    }
)


def _environment(name: str | None) -> str | None:
    lower = (name or "").strip().lower()
    return _ENVIRONMENTS.get(lower, lower) or None


def place_of(host: str) -> str | None:
    """The environment a host of the exchange belongs to; None for any other host."""
    labels = host.split(".")
    if "testnet" in labels:
        return TESTNET.name
    if any(label.startswith("demo") for label in labels):
        return DEMO.name
    if labels[-2:] == ["binance", "us"]:
        return BINANCE_US.name
    if labels[-2:] == ["binance", "vision"]:
        return DATA_ONLY.name
    return PRODUCTION.name if labels[-2:] == ["binance", "com"] else None


def _key(finding: Finding, case: Case, notes: list[str]) -> Finding:
    wanted, there = _environment(case.context.environment), place_of(case.host)
    key_type = (case.context.key_type or "").lower()
    if wanted is not None and there is not None and wanted != there and not wanted.startswith("local"):
        return _certain(
            "wrong_environment", f"{finding.shown}: meant for {wanted}, sent to {case.host} ({there})"
        )
    if key_type and "ed25519" not in key_type and case.call.path == "session.logon":
        return _certain(
            "wrong_key_type", f"{finding.shown}: session.logon with a key of type {case.context.key_type}"
        )
    if case.status == UNAUTHORIZED and re.search(r"[\"']id[\"']\s*:\s*(?:null|None)", case.sight.text):
        return _certain("session_key_revoked", f"{finding.shown}, HTTP 401, without an id")
    if wanted is not None:
        notes.append(f"environment {wanted}")
    if key_type:
        notes.append(f"key type {case.context.key_type}")
    return finding


def _signature(finding: Finding, case: Case, notes: list[str]) -> Finding:
    strange = [
        f"{name}={value}"
        for name, value in case.context.params.items()
        if not value.isascii() or " " in value
    ]
    strange = strange or re.findall(r"symbol=[^&\s]*[^\x00-\x7f][^&\s]*", case.sight.text)
    if strange:
        return _certain("signed_before_encoding", f"{finding.shown}: {strange[0]}")
    if case.context.key_type:
        notes.append(f"key type {case.context.key_type}")
    return finding


# HTTP

_SQL = re.compile(
    r"\b(?:select|union|insert|update|delete|drop|create|alter|exec|where|or 1=1)\b|--|/\*|<script",
    re.IGNORECASE,
)
_RATE = re.compile(r"rate|too many|too much traffic|often|limit", re.IGNORECASE)


def _firewall(finding: Finding, case: Case, notes: list[str]) -> Finding:
    odd = [
        f"{name}={value}"
        for name, value in case.context.params.items()
        if _SQL.search(value.replace("_", " ").replace("-", " "))
    ]
    if odd:
        return _certain("waf_forbidden_content", f"{finding.shown}: {odd[0]}")
    if _RATE.search(case.sight.text) and "traffic or a configuration" not in case.sight.text:
        return msgspec.structs.replace(finding, vague=False, candidates=())
    return finding


def _path(case: Case) -> str:
    shown = case.sight.text if "api/" in case.sight.text else ""
    return f"{case.context.path or ''} {case.call.path or ''} {shown}"


def _nowhere(finding: Finding, case: Case, notes: list[str]) -> Finding:
    there = place_of(case.host) or _environment(case.context.environment)
    if "userDataStream" in _path(case) or "listenKey" in case.sight.text:
        return _certain("listen_key_removed", finding.shown)
    wallet = "sapi/" in _path(case)
    if (wallet and there in {TESTNET.name, DEMO.name}) or there == DATA_ONLY.name:
        return _certain("not_on_this_host", f"{finding.shown} on {case.host or there}")
    return finding


def _removed(finding: Finding, case: Case, notes: list[str]) -> Finding:
    if "userDataStream" in _path(case) or re.search(
        "listen ?key|userDataStream", case.sight.text, re.IGNORECASE
    ):
        return _certain("listen_key_removed", finding.shown)
    if case.call.path is None:
        several = ("listen_key_removed", "old_version")
        return msgspec.structs.replace(finding, vague=True, candidates=several)
    return finding


def _listen_key(finding: Finding, case: Case, notes: list[str]) -> Finding:
    """Binance.US still has listenKeys: there one that does not exist has run out."""
    there = place_of(case.host) or _environment(case.context.environment)
    return _certain("listen_key_expired", finding.shown) if there == BINANCE_US.name else finding


def _unreadable(finding: Finding, case: Case, notes: list[str]) -> Finding:
    status = case.status
    page = re.search(r"<!doctype|<html|char 0\)|mimetype", case.sight.text, re.IGNORECASE)
    if status is not None and SUCCESS <= status < REDIRECT and page is None:
        return _certain("answer_not_understood", f"{finding.shown}, HTTP {status}")
    return finding


_HALVES = re.compile(
    r"(cancelResult|newOrderResult)\\?[\"']?\s*[:=]\s*\\?[\"']?(SUCCESS|FAILURE|NOT_ATTEMPTED)"
)
_SAYS = MappingProxyType(
    {
        ("SUCCESS", "FAILURE"): "the old order is cancelled, the new one was refused",
        ("FAILURE", "SUCCESS"): "the new order is live, the old one was not cancelled",
        ("FAILURE", "NOT_ATTEMPTED"): "the cancel was refused, the new order was not tried",
        ("FAILURE", "FAILURE"): "the cancel was refused, and so was the new order",
    }
)


def _halves(finding: Finding, case: Case, notes: list[str]) -> Finding:
    told = dict(_HALVES.findall(case.sight.text))
    said = _SAYS.get((told.get("cancelResult", ""), told.get("newOrderResult", "")))
    if said is not None:
        notes.append(said)
    return finding


# Parameters

_EXPONENT = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d+")
_NAMED = re.compile(r"[Pp]arameter '(\w+)'")
_AMOUNTS = ("quantity", "price", "stopPrice", "quoteOrderQty", "icebergQty", "newQty")
_IDS = frozenset(
    {
        "newClientOrderId",
        "origClientOrderId",
        "cancelNewClientOrderId",
        "listClientOrderId",
        "cancelOrigClientOrderId",
    }
)


def _malformed(finding: Finding, case: Case, notes: list[str]) -> Finding:
    named = _NAMED.search(case.sight.text)
    name = named[1] if named else None
    value = case.param(name) if name else None
    if value is not None:
        notes.append(f"{name}={value}")
    for amount in (name,) if name else _AMOUNTS:
        given = case.param(amount)
        if given is not None and _EXPONENT.fullmatch(given):
            return _certain("scientific_notation", f"{finding.shown}: {amount}={given}")
    if name == "recvWindow" and (_number(value) or 0.0) > WIDEST_RECV_WINDOW_MS:
        return _certain("recv_window_too_large", f"{finding.shown}: recvWindow={value}")
    if name in _IDS and (value is None or CLIENT_ORDER_ID.fullmatch(value) is None):
        return _certain("bad_client_order_id", f"{finding.shown}: {name}")
    return finding


def _amounts(finding: Finding, case: Case, notes: list[str]) -> Finding:
    """A filter's refusal: what was sent is evidence."""
    notes.extend(
        f"{name}={case.context.params[name]}"
        for name in (*_AMOUNTS, "type", "side")
        if name in case.context.params
    )
    return finding


def _symbol(finding: Finding, case: Case, notes: list[str]) -> Finding:
    symbol = case.param("symbol")
    if symbol is not None:
        notes.append(
            f"symbol={symbol}"
            + (
                ""
                if symbol.isalnum() and symbol == symbol.upper()
                else ": not upper-case letters and digits alone"
            )
        )
    return finding


def _window(finding: Finding, case: Case, notes: list[str]) -> Finding:
    window = case.param("recvWindow")
    if window is not None:
        notes.append(f"recvWindow={window}")
    return finding


_Asking = Callable[[Finding, Case, list[str]], Finding]
_ASKING: MappingProxyType[str, _Asking] = MappingProxyType(
    {
        "clock_ahead": _stale,
        "clock_behind_or_slow": _stale,
        "invalid_timestamp": _stale,
        "wrong_environment_or_ip_or_permission": _key,
        "not_authorized": _key,
        "not_permitted": _key,
        "bad_api_key_id": _key,
        "invalid_signature": _signature,
        "waf_blocked": _firewall,
        "not_found": _nowhere,
        "endpoint_removed": _removed,
        "invalid_listen_key": _listen_key,
        "unreadable_answer": _unreadable,
        "illegal_characters": _malformed,
        "missing_or_malformed_parameter": _malformed,
        "invalid_parameter": _malformed,
        "too_much_precision": _amounts,
        "bad_symbol": _symbol,
        "recv_window_too_large": _window,
        "cancel_replace_half_done": _halves,
        "cancel_replace_failed": _halves,
    }
    | {word: _amounts for word in CAUSES if word.startswith("filter_")}
)
