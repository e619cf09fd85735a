"""What goes wrong in a run, as its seed draws it."""

from collections import Counter
from typing import get_args

import msgspec

from surefoot.exchange.faults import Fault, Rule
from surefoot.exchange.faults.rules import read_rule
from surefoot.simulation.faults import Fault as WireFault
from surefoot.simulation.happenings import Happening
from surefoot.simulation.options import draw_options
from surefoot.simulation.swarm import Wrong, draw_swarm
from surefoot.world import SeededEntropy

SEEDS = 600
DRAWN = [draw_swarm(SeededEntropy(f"{seed}/swarm")) for seed in range(SEEDS)]


def kind(one: Wrong) -> type:
    return type(one.fault) if isinstance(one, Rule) else type(one)


def test_together_the_seeds_draw_everything() -> None:
    drawn = {kind(one) for wrong in DRAWN for one in wrong}
    assert drawn == {*get_args(Fault), *get_args(WireFault), *get_args(Happening)}


def test_some_runs_are_heavy_in_one_kind_and_others_mix_many() -> None:
    mixtures = [Counter(map(kind, wrong)) for wrong in DRAWN]
    assert any(len(mixture) == 1 and mixture.total() >= 8 for mixture in mixtures)
    assert any(len(mixture) >= 8 for mixture in mixtures)
    assert any(not mixture for mixture in mixtures)


def test_the_exchange_takes_every_rule() -> None:
    rules = [one for wrong in DRAWN for one in wrong if isinstance(one, Rule)]
    assert [read_rule(rule) for rule in rules] == rules


def test_nothing_that_is_drawn_is_left_out_of_the_options() -> None:
    for seed in range(50):
        options = draw_options(seed)
        assert len(options.plan) + len(options.rules) + len(options.happens) == len(DRAWN[seed])
        assert msgspec.json.decode(msgspec.json.encode(options))["room"]["weight"] in {300, 1_200, 6_000}
