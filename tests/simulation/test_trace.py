"""The trace and its hash."""

from surefoot.simulation.trace import Trace


def filled(*texts: bytes) -> Trace:
    trace = Trace()
    for number, text in enumerate(texts):
        trace.add(0.5 * number, "data", number, ("a", "b"), text)
    return trace


def test_equal_runs_have_equal_hashes_and_any_difference_shows() -> None:
    assert filled(b"x", b"y").hash == filled(b"x", b"y").hash
    assert len({filled(b"x", b"y").hash, filled(b"y", b"x").hash, filled(b"x").hash, filled().hash}) == 4


def test_entries_tell_who_said_how_much_to_whom_and_when() -> None:
    (entry,) = filled(b"hello")
    assert (entry.time_us, entry.kind, entry.source, entry.target, entry.size) == (0, "data", "a", "b", 5)
    assert "a > b 5 2cf24dba5fb0a30e" in str(entry)  # sha256sum of hello
