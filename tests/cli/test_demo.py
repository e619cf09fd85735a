"""`surefoot demo` as people run it: a process of its own, an exchange of its own, real sockets."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from surefoot.cli import app
from surefoot.cli.demo import verify
from surefoot.execution.sql.reports import counts
from tests.cli.processes import SUREFOOT, run, steps

pytestmark = pytest.mark.process

KEYS = {"SUREFOOT_API_KEY": "abc", "SUREFOOT_API_SECRET": "x"}


def test_the_whole_story_adds_up() -> None:
    """APP-1: a LIMIT, its fills, a replace, a cancel, a MARKET, and balances to the last digit."""
    done = run("demo", "--json", "--seed", "7")
    assert done.returncode == 0, done.stdout + done.stderr
    told = steps(done)
    names = [step["step"] for step in told]
    assert names[-1] == "Summary"
    assert {"Connected", "Clock", "Rules", "Trader", "Book", "Heard", "Life lines", "Verification"} <= set(
        names
    )
    keys = {step["facts"].get("key") for step in told if "facts" in step}
    assert {"HMAC", "Ed25519"} <= keys
    statuses = [step["facts"].get("status") for step in told if step["step"] == "Heard"]
    assert {"SUBMITTED", "NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED"} <= set(statuses)
    assert len([step for step in told if step["step"] == "Life lines"]) == 5
    rounded = [step["facts"] for step in told if "used" in step.get("facts", {})]
    assert {change["field"] for change in rounded} == {"price", "quantity"}
    refused = next(step["facts"] for step in told if step["step"].startswith("4."))
    assert refused["nearest"] is not None
    assert (
        next(step["facts"] for step in told if step["step"].startswith("5."))["rule"] == "notional_per_order"
    )
    assert all(step.get("ok", True) for step in told)


def test_what_does_not_add_up_is_named_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One unit in the last digit is enough."""
    off = {"BTC": Decimal("0.00000001")}
    monkeypatch.setattr(verify, "balance_differences", lambda *_: off)
    assert app.run(["demo", "--json", "--seed", "7"]) == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[-1]["step"] == "Failed"
    assert "it does not add up: BTC is off by 0.00000001" in told[-1]["text"]
    assert "Summary" not in {step["step"] for step in told}


def test_people_see_sentences_and_no_secret() -> None:
    """OBS-5."""
    done = run("demo", "--seed", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything adds up, to the last digit" in done.stdout
    assert "PRIVATE KEY" not in done.stdout + done.stderr
    assert max(map(len, done.stdout.splitlines())) < 240


def test_a_trader_that_dies_in_the_middle_of_an_order() -> None:
    """TRACK-1, RETRY-3: a real SIGKILL, after the order arrived and before the answer was noted."""
    done = run("demo", "--kill", "--json", "--seed", "7")
    assert done.returncode == 0, done.stdout + done.stderr
    told = {step["text"].partition(":")[0]: step.get("facts", {}) for step in steps(done)}
    killed = next(facts for facts in told.values() if "code" in facts)
    assert killed["code"] == -signal.SIGKILL
    assert told["its journal knows of the order"]["kinds"] == ["submitted"]
    found = next(facts for text, facts in told.items() if text.startswith("a new trader reads it"))
    assert found["doubts"] == [killed["client_order_id"]]
    assert told["orders with this id at the exchange"]["count"] == 1
    assert told["fills"]["differences"] == []
    (written,) = [facts["entries"] for facts in told.values() if "entries" in facts]
    kinds = [entry["kind"] for entry in written]
    assert kinds[0] == "submitted"
    assert kinds.count("submitted") == 1
    assert "resolved" in kinds
    assert steps(done)[-1]["step"] == "Summary"


def test_the_journal_is_where_it_was_asked_for(tmp_path: Path) -> None:
    """TRACK-1: it can be read afterwards, and is not used for another exchange."""
    place = tmp_path / "demo.db"
    done = run("demo", "--json", "--journal", str(place))
    assert done.returncode == 0, done.stdout + done.stderr
    assert counts(place)["submitted"] == 5
    id = next(step["facts"]["client_order_id"] for step in steps(done) if step["step"] == "Heard")
    assert "PARTIALLY_FILLED" in run("journal", "trace", str(place), id).stdout
    again = run("demo", "--json", "--journal", str(place))
    assert (again.returncode, "its exchange is gone" in again.stderr) == (2, True)


@pytest.mark.recordings
@pytest.mark.parametrize("symbol", ["NKNUSDT", "BLZETH", "LRCBTC", "RUNEEUR"])
def test_on_real_input_it_adds_up_too(recording: Callable[[str], Path], symbol: str) -> None:
    """DATA-4: production's recorded exchangeInfo, snapshots and streams drive the books."""
    done = run("demo", "--json", "--symbol", symbol, *recorded(recording))
    assert done.returncode == 0, done.stdout + done.stderr
    assert steps(done)[-1]["step"] == "Summary"


@pytest.mark.recordings
def test_a_symbol_without_recording(recording: Callable[[str], Path]) -> None:
    done = run("demo", "--json", "--symbol", "ETHUSDT", *recorded(recording))
    assert done.returncode == 2
    assert "ETHUSDT has no market here" in steps(done)[-1]["text"]
    assert "NKNUSDT" in steps(done)[-1]["text"]


def recorded(recording: Callable[[str], Path]) -> list[str]:
    info, streams = "exchangeInfo-2021-10-12.json.gz", "streams-2021-10-12.log.gz"
    return ["--exchange-info", str(recording(info)), "--replay", str(recording(streams))]


@pytest.fixture
def testnet(certificates: Any, tmp_path: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """An embedded exchange over TLS, and the variables that make it stand for testnet."""
    server = subprocess.Popen(
        [*SUREFOOT, "exchange", "--port", "0", "--json",
         "--tls-cert", str(certificates.cert), "--tls-key", str(certificates.key)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    hello = json.loads(server.stdout.readline())
    assert hello["rest"].startswith("https://")
    variables = {
        "SUREFOOT_REST_URL": hello["rest"],
        "SUREFOOT_WS_API_URL": hello["ws_api"],
        "SUREFOOT_STREAMS_URL": hello["ws"],
        "SSL_CERT_FILE": str(certificates.ca),
        "XDG_STATE_HOME": str(tmp_path),
    }
    try:
        yield variables, hello["accounts"][0]
    finally:
        server.terminate()
        assert server.wait(10) == 0
        server.stdout.close()


def test_testnet_over_tls_with_an_hmac_key(testnet: tuple[dict[str, str], dict[str, str]]) -> None:
    """ENV-1: any URL can be overridden; the certificate is verified."""
    variables, key = testnet
    keys = {"SUREFOOT_API_KEY": key["api_key"], "SUREFOOT_API_SECRET": key["secret"]}
    done = run("demo", "--env", "testnet", "--json", **variables, **keys)
    assert done.returncode == 0, done.stdout + done.stderr
    assert next(Path(variables["XDG_STATE_HOME"], "surefoot").glob("demo-testnet-*.db"))
    untrusted = {name: value for name, value in variables.items() if name != "SSL_CERT_FILE"}
    refused = run("demo", "--env", "testnet", **untrusted, **keys)
    assert refused.returncode == 1
    assert "certificate" in refused.stdout.lower() + refused.stderr.lower()
    assert "Traceback" not in refused.stderr


def test_testnet_over_tls_with_an_ed25519_key(
    testnet: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    variables, key = testnet
    file = tmp_path / "key.pem"
    file.write_text(key["ed25519_private_key"])
    keys = {"SUREFOOT_API_KEY": key["ed25519_api_key"], "SUREFOOT_PRIVATE_KEY_FILE": str(file)}
    done = run("demo", "--env", "testnet", "--json", **variables, **keys)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "named"),
    [
        (["--env", "production"], {}, "refuses production"),
        (["--env", "testnet"], {}, "SUREFOOT_API_KEY"),
        (["--env", "testnet"], {"SUREFOOT_API_KEY": "abc"}, "SUREFOOT_API_SECRET"),
        (["--env", "testnet", "--seed", "1"], {}, "belong to the embedded exchange"),
        (["--env", "moon"], {}, "moon"),
        (["--exchange-info", "missing.json"], {}, "missing.json"),
        (["--symbol", "BTCUSD"], {}, "did you mean BTCUSDT"),
        (["--symbol", "btc/usdt"], {}, "did you mean BTCUSDT"),
        (["--kill", "--env", "testnet"], {}, "leave --env out"),
        (["--replay"], {}, "--replay was given no file"),
        (["--env", "testnet"], {**KEYS, "SUREFOOT_REST_URL": "https://api.binance.com"}, "is production"),
        (
            ["--env", "testnet"],
            {**KEYS, "SUREFOOT_WS_API_URL": "wss://ws-api.binance.us/ws"},
            "is production",
        ),
        (["--env", "testnet"], {**KEYS, "SUREFOOT_STREAMS_URL": "ws://[half"}, "SUREFOOT_STREAMS_URL"),
        (
            ["--env", "testnet"],
            {**KEYS, "SUREFOOT_REST_URL": "http://127.0.0.1:1"},
            "cannot connect",
        ),
        (
            ["--env", "testnet"],
            {**KEYS, "SUREFOOT_REST_URL": "nonsense"},
            "nonsense",
        ),
    ],
)
def test_bad_input_is_one_clear_sentence(arguments: list[str], variables: dict[str, str], named: str) -> None:
    """No traceback in the command line; the sentence names what was wrong."""
    done = run("demo", *arguments, **variables)
    assert done.returncode in {1, 2}
    said = done.stdout + done.stderr
    assert named in said
    assert "Traceback" not in said


def test_json_says_what_failed_too() -> None:
    """One object per step, and a failure is one: also when the exchange did not even start."""
    done = run("demo", "--json", "--exchange-info", "missing.json")
    assert done.returncode == 2
    assert steps(done) == [
        {
            "step": "Failed",
            "text": "cannot read missing.json: No such file or directory; check the path",
            "ok": False,
        }
    ]
    assert done.stderr.startswith("surefoot demo: cannot read missing.json")


@pytest.mark.parametrize("skew_ms", ["5000", "-5000"])
def test_with_the_wrong_clock_it_adds_up(skew_ms: str) -> None:
    server = subprocess.Popen(
        [*SUREFOOT, "exchange", "--port", "0", "--json", "--clock-skew-ms", skew_ms],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with server:
        assert server.stdout is not None
        hello = json.loads(server.stdout.readline())
        key = hello["accounts"][0]
        done = run(
            "demo",
            "--env",
            "testnet",
            "--json",
            SUREFOOT_REST_URL=hello["rest"],
            SUREFOOT_WS_API_URL=hello["ws_api"],
            SUREFOOT_STREAMS_URL=hello["ws"],
            SUREFOOT_API_KEY=key["api_key"],
            SUREFOOT_API_SECRET=key["secret"],
        )
        server.terminate()
    assert done.returncode == 0, done.stdout + done.stderr
    clock = next(step["facts"] for step in steps(done) if step["step"] == "Clock")
    assert abs(clock["offset_ms"] - float(skew_ms)) < 500
