"""Every generated method sends its request with all that it was given, with and without await."""

import inspect
from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from surefoot.client.aio import AsyncClient
from surefoot.client.blocking import Client
from surefoot.client.call import run_blocking
from surefoot.errors import Misuse
from surefoot.spot.environments import local
from surefoot.spot.request import Request
from surefoot.values import UNSET, UnsetType
from tests.project.facts import REQUESTS
from tools.vocabulary import CHAPTERS, CONNECTION

NOWHERE = local("http://127.0.0.1:1", "ws://127.0.0.1:1/ws-api/v3", "ws://127.0.0.1:1")
METHODS = {name: kind for chapter in CHAPTERS for name, kind in chapter.methods.items()}
EACH = pytest.mark.parametrize(("name", "kind"), METHODS.items(), ids=METHODS)


class Asked(AsyncClient):
    """Answers every request with itself."""

    async def send(self, request: Any, **_: Any) -> Any:
        return request


class AskedBlocking(Client):
    def send(self, request: Any, **_: Any) -> Any:
        return request


def both(name: str, given: dict[str, Any]) -> tuple[Request[Any], Request[Any]]:
    """What the method asks, with await and without."""
    awaited = run_blocking(getattr(Asked(NOWHERE), name)(**given))
    return awaited, getattr(AskedBlocking(NOWHERE), name)(**given)


def sample(hint: Any) -> Any:
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not UnsetType]
    if get_origin(hint) is tuple or (kinds and get_origin(kinds[0]) is tuple):
        return ("A", "B")
    if Decimal in kinds:
        return "1.50"  # Money
    (kind,) = kinds
    if issubclass(kind, Enum):
        return next(iter(kind))
    return {str: "TEXT", int: 7, bool: True}[kind]


def arguments(name: str) -> dict[str, Any]:
    hints = get_type_hints(getattr(Client, name))
    return {parameter: sample(hint) for parameter, hint in hints.items() if parameter != "return"}


@EACH
def test_a_method_sends_all_that_it_was_given(name: str, kind: type[Request[Any]]) -> None:
    given = arguments(name)
    for request in both(name, given):
        assert type(request) is kind
        sent = msgspec.structs.asdict(request)
        fixed = {field.name for field in msgspec.structs.fields(kind) if field.name not in given}
        assert fixed <= {"type"}, "only the short tickers have a word that nobody may change"
        assert {word: sent[word] for word in given} == {
            word: Decimal("1.50") if value == "1.50" else value for word, value in given.items()
        }


@EACH
def test_what_is_not_given_is_not_sent(name: str, kind: type[Request[Any]]) -> None:
    required = [field.name for field in msgspec.structs.fields(kind) if field.required]
    given = {word: value for word, value in arguments(name).items() if word in required}
    for request in both(name, given):
        sent = {word for word, value in msgspec.structs.asdict(request).items() if value is not UNSET}
        assert sent - {"type"} == set(required) - {"type"}


@EACH
def test_money_is_never_a_float(name: str, kind: type[Request[Any]]) -> None:
    given = arguments(name)
    for word in (word for word, value in given.items() if value == "1.50"):
        with pytest.raises(Misuse, match=word):
            both(name, given | {word: 1.5})


def test_every_request_has_one_method_or_belongs_to_a_connection() -> None:
    assert sorted(kind.__name__ for kind in (*METHODS.values(), *CONNECTION)) == [
        kind.__name__ for kind in REQUESTS
    ]


@EACH
def test_a_method_says_its_source(name: str, kind: type[Request[Any]]) -> None:
    doc = inspect.getdoc(getattr(AsyncClient, name)) or ""
    assert f"``{kind.endpoint.method} {kind.endpoint.path}``" in doc
    assert ("OutcomeUnknown" in doc) is kind.endpoint.mutates
