"""Files that people hand over: recorded exchange information and recorded markets. What is wrong with one is
said with its name.
"""

import gzip
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from surefoot.errors import Misuse
from surefoot.exchange.limits.profile import PROFILES, LimitChanges, LimitProfile, named, read
from surefoot.exchange.liquidity.recording import Recording, read_recording
from surefoot.spot.general import ExchangeInfo

_GZIPPED = b"\x1f\x8b"
_WANTED = "give an answer of GET /api/v3/exchangeInfo"


def read_info(path: Path) -> dict[str, Any]:
    """Recorded exchange information, as the JSON it is; raises `Misuse` naming the file and what it lacks."""
    data = _opened(path)
    try:
        info = msgspec.json.decode(data)
        known = msgspec.convert(info, ExchangeInfo, strict=False)
    except msgspec.ValidationError as error:
        raise Misuse(f"{path} is not exchange information ({error}); {_WANTED}") from None
    except msgspec.DecodeError as error:
        raise Misuse(f"{path} is not JSON ({error}); {_WANTED}") from None
    if not known.symbols:
        raise Misuse(f"{path} lists no symbols; {_WANTED}")
    assert isinstance(info, dict)
    return info


def read_limits(text: str) -> LimitProfile | LimitChanges:
    """``production``, ``generous``, or the limits that a JSON file names; raises `Misuse`."""
    if text in PROFILES:
        return named(text)
    path = Path(text)
    if not path.exists() and not path.suffix:
        return named(text)  # more likely a slip of the pen than a file
    try:
        return read(msgspec.json.decode(_opened(path)))
    except msgspec.DecodeError as error:
        raise Misuse(f"{path} is not JSON ({error}); give limits as exchangeInfo prints them") from None
    except Misuse as misuse:
        raise Misuse(f"{path}: {misuse}") from None


def read_market(paths: Sequence[Path]) -> Recording:
    """Snapshots and streams are told apart by their lines, so the order of the files does not matter."""
    if not paths:
        raise Misuse("--replay was given no file; name recorded streams, or leave it out")
    rest: list[str] = []
    streams: list[str] = []
    found = _with_snapshots(paths)
    for path in found:
        lines = _lines(path)
        (rest if any(" -> " in line for line in lines[:5]) else streams).extend(lines)
    names = ", ".join(map(str, found))
    try:
        return read_recording(rest, streams)
    except Misuse as error:
        raise Misuse(f"{names}: {error}; give logs of REST and stream answers") from None


def read_rules(given: str) -> list[Any]:
    """Rules of faults as JSON on the command line, or the name of a file that holds one or a list of them.

    Raises `Misuse` naming the file that cannot be read, or what was given that is no JSON.
    """
    inline = given.lstrip()[:1] in {"{", "["}
    data = given.encode() if inline else _opened(Path(given))
    try:
        rules = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Misuse(f"--fault {given}: no JSON ({error}); give a rule as JSON, or a file of rules") from None
    return rules if isinstance(rules, list) else [rules]


def _opened(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise Misuse(f"cannot read {path}: {reason}; check the path") from None
    if data[:2] != _GZIPPED:
        if path.suffix == ".gz":
            raise Misuse(f"{path} is named .gz but is not gzip; fetch it again, or give it its right name")
        return data
    try:
        return gzip.decompress(data)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Misuse(f"{path} is a damaged gzip file ({error}); fetch it again") from None


def _lines(path: Path) -> list[str]:
    try:
        return _opened(path).decode().splitlines()
    except UnicodeDecodeError:
        raise Misuse(f"{path} is not a text recording; give logs of REST and stream answers") from None


def _with_snapshots(paths: Iterable[Path]) -> list[Path]:
    """A file of streams brings the snapshots recorded with it: ``streams-X`` its neighbour ``rest-X``."""
    found = list(dict.fromkeys(paths))
    for path in tuple(found):
        snapshots = path.with_name(path.name.replace("streams-", "rest-", 1))
        if path.name.startswith("streams-") and snapshots not in found and snapshots.is_file():
            found.append(snapshots)
    return found
