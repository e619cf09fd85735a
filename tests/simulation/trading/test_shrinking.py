"""A failing story is made as short as it can be."""

from surefoot.simulation.trading.courts import Breach, Law
from surefoot.simulation.trading.drawing import draw
from surefoot.simulation.trading.options import TradingOptions
from surefoot.simulation.trading.running import Outcome
from surefoot.simulation.trading.shrinking import Shrinker, size
from surefoot.simulation.trading.words import told


def outcome(*breaches: Breach) -> Outcome:
    return Outcome(
        seed=0, trace_hash="", crossings=0, virtual_s=0, kills=0, struck=0, orders=0, doubts=0, counts={},
        looked={}, breaches=breaches,
    )  # fmt: skip


def fails_for(options: TradingOptions) -> Outcome:
    """It fails while alice has a sixth action, and anything at all is killed."""
    numbers = [action.number for role in options.roles if role.name == "alice" for action in role.actions]
    guilty = 6 in numbers and options.kills
    return outcome(*([Breach(Law.ONCE, "twice")] if guilty else []))


def test_what_does_not_matter_is_left_out() -> None:
    options = next(one for one in (draw(seed, "heavy") for seed in range(100)) if len(one.kills) > 2)
    shrinker = Shrinker(Law.ONCE, played=fails_for)
    small = shrinker.shrink(options)
    assert fails_for(small).breaches
    assert [role.name for role in small.roles] == ["alice"]
    assert [action.number for action in small.roles[0].actions] == [6]
    assert len(small.kills) == 1
    assert size(small) == 3
    assert shrinker.runs < 100


def test_another_failure_does_not_count() -> None:
    options = draw(1, "heavy")
    assert Shrinker(Law.MONEY, played=fails_for).shrink(options) == options


def test_a_story_in_words() -> None:
    for seed in range(30):
        lines = list(told(draw(seed, "heavy")))
        assert lines[0] == f"seed {seed}"
        assert any(line.startswith("alice: ") for line in lines)
        assert any(line.startswith("what goes wrong: ") for line in lines)
