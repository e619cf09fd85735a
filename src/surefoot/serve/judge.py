"""Judge all parameters of a request against its table: unknown, missing, empty, malformed, badly combined."""

from collections.abc import Mapping, Sequence
from typing import Any

from surefoot.serve.denial import missing, too_many, unread
from surefoot.serve.parameters import Parameter
from surefoot.serve.route import Route
from surefoot.serve.tables import API_KEY, SIGNED


def judge(route: Route, given: Mapping[str, str], *, ws_api: bool = False) -> dict[str, Any]:
    """The values that the request means, by name, without those of authentication; raises `Denial`.

    Values are `str`, `int`, `bool`, `Decimal` or a tuple of `str`; what was not sent is absent.
    """
    extra: Sequence[Parameter] = ()
    if route.signed:
        extra = (*SIGNED, API_KEY) if ws_api else SIGNED
    elif route.key_only and ws_api:
        extra = (API_KEY,)
    known = len(route.parameters) + len(extra)
    if len(given) > known:
        raise too_many(known, len(given))
    values = _values(route.parameters, given)
    read = len(values) + sum(parameter.name in given for parameter in extra)
    if read < len(given):
        raise unread(read, len(given))
    if route.combination:
        route.combination(values)
    return values


def _values(parameters: Sequence[Parameter], given: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for parameter in parameters:
        text = given.get(parameter.name)
        if text is not None:
            values[parameter.name] = parameter.judge(text)
        elif parameter.mandatory:
            raise missing(parameter.name)
    return values
