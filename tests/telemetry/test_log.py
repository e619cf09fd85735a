"""The default sink: one JSON line per observation."""

import json
import logging

import pytest

from surefoot.telemetry.log import LogSink
from surefoot.telemetry.observations import GapSeen, RequestSent


def test_one_json_line_each(caplog: pytest.LogCaptureFixture) -> None:
    """OBS-1."""
    sink = LogSink()
    with caplog.at_level(logging.INFO, "surefoot"):
        sink.tell(RequestSent(time_ms=1, environment="local", method="GET", path="/api/v3/time", params=""))
    line = json.loads(caplog.messages[0])
    assert line == {
        "kind": "request", "time_ms": 1, "environment": "local",
        "method": "GET", "path": "/api/v3/time", "params": "",
    }  # fmt: skip


def test_what_nobody_hears_is_not_made(caplog: pytest.LogCaptureFixture) -> None:
    sink = LogSink()
    with caplog.at_level(logging.WARNING, "surefoot"):
        assert not sink.hears(RequestSent)
        assert sink.hears(GapSeen)
        sink.tell(
            GapSeen(time_ms=1, environment="local", stream="user data", since_ms=0, until_ms=1, reason="cut")
        )
    assert caplog.records[0].levelno == logging.WARNING
