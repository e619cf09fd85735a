"""Seeds that follow from a commit."""

from surefoot.simulation.seeds import seeds_of


def test_a_commit_has_its_own_seeds_always_the_same() -> None:
    assert seeds_of("abc", 100) == seeds_of("abc", 100)
    assert seeds_of("abc", 10) == seeds_of("abc", 100)[:10]
    assert not set(seeds_of("abc", 100)) & set(seeds_of("abd", 100))
    assert len(set(seeds_of("abc", 100))) == 100
