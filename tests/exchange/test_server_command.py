"""`surefoot exchange` as a process: one line when it is ready, exit 0 when it is told to stop."""

import base64
import gzip
import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from surefoot.exchange.core.listing import default_exchange_info
from tests.conftest import KeyPair


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "surefoot", "exchange", *arguments]


@contextmanager
def running(*arguments: str, stdin: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command("--port", "0", *arguments),
        stdin=stdin,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - it takes no lock
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def hello(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    return json.loads(process.stdout.readline())


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


def test_a_key_that_the_customer_made(rsa_pair: KeyPair, tmp_path: Path) -> None:
    """AUTH-1: RSA keys are made by their owner; the exchange is handed the public half."""
    file = tmp_path / "public.pem"
    file.write_bytes(rsa_pair.public)
    with running("--json", "--public-key", f"alice={file}") as process:
        said = hello(process)
        (registered,) = said["registered"]
        assert (registered["account"], registered["file"]) == ("alice", str(file))
        key = load_pem_private_key(rsa_pair.private.encode(), None)
        query = f"timestamp={time.time_ns() // 1_000_000}"
        signature = base64.b64encode(key.sign(query.encode(), PKCS1v15(), SHA256())).decode()
        url = f"{said['rest']}/api/v3/account?{query}&{urlencode({'signature': signature})}"
        asked = urllib.request.Request(url, headers={"X-MBX-APIKEY": registered["api_key"]})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert json.load(answer)["balances"]


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
