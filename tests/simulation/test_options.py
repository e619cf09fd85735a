"""What a seed draws."""

import msgspec

from surefoot.simulation.faults import ClockStep, Cut, Moment, Outage, Silence
from surefoot.simulation.options import REST, SESSION, SIGNED, draw_options


def test_the_same_seed_draws_the_same() -> None:
    assert draw_options(1) == draw_options(1) != draw_options(2)


def test_together_the_seeds_draw_everything() -> None:
    drawn = [draw_options(seed) for seed in range(300)]
    faults = [fault for options in drawn for fault in options.plan]
    assert {type(fault) for fault in faults} == {Cut, Outage, Silence, ClockStep}
    assert {fault.moment for fault in faults if isinstance(fault, Cut)} == set(Moment)
    styles = [style for options in drawn for style in options.styles]
    assert {(style.ed25519, style.door) for style in styles} == {
        (key, door) for key in (True, False) for door in (REST, SESSION, SIGNED)
    }
    assert any(not options.plan for options in drawn)


def test_options_are_plain_data() -> None:
    assert msgspec.json.decode(msgspec.json.encode(draw_options(7)))["styles"]
