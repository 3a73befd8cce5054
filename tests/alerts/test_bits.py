"""Sets of minutes as whole numbers say the same as sets of minutes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.bits import hours_with, runs, runs_down


@given(minutes=st.sets(st.integers(0, 5000), max_size=40), base=st.integers(0, 200))
@settings(max_examples=100, deadline=None)
def test_the_hours_of_a_set_are_those_of_its_members(minutes: set[int], base: int) -> None:
    bits = sum(1 << minute for minute in minutes)
    expected = {(base + minute) // 60 * 60 + 59 - base for minute in minutes}
    assert hours_with(bits, base) == sum(1 << last for last in expected)


@given(bits=st.integers(0, 2**70))
@settings(max_examples=100, deadline=None)
def test_stretches_are_the_same_from_either_end(bits: int) -> None:
    assert list(runs_down(bits)) == list(runs(bits))[::-1]
