"""`surefoot exchange`: what it refuses, in the words people see."""

import gzip
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.cli.app import run

EMPTY = '"timezone":"UTC","serverTime":0,"rateLimits":[],"exchangeFilters":[],"symbols":[]'
GOOD = '{"lastUpdateId":1,"bids":[["1","1"]],"asks":[["2","1"]]}'


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--port", "-1"], "port -1 does not exist; choose one from 1 to 65535"),
        (["--port", "70000"], "port 70000 does not exist"),
        (["--port", "abc"], 'unable to convert "abc" into int; see surefoot --help'),
        (["--symbols"], "--symbols was given no symbol; name some of BTCUSDT, ETHUSDT, BNBUSDT, ETHBTC"),
        (["--symbols", ""], "symbol '' is not listed; did you mean BTCUSDT"),
        (["--symbols", "btcusdt"], "symbol 'btcusdt' is not listed; did you mean BTCUSDT"),
        (["--symbols", "BTCUSDT,ETHBTC"], "symbol 'BTCUSDT,ETHBTC' is not listed; did you mean BTCUSDT"),
        (["--replay"], "--replay was given no file"),
        (["--clock-skew-ms", "nan"], "--clock-skew-ms nan is not within a year"),
        (["--clock-skew-ms", "-inf"], "--clock-skew-ms -inf is not within a year"),
        (["--clock-skew-ms", "1e30"], "--clock-skew-ms 1e+30 is not within a year"),
        (["--liquidity", "huge"], '"quiet"'),
        (["--host", "0.0.0.0"], "not a loopback address; give --tls-cert"),
        (["--tls-cert", "cert.pem"], "belong together"),
        (["--tls-cert", "a.pem", "--tls-key", "b.pem"], "cannot serve TLS with a.pem and b.pem"),
        (["--public-key", "alice"], "--public-key 'alice' is not ACCOUNT=FILE"),
        (["--public-key", "alice=missing.pem"], "cannot read missing.pem: No such file"),
        (
            ["--public-key", "alice=README.md"],
            "--public-key alice=README.md: the public key is not a readable PEM",
        ),
        (["--public-key", "carol=/dev/null"], "account 'carol' is not open here; there are alice, bob"),
        (["--fault", "missing.json"], "cannot read missing.json: No such file"),
        (["--fault", "{"], "--fault {: no JSON (Input data was truncated)"),
        (["--fault", '{"kind":"latency","ms":"1"}'], "Expected `float`, got `str` - at `$.fault.ms`"),
        (["--fault", '[{"kind":"cut"},{"fault":{"kind":"cut"},"tims":1}]'], "unknown field `tims`"),
        (["--replay", "missing.log"], "cannot read missing.log: No such file"),
        (["--exchange-info", "missing.json"], "cannot read missing.json: No such file"),
        (["--exchange-info", "."], "cannot read .: Is a directory"),
    ],
)
def test_wrong_usage(words: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(words, capsys).find(named) >= 0


def refusal(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["exchange", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("surefoot: ")
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "is not JSON"),
        ("hello", "is not JSON"),
        ("[1]", "Expected `object`, got `array`"),
        ('{"a": 1}', "missing required field `timezone`"),
        ('{"symbols": [1]}', "Expected `object`, got `int` - at `$.symbols[0]`"),
        (f"{{{EMPTY}}}", "lists no symbols"),
    ],
)  # fmt: skip
def test_exchange_information_that_is_none(
    text: str, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "info.json"
    file.write_text(text)
    said = refusal(["--exchange-info", str(file)], capsys)
    assert f"{file} " in said
    assert named in said
    assert "give an answer of GET /api/v3/exchangeInfo" in said


@pytest.mark.parametrize("option", ["--exchange-info", "--replay"])
@pytest.mark.parametrize(
    ("data", "named"),
    [
        (gzip.compress(b"{}" * 500, mtime=0)[:-9], "is a damaged gzip file"),
        (b"{}", "is named .gz but is not gzip"),
        (gzip.compress(b"\xff\xfe\x00", mtime=0), "is not"),
    ],
)
def test_damaged_files(
    option: str, data: bytes, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file.gz"
    file.write_bytes(data)
    said = refusal([option, str(file)], capsys)
    assert str(file) in said
    assert named in said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "holds no depth snapshot"),
        ("https://x/api/v3/depth?symbol=BTCUSDT -> 1.0: {}", "lacks 'lastUpdateId'"),
        ("https://x/api/v3/depth?limit=5 -> 1.0: {}", "line 1 of the REST recording lacks 'symbol'"),
        ("https://x/api/v3/depth?symbol=BTCUSDT -> 1.0: {", "line 1 of the REST recording"),
        (f"https://x/api/v3/depth?symbol=NONE -> 1.0: {GOOD}", "NONE, not listed here; give the"),
    ],
)  # fmt: skip
def test_recordings_that_are_none(
    text: str, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rest.log"
    file.write_text(text)
    assert named in refusal(["--replay", str(file)], capsys)


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = refusal(["--port", str(taken.getsockname()[1])], capsys)
    assert "address already in use; choose another port, or 0" in said


@pytest.mark.recordings
def test_a_recording_cut_short(
    recording: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "streams.log.gz"
    file.write_bytes(recording("streams-2021-10-12.log.gz").read_bytes()[:3000])
    assert "is a damaged gzip file" in refusal(["--replay", str(file)], capsys)
