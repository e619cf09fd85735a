"""exchangeInfo remembered: for how long, in which file, and what is done with a file that cannot be used."""

from pathlib import Path

import msgspec
import pytest

from surefoot.client.catalogue import DOUBTED_MS, FRESH_MS, USABLE_MS, Catalogue
from surefoot.exchange.core.listing import default_exchange_info
from surefoot.spot.environments import PRODUCTION, TESTNET, Environment
from surefoot.spot.general import ExchangeInfo
from surefoot.world import FileStorage, Storage

INFO = msgspec.convert(default_exchange_info(), ExchangeInfo)
NOON_MS = 1_767_268_800_000
FILE = "exchange-info-testnet.json"


class Shelf:
    """A storage in memory; `broken` makes each of its methods fail."""

    def __init__(self, **files: bytes) -> None:
        self.files = files
        self.broken = False
        self.reads = 0

    def read(self, name: str) -> bytes | None:
        self.reads += 1
        self._check()
        return self.files.get(name)

    def write(self, name: str, content: bytes) -> None:
        self._check()
        self.files[name] = content

    def _check(self) -> None:
        if self.broken:
            raise PermissionError("not yours")


def catalogue(storage: Storage | None, environment: Environment = TESTNET) -> tuple[Catalogue, list[str]]:
    told: list[str] = []
    return Catalogue(environment, storage, told.append), told


def test_what_was_heard_is_fresh_for_half_an_hour_and_usable_for_an_hour() -> None:
    """RULES-4."""
    known, _ = catalogue(None)
    assert known.fresh(NOON_MS) is None
    book = known.learn(INFO, NOON_MS)
    assert known.fresh(NOON_MS + FRESH_MS - 1) is book
    assert known.fresh(NOON_MS + FRESH_MS) is None
    assert known.usable(NOON_MS + USABLE_MS - 1) is book
    assert known.usable(NOON_MS + USABLE_MS) is None


def test_what_is_doubted_is_asked_for_again_but_not_at_once() -> None:
    """RULES-4: refreshed when the exchange rejects on a filter; a refusal each second asks once a minute."""
    known, _ = catalogue(None)
    book = known.learn(INFO, NOON_MS)
    assert known.doubt(NOON_MS + DOUBTED_MS - 1) is False
    assert known.fresh(NOON_MS + DOUBTED_MS) is book
    assert known.doubt(NOON_MS + DOUBTED_MS) is True
    assert known.fresh(NOON_MS + DOUBTED_MS) is None
    again = known.learn(INFO, NOON_MS + DOUBTED_MS)
    assert known.fresh(NOON_MS + DOUBTED_MS) is again


def test_asking_that_failed_is_put_off_for_a_minute() -> None:
    known, _ = catalogue(None)
    book = known.learn(INFO, NOON_MS)
    later = NOON_MS + FRESH_MS
    known.put_off(later)
    assert known.fresh(later) is book
    assert known.fresh(later + DOUBTED_MS) is None
    known.put_off(NOON_MS + USABLE_MS)
    assert known.fresh(NOON_MS + USABLE_MS) is None


def test_a_file_gives_the_same_rules_to_the_next_start(tmp_path: Path) -> None:
    """RULES-4: kept on disk for a fast start."""
    first, told = catalogue(FileStorage(tmp_path))
    rules = first.learn(INFO, NOON_MS)["BTCUSDT"]
    second, said = catalogue(FileStorage(tmp_path))
    book = second.fresh(NOON_MS + FRESH_MS - 1)
    assert book is not None
    assert book["BTCUSDT"] == rules
    assert list(book) == [each.symbol for each in INFO.symbols]
    assert (told, said) == ([], [])
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_file_older_than_fresh_is_usable_only() -> None:
    shelf = Shelf()
    catalogue(shelf)[0].learn(INFO, NOON_MS)
    known, told = catalogue(shelf)
    assert known.fresh(NOON_MS + FRESH_MS) is None
    assert known.usable(NOON_MS + FRESH_MS) is not None
    assert told == []


def test_without_a_storage_nothing_is_written_and_a_file_is_read_once() -> None:
    known, told = catalogue(None)
    known.learn(INFO, NOON_MS)
    assert told == []
    shelf = Shelf()
    other, _ = catalogue(shelf)
    for _ in range(3):
        assert other.fresh(NOON_MS) is None
    assert shelf.reads == 1


def written() -> bytes:
    shelf = Shelf()
    catalogue(shelf)[0].learn(INFO, NOON_MS)
    return shelf.files[FILE]


def changed(**fields: object) -> bytes:
    head, _, body = written().partition(b"\n")
    return msgspec.json.encode(msgspec.json.decode(head) | fields) + b"\n" + body


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"<html>", "cannot be read"),
        (b'{"format":"surefoot exchangeInfo 1"}\n{}', "cannot be read"),
        (written()[:-40], "damaged"),
        (written().replace(b'"0.01"', b'"0.09"').replace(b"0.01000000", b"0.09000000"), "damaged"),
        (changed(format="surefoot exchangeInfo 0"), "another version"),
        (changed(shape="0"), "another version"),
        (changed(environment="production"), "it is of production"),
        (changed(rest="https://elsewhere.example"), "at https://elsewhere.example"),
        (changed(heard_at_ms=NOON_MS - USABLE_MS), "last 60 minutes"),
        (changed(heard_at_ms=NOON_MS + 1), "last 60 minutes"),
        (changed(heard_at_ms="soon"), "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_replaced(content: bytes, reason: str) -> None:
    """RULES-4: bad or foreign: asked for again with a line of log, never an exception."""
    shelf = Shelf(**{FILE: content})
    known, told = catalogue(shelf)
    assert known.fresh(NOON_MS) is None
    assert known.usable(NOON_MS) is None
    assert len(told) == 1
    assert reason in told[0]
    known.learn(INFO, NOON_MS)
    assert shelf.files[FILE] == written()


def test_each_environment_has_its_own_file() -> None:
    shelf = Shelf()
    catalogue(shelf)[0].learn(INFO, NOON_MS)
    known, told = catalogue(shelf, PRODUCTION)
    assert known.fresh(NOON_MS) is None
    known.learn(INFO, NOON_MS)
    assert sorted(shelf.files) == ["exchange-info-production.json", FILE]
    assert told == []


def test_a_disk_that_fails_is_told_and_nothing_else() -> None:
    shelf = Shelf()
    shelf.broken = True
    known, told = catalogue(shelf)
    assert known.fresh(NOON_MS) is None
    known.learn(INFO, NOON_MS)
    assert known.fresh(NOON_MS) is not None
    assert [("not used" in text, "could not be written" in text) for text in told] == [
        (True, False),
        (False, True),
    ]
