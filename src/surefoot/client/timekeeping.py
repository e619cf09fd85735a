"""The clock measured again where it is in doubt; an old measurement will do where nobody answers (AUTH-3)."""

from typing import TYPE_CHECKING

from surefoot.client.desk import Desk
from surefoot.client.doubts import STEPPED
from surefoot.errors import SurefootError

if TYPE_CHECKING:
    from surefoot.client.call import Wire


async def reassured(wire: "Wire", desk: Desk, doubt: str) -> None:
    """What somebody does who is about to sign: wait for a measurement where the old one must be wrong, and
    otherwise leave it to whoever keeps the time.
    """
    wake = desk.clock.doubts.wake
    if wake is None or doubt == STEPPED:
        await refreshed(wire, desk, doubt)
    else:
        wake()


async def refreshed(wire: "Wire", desk: Desk, doubt: str) -> None:
    """Return once the clock has been measured anew, or could not be: that is told, and nobody fails over it.

    However many callers are in doubt, they share one measurement.
    """
    try:
        await wire.resync(desk.clock.measurement)
    except SurefootError as error:
        if desk.doubt() is not None:  # the first of those who waited tells it
            desk.put_off_measuring()
            desk.teller.note(f"{doubt}, and the clock cannot be measured: the last offset is used: {error}")
