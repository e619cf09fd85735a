"""What the exchange does wrong on purpose: rules as data, and the plan that decides which they strike.

`kinds` are the faults, `rules` says where and how often, `plan` counts and decides, `course` is what then
becomes of one request, `wording` what it is answered instead; `clock` may be wrong. Nothing waits here and
nothing is sent: the door does both.
"""

from surefoot.exchange.faults.kinds import (
    Answer,
    BadBody,
    Cut,
    Duplicate,
    Fault,
    Latency,
    LostAnswer,
    LostRequest,
    Mute,
    ReadLag,
    Reorder,
    SlowEngine,
    Withhold,
)
from surefoot.exchange.faults.plan import Plan, Strike
from surefoot.exchange.faults.rules import Rule, Where

__all__ = [
    "Answer",
    "BadBody",
    "Cut",
    "Duplicate",
    "Fault",
    "Latency",
    "LostAnswer",
    "LostRequest",
    "Mute",
    "Plan",
    "ReadLag",
    "Reorder",
    "Rule",
    "SlowEngine",
    "Strike",
    "Where",
    "Withhold",
]
