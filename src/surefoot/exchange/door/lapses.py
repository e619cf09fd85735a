"""Keys and listen keys that are no longer good: what was opened with them ends."""

from surefoot.exchange.door.front import Front


def cut(front: Front, api_key: str, now_us: int) -> None:
    """An API key is no longer good: what was subscribed with it ends, its listen keys too."""
    front.hub.cut(api_key, now_us)
    front.desk.listen_keys.revoke(api_key)
    front.settle(now_us)


def by_the_clock(front: Front, now_us: int) -> None:
    """End what belongs to API keys and listen keys whose time is over."""
    for key in front.keys:
        if key.permissions.expires_at is not None and not key.lives(now_us):
            cut(front, key.api_key, now_us)
    front.desk.listen_keys.expire(now_us)
    front.settle(now_us)
