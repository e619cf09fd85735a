"""Tables for people: no digit of a number is lost in them."""

from decimal import Decimal

import pytest

from surefoot.cli.sheets import Cell, tell_table

HUGE = 2**60 + 1


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([HUGE, 7], [str(HUGE), "7"]),
        ([HUGE, Decimal("1.5")], [f"{HUGE}.0", "1.5"]),
        ([Decimal("66956.1"), Decimal("67022.48")], ["66956.10", "67022.48"]),
        ([Decimal("0E-8"), "none"], ["0.00000000", "none"]),
    ],
)
def test_numbers_stand_under_each_other_and_are_whole(
    capsys: pytest.CaptureFixture[str], cells: list[Cell], shown: list[str]
) -> None:
    tell_table("", ("number",), [[cell] for cell in cells])
    assert capsys.readouterr().out.split()[-len(shown) :] == shown
