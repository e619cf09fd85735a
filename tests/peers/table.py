"""Which calls a module makes of its client: what the coverage of each client is counted by."""

from collections.abc import Callable, Collection, Iterable, Mapping
from types import ModuleType
from typing import Any, TypeVar

import pytest

from tests.peers.answers import Row

Test = TypeVar("Test", bound=Callable[..., Any])


def makes(*names: str) -> Callable[[Test], Test]:
    """The test makes these calls; the fixture `kept_its_word` sees that it does."""

    def mark(test: Test) -> Test:
        test.makes = names  # type: ignore[attr-defined]
        return test

    return mark


def faces(of: Mapping[str, Mapping[str, str]], *requests: str) -> pytest.MarkDecorator:
    """The test runs once with each face of the client, and makes these requests of it."""
    chosen = [{request: names[request] for request in requests} for names in of.values()]
    return pytest.mark.parametrize("names", chosen, ids=list(of))


def made(module: ModuleType, rows: Iterable[Row]) -> set[str]:
    """Every call that a module's rows and tests make."""
    tests = [value for name, value in vars(module).items() if name.startswith("test_") and callable(value)]
    promised = [set(getattr(test, "makes", ())) | _of_faces(test) for test in tests]
    return {name for name, _, _ in rows}.union(*promised)


def _of_faces(test: Any) -> set[str]:
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    faces = [names for mark in marks if mark.args[0] == "names" for names in mark.args[1]]
    return {name for names in faces for name in names.values()}


def promised(test: Any, parameters: Mapping[str, Any]) -> set[str]:
    """The calls that one run of a test makes."""
    return set(getattr(test, "makes", ())) | set(parameters.get("names", {}).values())


def compare(offered: Collection[str], made: set[str], not_served: Collection[str]) -> None:
    """Each call that is offered is made, or named among those that the exchange has no answer for."""
    assert set(offered) - made == set(not_served)
