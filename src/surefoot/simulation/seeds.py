"""Many runs: seeds that follow from a commit, so that each commit tries new ones, and anyone the same."""

from hashlib import sha256


def seeds_of(base: str, count: int) -> list[int]:
    """`count` seeds of the commit (or any text) `base`."""
    return [
        int.from_bytes(sha256(f"{base}/{number}".encode()).digest()[:4], "big") for number in range(count)
    ]
