"""`surefoot exchange`: one line when it is ready, exit 0 when it is told to stop, exit 2 on bad input."""

import gzip
import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cyclopts
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from surefoot.cli.exchange import exchange
from surefoot.exchange.listing import default_exchange_info

PROGRAM = """
import sys
import cyclopts
from surefoot.cli.exchange import exchange
app = cyclopts.App()
app.command(exchange)
sys.exit(app(sys.argv[1:], result_action="return_value"))
"""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", PROGRAM, "exchange", *arguments]


@contextmanager
def running(*arguments: str, stdin: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command("--port", "0", *arguments), stdin=stdin, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def hello(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    return json.loads(process.stdout.readline())


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs the command in this process; it must end with 2 and say why on standard error."""
    app = cyclopts.App()
    app.command(exchange)

    def run(*arguments: str) -> str:
        assert app(["exchange", *arguments], result_action="return_value") == 2
        said = capsys.readouterr()
        assert said.out == ""
        return said.err

    return run


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_stops_when_told(number: signal.Signals) -> None:
    with running("--json", "--liquidity", "none") as process:
        said = hello(process)
        assert set(said) == {"rest", "ws", "ws_api", "accounts"}
        assert said["rest"].startswith("http://127.0.0.1:")
        assert said["ws_api"] == said["ws"] + "/ws-api/v3"
        assert len(said["accounts"]) == 2
        for account in said["accounts"]:
            assert set(account) == {"api_key", "secret", "ed25519_api_key", "ed25519_private_key"}
            load_pem_private_key(account["ed25519_private_key"].encode(), None)
        with urllib.request.urlopen(said["rest"] + "/api/v3/exchangeInfo", timeout=5) as answer:
            assert len(json.load(answer)["symbols"]) == 4
        process.send_signal(number)
        assert process.wait(10) == 0


def test_a_seed_makes_the_same_keys() -> None:
    """AUTH-5: without a seed keys are unguessable, so they differ each time."""
    with running("--json", "--seed", "7") as one, running("--json", "--seed", "7") as two:
        assert hello(one)["accounts"] == hello(two)["accounts"]
    with running("--json") as one, running("--json") as two:
        assert hello(one)["accounts"] != hello(two)["accounts"]


def test_for_people_it_is_one_line_without_secrets() -> None:
    with running("--seed", "7", "--symbols", "ETHBTC", "BTCUSDT") as process:
        assert process.stdout
        line = process.stdout.readline()
        assert "http://127.0.0.1:" in line
        assert "PRIVATE KEY" not in line


def test_a_recorded_exchange_information(tmp_path: Path) -> None:
    """SIM-1: gzipped or not."""
    info = default_exchange_info()
    info["symbols"] = info["symbols"][1:2]
    path = tmp_path / "info.json.gz"
    path.write_bytes(gzip.compress(json.dumps(info).encode()))
    with running("--json", "--exchange-info", str(path)) as process:
        answer = urllib.request.urlopen(hello(process)["rest"] + "/api/v3/exchangeInfo", timeout=5)
        with answer:
            assert [row["symbol"] for row in json.load(answer)["symbols"]] == ["ETHUSDT"]


def test_it_ends_with_its_parent() -> None:
    with running("--json", "--parent-watch", stdin=subprocess.PIPE) as process:
        hello(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(10) == 0
        process.stdin = None


def test_a_taken_port(refused: Callable[..., str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        text = refused("--port", str(taken.getsockname()[1]))
    assert "choose another port" in text


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--symbols", "NOPE"), "unknown symbol NOPE"),
        (("--port", "70000"), "port 70000 does not exist"),
        (("--exchange-info", "nowhere.json"), "cannot read nowhere.json"),
        (("--replay", "nowhere.log"), "cannot read nowhere.log"),
        (("--host", "0.0.0.0"), "not a loopback address"),
        (("--tls-cert", "cert.pem"), "belong together"),
        (("--tls-cert", "a.pem", "--tls-key", "b.pem"), "cannot serve TLS"),
    ],
)
def test_bad_input(refused: Callable[..., str], arguments: tuple[str, ...], text: str) -> None:
    assert text in refused(*arguments)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"{", "is not JSON"),
        (b"[]", "holds no symbols"),
        (b"\x1f\x8bnonsense", "damaged gzip"),
        (json.dumps({"symbols": [{"symbol": "X"}], "rateLimits": []}).encode(), "cannot be read"),
    ],
)
def test_bad_exchange_information(
    refused: Callable[..., str], tmp_path: Path, content: bytes, text: str
) -> None:
    path = tmp_path / "info"
    path.write_bytes(content)
    assert text in refused("--exchange-info", str(path))


def test_bad_recordings(refused: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"\xff\xfe")
    assert "not a text recording" in refused("--replay", str(path))
    path.write_text("https://host/api/v3/depth?symbol=BTCUSDT -> 1.0: {}\n")
    assert "cannot be read" in refused("--replay", str(path))


def test_the_real_recording_drives_the_books(recording: Any) -> None:
    """SIM-1: production's recorded exchangeInfo, snapshots and streams."""
    files = [str(recording(name)) for name in ("rest-2021-10-12.log.gz", "streams-2021-10-12.log.gz")]
    info = str(recording("exchangeInfo-2021-10-12.json.gz"))
    with running("--json", "--exchange-info", info, "--replay", *files) as process:
        url = hello(process)["rest"] + "/api/v3/depth?symbol=NKNUSDT&limit=5000"
        with urllib.request.urlopen(url, timeout=10) as answer:
            book = json.load(answer)
        assert len(book["bids"]) > 100
        assert float(book["bids"][0][0]) < float(book["asks"][0][0])
