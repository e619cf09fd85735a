"""REST requests as sent: path, parameters of query and body, and the exact text that was signed."""

from collections.abc import Mapping
from urllib.parse import unquote_plus

import msgspec

from surefoot.serve.denial import Denial, duplicate_values
from surefoot.wire import HttpRequest

_FORM = "application/x-www-form-urlencoded"


class Form(msgspec.Struct, frozen=True):
    """A request taken apart. `payload` is what a signature has to match: query, then body, as received.

    Only a signature that is last in its place is left out: elsewhere it would have to sign itself.
    """

    path: str
    values: Mapping[str, str]
    payload: str


def read_form(request: HttpRequest) -> Form:
    """Take a REST request apart; a name in both query and body means the query's value. Raises `Denial`."""
    path, _, query = request.target.partition("?")
    body = _body(request)
    values = _pairs(body) | _pairs(query)
    return Form(path, values, _unsigned(query) + _unsigned(body))


def _body(request: HttpRequest) -> str:
    if not request.body:
        return ""
    kind = request.headers.get("content-type", _FORM).partition(";")[0].strip().lower()
    if kind != _FORM:
        raise Denial(-1102, "A mandatory parameter was not sent, was empty/null, or malformed.")
    if request.method == "GET":
        raise Denial(-1101, "Too many parameters sent for this endpoint.")
    try:
        return request.body.decode()
    except UnicodeDecodeError:
        raise Denial(-1100, "Illegal characters found in a parameter.") from None


def _pairs(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for part in text.split("&"):
        if not part:
            continue
        name, _, value = part.partition("=")
        name = _plain(name)
        if name in values:
            raise duplicate_values()
        values[name] = _plain(value)
    return values


def _plain(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    try:
        return unquote_plus(text, errors="strict")
    except UnicodeDecodeError:
        raise Denial(-1100, "Illegal characters found in a parameter.") from None


def _unsigned(text: str) -> str:
    rest, _, last = text.rpartition("&")
    return rest if last.startswith("signature=") else text
