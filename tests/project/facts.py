"""The documented rows, and the requests of the vocabulary beside them."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from surefoot import spot
from surefoot.spot.request import Request

FACTS = Path(__file__).parents[1] / "facts"

Row = dict[str, Any]


def facts(name: str) -> Any:
    return json.loads((FACTS / f"{name}.json").read_text(encoding="utf-8"))


REST: dict[tuple[str, str], Row] = {
    (row["method"], row["path"]): row for row in (*facts("endpoints"), *facts("beside"))
}
WS: dict[str, Row] = {row["method"]: row for row in facts("ws_api")}


def _requests() -> Iterator[type[Request[Any]]]:
    for module in iter_modules(spot.__path__):
        for word in vars(import_module(f"surefoot.spot.{module.name}")).values():
            if isinstance(word, type) and issubclass(word, Request) and "endpoint" in vars(word):
                yield word


REQUESTS = sorted(set(_requests()), key=lambda kind: kind.__name__)


def rows(kind: type[Request[Any]]) -> list[Row]:
    """The documented rows of a request: REST, WebSocket API, or both."""
    endpoint = kind.endpoint
    found = []
    if endpoint.path:
        found.append(REST[endpoint.method, endpoint.path])
    if endpoint.ws_method:
        found.append(WS[endpoint.ws_method])
    return found


def parameters(row: Row) -> list[Row]:
    """A row's parameters, those it takes over from another row included."""
    found = list(row["params"])
    if inherited := row.get("inherits_params_of"):
        method, *path = inherited.split(" ")
        found += parameters(REST[method, path[0]] if path else WS[method])
    return found
