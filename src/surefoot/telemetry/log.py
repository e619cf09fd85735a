"""The default sink: one JSON line per observation, through the stdlib logger ``surefoot`` (OBS-1, OBS-5)."""

import logging
from functools import cache

import msgspec

from surefoot.telemetry.observations import (
    GapSeen,
    Held,
    LimitHit,
    NonsenseHeard,
    Observation,
    Retried,
    Warned,
)

_ENCODER = msgspec.json.Encoder(decimal_format="string")
_LOGGER = logging.getLogger("surefoot")

_WARNINGS = (GapSeen, Held, LimitHit, NonsenseHeard, Retried, Warned)


@cache
def _level(kind: type[Observation]) -> int:
    return logging.WARNING if issubclass(kind, _WARNINGS) else logging.INFO


class LogSink:
    """Writes each observation as one line: what is out of the ordinary as a warning."""

    def hears(self, kind: type[Observation]) -> bool:
        return _LOGGER.isEnabledFor(_level(kind))

    def tell(self, observation: Observation) -> None:
        _LOGGER.log(_level(type(observation)), "%s", _ENCODER.encode(observation).decode())
