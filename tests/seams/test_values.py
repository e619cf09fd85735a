"""Money, secrets, URLs, the error tree, the real world."""

import copy
import pickle
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot import errors
from surefoot.errors import FilterViolation, Happened, Misuse
from surefoot.values import CLIENT_ORDER_ID, Secret, money, plain
from surefoot.wire import Origin, parse_url
from surefoot.world import SeededEntropy, SystemEntropy, storage_at, system_world


@pytest.mark.parametrize("given_money", [1.0, float("nan"), True, None, b"1", [1]])
def test_floats_and_other_things_are_not_money(given_money: object) -> None:
    """RULES-1: no float reaches the wire."""
    with pytest.raises(Misuse, match="quantity"):
        money("quantity", given_money)


@pytest.mark.parametrize("text", ["", "1,5", "abc", "NaN", "Infinity", "-Infinity", "0x10"])
def test_malformed_numbers_are_named(text: str) -> None:
    with pytest.raises(Misuse, match="price"):
        money("price", text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_plain_text_is_exact_and_never_scientific(value: Decimal) -> None:
    """RULES-1."""
    assert "e" not in plain(value).lower()
    assert Decimal(plain(value)) == value
    assert money("x", plain(value)) == value


def test_a_secret_does_not_print() -> None:
    """AUTH-5, OBS-5: secrets are a type that does not print."""
    secret = Secret("hush")
    shown = f"{secret} {secret!r} {[secret]} {secret!s:>10}"
    assert "hush" not in shown
    with pytest.raises(Misuse):
        pickle.dumps(secret)
    with pytest.raises(Misuse):
        copy.copy(secret)
    assert secret.reveal() == "hush"


@pytest.mark.parametrize(
    ("id", "legal"),
    [("a", True), ("A-z_9" * 7, True), ("x" * 36, True), ("x" * 37, False), ("", False), ("é", False)],
)
def test_the_alphabet_of_client_order_ids(id: str, legal: bool) -> None:
    """ORDER-4."""
    assert bool(CLIENT_ORDER_ID.fullmatch(id)) is legal


def test_urls() -> None:
    assert parse_url("https://api.binance.com") == (Origin("https", "api.binance.com", 443), "")
    assert parse_url("ws://127.0.0.1:9000/ws-api/v3/") == (Origin("ws", "127.0.0.1", 9000), "/ws-api/v3")
    assert Origin("http", "h", 80).authority == "h"
    assert Origin("https", "::1", 9443).authority == "[::1]:9443"
    for bad in ("api.binance.com", "ftp://h", "http://", "http://h:99999"):
        with pytest.raises(Misuse):
            parse_url(bad)


def _tree(kind: type[errors.SurefootError]) -> list[type[errors.SurefootError]]:
    return [kind, *(leaf for child in kind.__subclasses__() for leaf in _tree(child))]


def test_every_error_is_drawn_in_the_tree_and_answers_the_question() -> None:
    drawn = errors.__doc__ or ""
    own = [kind for kind in _tree(errors.SurefootError) if kind.__module__ == "surefoot.errors"]
    assert len(own) > 15
    for kind in own:
        assert kind.__name__ in drawn
        assert isinstance(kind.happened, Happened)


def test_a_filter_violation_says_what_and_how() -> None:
    violation = FilterViolation("LOT_SIZE", "quantity", "0.15", "stepSize 0.1", "0.1")
    assert str(violation) == "LOT_SIZE: quantity 0.15 violates stepSize 0.1; nearest legal value 0.1"
    assert violation.happened is Happened.NO


def test_seeded_dice_fall_alike_and_real_ones_do_not() -> None:
    assert SeededEntropy(7).token(20) == SeededEntropy(7).token(20)
    assert SystemEntropy().token(20) != SystemEntropy().token(20)
    drawn = SystemEntropy().token(50_000)
    assert len(drawn) == 50_000
    counts = [drawn.count(digit) for digit in "0123456789abcdefghijklmnopqrstuvwxyz"]
    assert sum(counts) == 50_000
    assert min(counts) > 1_000  # 1,389 expected: fewer has a chance below 1e-20
    assert 0 <= SystemEntropy().uniform() < 1


def test_storage_keeps_whole_files(tmp_path: Path) -> None:
    storage = system_world(tmp_path / "new").storage
    assert storage.read("x.json") is None
    storage.write("x.json", b"one")
    storage.write("x.json", b"two")
    assert storage.read("x.json") == b"two"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["x.json"]


def test_a_storage_is_given_as_itself_or_as_the_path_of_a_folder(tmp_path: Path) -> None:
    for place in (tmp_path, str(tmp_path)):
        storage = storage_at(place)
        assert storage is not None
        storage.write("x.json", b"one")
        assert storage_at(storage) is storage
    assert (tmp_path / "x.json").read_bytes() == b"one"
    assert storage_at(None) is None


def test_the_clocks_agree_about_a_while() -> None:
    clock = system_world().clock
    wall, monotonic = clock.wall_ms(), clock.monotonic_ms()
    assert clock.monotonic_ms() >= monotonic
    assert abs(clock.wall_ms() - wall) < 60_000


KNOWN = errors.Facts(
    client_order_id="sf-1", code=-1003, retry_at_ms=5, headers={"retry-after": "1"}, data={"a": [1]}
)


@pytest.mark.parametrize(
    "error",
    [
        errors.Misuse("closed"),
        errors.OutcomeUnknown("silence", KNOWN),
        errors.HeldBack("banned", KNOWN),
        errors.RateLimited("too much", KNOWN),
        FilterViolation("LOT_SIZE", "quantity", 1, 2, 3, facts=KNOWN),
        errors.PolicyRefusal("most a day", 1, 2),
        errors.PartlyDone("half", KNOWN, done=1, refused=2),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_crosses_to_another_process_whole(error: errors.SurefootError) -> None:
    """What a pool of processes hands back must still say whether it happened."""
    error.add_note("somewhere else")
    assert error.retry_at_ms == error.facts.retry_at_ms
    twin = pickle.loads(pickle.dumps(error))
    assert type(twin) is type(error)
    assert (str(twin), vars(twin)) == (str(error), vars(error))
    assert twin.happened is error.happened
