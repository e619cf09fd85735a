"""An exchange at `--env local`, with a key in the environment variables."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from surefoot.cli.app import run
from surefoot.testing import EmbeddedExchange


class Said(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Type = Callable[[str], Said]


@pytest.fixture
def local(exchange: EmbeddedExchange, monkeypatch: pytest.MonkeyPatch) -> EmbeddedExchange:
    """An exchange with an account of 10,000 USDT and 1 BTC; BTCUSDT last traded at 60,000."""
    key = exchange.open_account(key="HMAC", USDT=10_000, BTC=1)
    exchange.trade_at("BTCUSDT", 60_000)
    assert key.secret is not None
    where = exchange.environment
    for name, text in {
        "REST_URL": where.rest,
        "WS_API_URL": where.ws_api,
        "STREAMS_URL": where.streams,
        "API_KEY": key.api_key.reveal(),
        "API_SECRET": key.secret.reveal(),
    }.items():
        monkeypatch.setenv(f"SUREFOOT_{name}", text)
    monkeypatch.delenv("SUREFOOT_PRIVATE_KEY_FILE", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    return exchange


@pytest.fixture
def type_in(local: EmbeddedExchange, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command against that exchange."""

    def typed(words: str) -> Said:
        code = run([*words.split(), "--env", "local"])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return typed
