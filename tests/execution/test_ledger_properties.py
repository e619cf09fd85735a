"""The ledger as a fold: in whatever order it hears, wherever it is interrupted."""

from collections.abc import Iterable

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from surefoot.execution.days import DAY_MS, KEPT_DAYS
from surefoot.execution.fills import Fill
from surefoot.execution.ledger import Ledger, LedgerState
from surefoot.execution.trails import KEPT_FILLS
from surefoot.rules.quantise import EXACT, ZERO
from tests.execution.deals import ASSETS, D, buy, fills, sell

Told = tuple[str, str, int, int, int]
NEWS = st.lists(
    st.tuples(
        st.sampled_from(("told", "moved", "locked")),
        st.sampled_from(("BTC", "USDT")),
        *[st.integers(0, 50)] * 3,
    ),
    max_size=20,
)


def ledger_of(made: Iterable[Fill | Told], ledger: Ledger | None = None) -> Ledger:
    ledger = ledger or Ledger()
    for symbol, (base, quote) in ASSETS.items():
        ledger.listed(symbol, base, quote)
    for one in made:
        match one:
            case Fill():
                ledger.filled(one)
            case ("told", asset, free, locked, at_ms):
                ledger.told(asset, D(free), D(locked), at_ms)
            case ("moved", asset, delta, _, at_ms):
                ledger.moved(asset, D(delta), at_ms)
            case (_, asset, delta, _, at_ms):
                ledger.locked(asset, D(delta), at_ms)
    return ledger


@given(fills("BTCUSDT", 8), fills("ETHBTC", 8), fills("BNBUSDT", 8), st.data())
def test_any_order_makes_the_same(a: list[Fill], b: list[Fill], c: list[Fill], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations([*a, *b, *c]))
    assert ledger_of(shuffled).state() == ledger_of([*a, *b, *c]).state()


def test_among_many_a_late_one_still_finds_its_place() -> None:
    made = [(buy, sell)[n % 3 == 2]("1", str(100 + n), trade_id=n, time_ms=n) for n in range(5 * KEPT_FILLS)]
    delayed = [made[n + 1 if n % 2 == 0 else n - 1] for n in range(len(made))]
    late = ledger_of([*made[:100], *made[101:140], made[100], *made[140:]])
    assert ledger_of(delayed).state() == ledger_of(made).state() == late.state()
    assert len(late.state().trails["BTCUSDT"].kept) == KEPT_FILLS


@given(fills(most=12), NEWS, st.integers(0, 40), st.data())
def test_a_checkpoint_changes_nothing(
    made: list[Fill], news: list[Told], at: int, data: st.DataObject
) -> None:
    heard = data.draw(st.permutations([*made, *news]))
    before = ledger_of(heard[:at])
    written = msgspec.json.encode(before.state())
    resumed = Ledger.restored(msgspec.json.decode(written, type=LedgerState))
    assert resumed.state() == before.state()
    assert ledger_of(heard[at:], resumed).state() == ledger_of(heard).state()


@given(fills("BTCUSDT"), fills("BNBUSDT"))
def test_the_days_add_up_to_the_positions(a: list[Fill], b: list[Fill]) -> None:
    ledger = ledger_of([*a, *b])
    days = [ledger.days.of(day * DAY_MS, "USDT") for day in range(KEPT_DAYS)]
    total = ZERO
    for symbol in ledger:
        position = ledger.position(symbol)
        total = EXACT.add(total, position.realised if position.quote == "USDT" else ZERO)
    for day in days:
        total = EXACT.subtract(total, day.realised)
    assert total == ZERO
    paid = sum((each.commissions.get("XRP", ZERO) for each in days), ZERO)
    assert paid == sum((one.commission for one in (*a, *b) if one.commission_asset == "XRP"), ZERO)


@given(NEWS, st.data())
def test_balances_are_the_newest_word_and_what_came_after_it(news: list[Told], data: st.DataObject) -> None:
    tells = [each for each in news if each[0] == "told" and each[1] == "BTC"]
    differences = [each for each in news if each[0] != "told" and each[1] == "BTC"]
    heard = data.draw(st.permutations(differences))
    cut = data.draw(st.integers(0, len(heard)))
    shown = ledger_of([*heard[:cut], *tells, *heard[cut:]]).balances
    if not tells:
        assert "BTC" not in shown
        return
    free, locked, at_ms = [each for each in tells if each[4] == max(one[4] for one in tells)][-1][2:]
    for kind, _, delta, _, when_ms in differences:
        if when_ms > at_ms:
            free += delta if kind == "moved" else -delta
            locked += 0 if kind == "moved" else delta
    assert (shown["BTC"].free, shown["BTC"].locked) == (free, locked)
