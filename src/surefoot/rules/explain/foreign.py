"""Exceptions of other clients, by what all have: a class name, a text, perhaps a response and a request."""

from collections.abc import Iterator
from typing import Any

_CLIENTS = frozenset({"ccxt", "binance", "binance_common", "freqtrade"})
"""Clients whose base classes tell something; those of the libraries below them would mislead."""

_DEEPEST = 8
_LONGEST = 4_000
_SAID = ("code", "status_code", "status", "retry_after")


def story(error: BaseException) -> str:
    """What an exception and those behind it tell, as one text: the oldest first, as a traceback would."""
    return "\n".join(reversed([_one(each) for each in _chain(error)]))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and len(seen) < _DEEPEST and not any(each is one for one in seen):
        seen.append(each)
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _one(error: BaseException) -> str:
    kind = type(error)
    lines = [f"{kind.__module__}.{kind.__name__}: {_text(error)}"]
    lines += [f"{base.__name__}: " for base in kind.__mro__[1:] if base.__module__.split(".")[0] in _CLIENTS]
    lines += [f"{name}={value}" for name in _SAID if isinstance(value := _got(error, name), (int, str))]
    response, request = _got(error, "response"), _got(error, "request") or _got(error, "request_info")
    if response is not None:
        lines += _of_response(response)
        request = request or _got(response, "request")
    if request is not None:
        lines += _of_request(request)
    return "\n".join(lines)


def _of_response(response: Any) -> list[str]:
    if isinstance(response, dict):
        return [repr(response)[:_LONGEST]]
    lines = [
        f"HTTP {status}"
        for name in ("status_code", "status")
        if isinstance(status := _got(response, name), int)
    ][:1]
    body = _got(response, "text")
    headers = _got(response, "headers")
    wait = _got(headers, "get")
    after = _called(wait, "Retry-After") if wait is not None else None
    lines += [f"Retry-After: {after}"] if after else []
    return lines + ([body[:_LONGEST]] if isinstance(body, str) else [])


def _of_request(request: Any) -> list[str]:
    method, url = _got(request, "method"), _got(request, "url") or _got(request, "real_url")
    return [f"{method} {url}"] if isinstance(method, str) and url is not None else []


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_LONGEST]
    except Exception:  # somebody else's code
        return ""


def _got(thing: Any, name: str) -> Any:
    """An attribute, when it is there and does not raise: properties of others may."""
    try:
        return getattr(thing, name, None)
    except Exception:  # somebody else's code
        return None


def _called(function: Any, argument: str) -> Any:
    try:
        return function(argument)
    except Exception:  # somebody else's code
        return None
