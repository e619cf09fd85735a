"""Where one number of an order lands: on its grid and within its bounds, or refused with words (RULES-3)."""

from decimal import Decimal

from surefoot.rules.filters import Range
from surefoot.rules.quantise import MOST, ZERO, Window, down, up
from surefoot.rules.symbols import Scale
from surefoot.rules.verdicts import POSITIVE, Change, Violation, short


def land(given: Decimal, scale: Scale, *, upwards: bool, rounding: bool) -> Decimal | None:
    """The legal value that `given` is rounded to, or `given` itself when it is legal; `None` is a refusal.

    `upwards` is the way that adds no risk. Without `rounding` only `given` itself will do.
    """
    if not ZERO < given <= MOST:
        return None
    window = scale.window
    used = up(given, window.step) if upwards else down(given, window.step)
    legal = window.low <= used <= window.high and (rounding or used is given)
    return used if legal else None


def change(field: str, given: Decimal, used: Decimal, scale: Scale, who: str) -> tuple[Change, ...]:
    """What rounding did, if anything; `who` says whose numbers go which way."""
    if used == given:
        return ()
    cause = _coarsest(given, scale)
    step = scale.window.step
    grid = f"{cause.terms[2]} {short(step)}"
    if cause.step != step:
        grid = f"{short(step)}, the step that fits {' and '.join(scale.names)} and the asset's decimals"
    return (Change(field, given, used, cause.filter_type, f"{who} to {grid}"),)


def _coarsest(given: Decimal, scale: Scale) -> Range:
    """The range that explains the step of the window best, for a value that does not fit it."""
    whole = [each for each in scale.ranges if each.step == scale.window.step]
    return whole[0] if whole else next(each for each in scale.ranges if each.step_broken(given))


def stuck(
    field: str, given: Decimal, scale: Scale, left: Window, *, upwards: bool, rounding: bool
) -> Violation:
    """Why `land` refused `given`. `left` is what all filters together leave of the field."""
    if given <= ZERO:
        why = f"{field} {short(given)} is not above zero"
        return refusal(POSITIVE, field, given, bound=ZERO, why=why, left=left, upwards=upwards)
    used = given
    if rounding and given <= MOST:
        used = (up if upwards else down)(given, scale.window.step)
    words = rounded(field, given, used)
    judged = used or given  # nothing is below every minimum: blame one that was missed anyhow, or the step
    for each in scale.ranges:
        if broken := each.bound_broken(judged):
            why = f"{words} is {against(judged, broken)}"
            return refusal(
                each.filter_type, field, given, bound=broken[1], why=why, left=left, upwards=upwards
            )
    cause = _coarsest(given, scale)
    step = f"not a multiple of {cause.terms[2]} {short(cause.step)}"
    why = f"{words} is {step if used == given else 'not above zero'}"
    return refusal(cause.filter_type, field, given, bound=cause.step, why=why, left=left, upwards=upwards)


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
