"""`surefoot explain` as people type it and as programs ask it (OBS-2)."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surefoot.cli.app import run
from tests.cli.conftest import Said

Typed = Callable[..., Said]
ANSWERS = {"cause", "happened", "retry", "text", "next_step", "evidence", "code", "status", "ambiguous"}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Types `surefoot explain` with words and, where given, a text on standard input."""

    def type_in(*words: str, stdin: bytes | None = None) -> Said:
        monkeypatch.setenv("COLUMNS", "100")
        stream = io.TextIOWrapper(io.BytesIO(stdin or b""), encoding="utf-8")
        monkeypatch.setattr("sys.stdin", stream)
        code = run(["explain", *words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return type_in


def asked(typed: Typed, text: str, **context: Any) -> dict[str, Any]:
    """What `--json` answers to a text on standard input."""
    words = ["--json", *(["--context", json.dumps(context)] if context else [])]
    said = typed(*words, stdin=text.encode())
    assert (said.code, said.err) == (0, "")
    (answer,) = said.lines
    return dict(answer)


def test_a_code_is_explained(typed: Typed) -> None:
    said = typed("-1121")
    assert (said.code, said.err) == (0, "")
    assert "bad_symbol" in said.out
    assert "after_fix" in said.out
    assert "next:" in said.out


def test_a_text_may_begin_with_a_hyphen_and_need_no_quotes(typed: Typed) -> None:
    assert "insufficient_balance" in typed("-2010 Account has insufficient balance for requested action.").out
    assert "filter_notional" in typed("APIError(code=-1013):", "Filter", "failure:", "NOTIONAL").out


def test_json_answers_one_object(typed: Typed) -> None:
    answer = asked(
        typed, '{"code":-1013,"msg":"Filter failure: LOT_SIZE"}', method="POST", path="/api/v3/order"
    )
    assert set(answer) >= ANSWERS
    assert (answer["cause"], answer["happened"], answer["retry"]) == ("filter_lot_size", "no", "after_fix")
    assert answer["ambiguous"] is False


def test_context_tells_a_read_from_a_write(typed: Typed) -> None:
    text = "requests.exceptions.ReadTimeout: Read timed out. (read timeout=10)"
    assert asked(typed, text, method="POST", path="/api/v3/order")["retry"] == "resolve_first"
    assert asked(typed, text, method="GET", path="/api/v3/account")["retry"] == "safe"
    unsaid = asked(typed, text)
    assert (unsaid["retry"], unsaid["ambiguous"]) == ("resolve_first", True)


def test_params_may_be_an_object_or_a_query(typed: Typed) -> None:
    text = "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})$'."
    for params in ("symbol=BTCUSDT&quantity=1e-05", {"quantity": 1e-05}):
        assert asked(typed, text, params=params)["cause"] == "scientific_notation"


def test_a_file_is_read(typed: Typed, tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    log.write_text(
        "2026-11-26 07:00:00 INFO started\n"
        "2026-11-26 07:00:01 ERROR APIError(code=-1121): Invalid symbol.\n"
        "2026-11-26 07:00:02 ERROR requests.exceptions.ReadTimeout: Read timed out.\n"
    )
    said = typed(str(log))
    assert said.code == 0
    assert said.out.startswith("read_timeout\n")
    assert "bad_symbol: happened no, retry after_fix" in said.out


def test_a_hyphen_is_standard_input(typed: Typed) -> None:
    assert "banned" in typed("-", stdin=b"HTTP/1.1 418 I'm a teapot").out
    assert "banned" in typed(stdin=b"HTTP/1.1 418 I'm a teapot").out


def test_bytes_that_are_no_text_are_read_too(typed: Typed) -> None:
    assert asked(typed, "x")["cause"] == "not_recognised"
    assert typed("--json", stdin=b"\xff\xfe\x00-1121 \x80").lines[0]["cause"] == "bad_symbol"


def test_what_is_not_recognised_is_said_and_ends_with_1(typed: Typed) -> None:
    said = typed("hello", "world")
    assert said.code == 1
    assert "not recognised" in said.out
    assert "resolve_first" in said.out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["x", "--context", "{"], "not JSON"),
        (["x", "--context", "[]"], "not an object"),
        (["x", "--context", '{"verb": "GET"}'], "no key 'verb'"),
        (["x", "--context", '{"status": "many"}'], "status is a number"),
        (["--nonsense"], "unknown option --nonsense"),
    ],
)
def test_wrong_usage_is_said_and_ends_with_2(typed: Typed, words: list[str], why: str) -> None:
    said = typed(*words)
    assert (said.code, said.out) == (2, "")
    assert why in said.err


def test_a_file_that_may_not_be_read_is_said(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "bot.log"
    log.write_text("-1121")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    said = typed(str(log))
    assert said.code == 2
    assert "Permission denied" in said.err


def test_secrets_are_not_printed_back(typed: Typed) -> None:
    """OBS-5."""
    secret = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
    text = (
        f"HTTPSConnectionPool(host='api.binance.com', port=443): Max retries exceeded with url: /api/v3/order"
        f"?symbol=BTCUSDT&signature={secret} (Caused by NewConnectionError: Connection refused) "
        f"X-MBX-APIKEY: {secret}"
    )
    for said in (typed(text), typed("--json", stdin=text.encode())):
        assert said.code == 0
        assert secret not in said.out + said.err


def test_a_narrow_screen_cuts_nothing(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    wide = typed("-2015").out.split()
    monkeypatch.setattr("surefoot.cli.explain.Terminal", _narrow)
    assert typed("-2015").out.split() == wide


def _narrow(**options: Any) -> Any:
    from surefoot.cli.terminal import Terminal

    return Terminal(width=40, **options)
