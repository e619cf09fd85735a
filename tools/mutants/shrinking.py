"""Makes a story that catches a mutation smaller, as long as it still does."""

from collections.abc import Iterator
from typing import Any

import msgspec

from tools.mutants.player import Player, Stuck

_MOST = 60
_LISTS = ("roles", "plan", "rules", "happens", "kills", "troubles")


def shrunk(options: msgspec.Raw, laws: frozenset[str], planted: Player, sound: Player) -> msgspec.Raw:
    """The smallest story that was found in a bounded number of tries."""
    story = msgspec.json.decode(options)
    left = _MOST  # tries
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(story):
            left -= 1
            if left < 0:
                break
            if _catches(candidate, laws, planted, sound):
                story, smaller = candidate, True
                break
    return _raw(story)


def _catches(story: Any, laws: frozenset[str], planted: Player, sound: Player) -> bool:
    try:
        return bool(planted.play(_raw(story)).laws & laws) and not sound.play(_raw(story)).breaches
    except Stuck:
        return False


def _raw(story: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(story))


def _smaller(story: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Without one of its parts, the largest parts first."""
    for name in _LISTS:
        for rest in _without_some(story.get(name, []), least=name == "roles"):
            yield {**story, name: rest}
    for number, role in enumerate(story["roles"]):
        for actions in _without_some(role["actions"], least=True):
            roles = [*story["roles"]]
            roles[number] = {**role, "actions": actions}
            yield {**story, "roles": roles}


def _without_some(parts: list[Any], *, least: bool) -> Iterator[list[Any]]:
    """Without the second half, the first half, then without single ones; not empty, where `least`."""
    size = max(1, len(parts) // 2) if parts else 0
    while size:
        for start in reversed(range(0, len(parts), size)):
            rest = parts[:start] + parts[start + size :]
            if rest or not least:
                yield rest
        size //= 2
