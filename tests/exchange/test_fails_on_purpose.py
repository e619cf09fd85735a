"""What the how-to of that name tells other languages to send to the admin endpoint is taken."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from surefoot.testing import EmbeddedExchange
from surefoot.testing import exchange as started

PAGE = Path(__file__).parents[2] / "docs/howto/fails-on-purpose.md"
LINES = re.findall(r"^say [a-z/]+ '.*'$", PAGE.read_text(), re.MULTILINE)
SAID = [shlex.split(line)[1:] for line in LINES]


@pytest.fixture(scope="module")
def exchange() -> Iterator[EmbeddedExchange]:
    with started("BTCUSDT") as running:
        yield running


def admin(exchange: EmbeddedExchange, path: str, body: str | None = None) -> Any:
    request = Request(f"{exchange.environment.rest}/admin/{path}", body.encode() if body else None)
    request.add_header("Content-Type", "application/json")
    with urlopen(request) as answer:
        return json.load(answer)


@pytest.mark.parametrize(("path", "body"), SAID)
def test_what_the_page_sends_is_taken(exchange: EmbeddedExchange, path: str, body: str) -> None:
    """SIM-3."""
    answer = admin(exchange, path, body)
    if path == "faults":
        listed = {rule["number"]: rule for rule in admin(exchange, "faults")["rules"]}
        assert listed[answer["number"]]["rule"]["fault"]["kind"] == json.loads(body)["fault"]["kind"]


def test_the_page_sends_something() -> None:
    assert {path for path, _ in SAID} == {"faults", "connections", "shutdown", "clock", "market"}
