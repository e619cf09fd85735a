"""Where one number of an order lands: on its grid and within its bounds, or refused with words (RULES-3)."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from surefoot.rules.filters import Range
from surefoot.rules.grounds import POSITIVE
from surefoot.rules.quantise import EXACT, MOST, ZERO, Window, down, up
from surefoot.rules.symbols import Scale
from surefoot.rules.verdicts import Change, Violation, short


class Landing(msgspec.Struct, frozen=True, gc=False):
    """One number of an order: what it says in `field`, and the scale that it must land on."""

    field: str
    given: Decimal
    scale: Scale
    upwards: bool


def land(given: Decimal, scale: Scale, *, upwards: bool, rounding: bool) -> Decimal | None:
    """The legal value that `given` is rounded to, or `given` itself when it is legal; `None` is a refusal.

    `upwards` is the way that adds no risk. Without `rounding` only `given` itself will do.
    """
    if not ZERO < given <= MOST:
        return None
    window = scale.window
    used = up(given, window.step) if upwards else down(given, window.step)
    legal = window.low <= used <= window.high and (rounding or used is given)
    return _spelled(used, scale) if legal else None


def _spelled(value: Decimal, scale: Scale) -> Decimal:
    """`value` with no more decimals written than its asset has: zeros too would be refused (-1111)."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return value if -exponent <= scale.places else EXACT.quantize(value, scale.finest)


def change(landing: Landing, used: Decimal, who: str) -> tuple[Change, ...]:
    """What rounding did, if anything; `who` says whose numbers go which way."""
    given, scale = landing.given, landing.scale
    if used == given:
        return ()
    cause = _coarsest(given, scale)
    step = scale.window.step
    grid = f"{cause.terms[2]} {short(step)}"
    if cause.step != step:
        grid = f"{short(step)}, the step that fits {' and '.join(scale.names)} and the asset's decimals"
    return (Change(landing.field, given, used, cause.filter_type, f"{who} to {grid}"),)


def _coarsest(given: Decimal, scale: Scale) -> Range:
    """The range that explains the step of the window best, for a value that does not fit it."""
    whole = [each for each in scale.ranges if each.step == scale.window.step]
    return whole[0] if whole else next(each for each in scale.ranges if each.step_broken(given))


def too_precise(landing: Landing) -> bool:
    """Whether the asset cannot carry the number (-1111)."""
    precision = landing.scale.ranges[-1]
    return ZERO < landing.given <= MOST and precision.step_broken(landing.given) is not None


def not_positive(landing: Landing) -> bool:
    """Whether the number is zero or less."""
    return landing.given <= ZERO


def stuck(
    landing: Landing, left: Window, *, rounding: bool, ranges: tuple[Range, ...] | None = None
) -> Violation:
    """Why `land` refused a number, by the `ranges` of its scale in their order.

    `left` is what all filters together leave of the field.
    """
    field, given, scale = landing.field, landing.given, landing.scale
    if given <= ZERO:
        why = f"{field} {short(given)} is not above zero"
        return refusal(POSITIVE, field, given, bound=ZERO, why=why, left=left, upwards=landing.upwards)
    used = given
    if rounding and given <= MOST:
        used = (up if landing.upwards else down)(given, scale.window.step)
    filter, bound, words = _blamed(used or given, ranges or scale.ranges) or _finest(given, scale)
    why = f"{rounded(field, given, used)} is {words}"
    return refusal(filter, field, given, bound=bound, why=why, left=left, upwards=landing.upwards)


def _blamed(value: Decimal, ranges: Iterable[Range]) -> tuple[str, Decimal, str] | None:
    """The first range that `value` does not fit: its filter, the bound or step, and words for it."""
    for each in ranges:
        if broken := each.bound_broken(value):
            return each.filter_type, broken[1], against(value, broken)
        if value <= MOST and (broken := each.step_broken(value)):
            return each.filter_type, broken[1], f"not a multiple of {broken[0]} {short(broken[1])}"
    return None


def _finest(given: Decimal, scale: Scale) -> tuple[str, Decimal, str]:
    """The range whose step rounds `given` to nothing."""
    cause = _coarsest(given, scale)
    return cause.filter_type, cause.step, "not above zero"


def refusal(
    filter: str, field: str, given: Decimal, *, bound: Decimal, why: str, left: Window, upwards: bool
) -> Violation:
    """A refusal with the nearest value in `left`, marked when it lies on the riskier side."""
    nearest = left.nearest(given, upwards=upwards)
    riskier = nearest is not None and nearest != given and (nearest < given) is upwards
    return Violation(
        filter=filter, field=field, given=given, bound=bound, why=why, nearest=nearest, riskier=riskier
    )


def rounded(field: str, given: Decimal, used: Decimal) -> str:
    """The start of a sentence about a number that was judged as `used`."""
    return f"{field} {short(given)}" + ("" if used == given else f", rounded to {short(used)},")


def against(value: Decimal, broken: tuple[str, Decimal]) -> str:
    """How `value` breaks a bound, given as its name and value."""
    term, bound = broken
    return f"{'below' if value < bound else 'above'} {term} {short(bound)}"
