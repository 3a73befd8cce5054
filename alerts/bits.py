"""Sets of minutes as whole numbers: bit 0 is the first minute, bit i the one i minutes later.

OR-ing such sets is commutative and idempotent, which is what makes late and repeated
delivery harmless; and Python's big integers answer "anything between?" and "how many
minutes?" about three days in a fraction of a microsecond. Pure.
"""

from collections.abc import Iterator


def span(first: int, end: int) -> int:
    """The set of minutes from `first` up to but without `end`; what lies before bit 0 is left out."""
    first = max(first, 0)
    return ((1 << (end - first)) - 1) << first if end > first else 0


def highest(bits: int) -> int | None:
    """The latest minute of the set."""
    return bits.bit_length() - 1 if bits else None


def lowest(bits: int) -> int | None:
    """The earliest minute of the set."""
    return (bits & -bits).bit_length() - 1 if bits else None


def nth(bits: int, count: int) -> int:
    """The minute with which the set reaches `count` members, counted from the earliest.

    Raises ValueError where it has fewer.
    """
    if bits.bit_count() < count:
        raise ValueError("the set is smaller than that")
    low, high = 0, bits.bit_length()
    while low < high:  # the smallest `low` such that the first `low` bits hold `count` members
        middle = (low + high) // 2
        if (bits & ((1 << middle) - 1)).bit_count() >= count:
            high = middle
        else:
            low = middle + 1
    return low - 1


def near(bits: int, minutes: int) -> int:
    """Every minute that has a member of the set 1 to `minutes` before or after it."""
    reach = upwards(bits, minutes)
    return (reach << 1) | (reach >> minutes)


def upwards(bits: int, count: int) -> int:
    """The union of the set moved on by 0, 1, ... count - 1 minutes."""
    done = 1
    while done < count:
        step = min(done, count - done)
        bits |= bits << step
        done += step
    return bits


def runs(bits: int) -> Iterator[tuple[int, int]]:
    """The unbroken stretches of the set as (first, end), earliest first; `end` is not in it."""
    at = 0
    while bits:
        empty = (bits & -bits).bit_length() - 1
        bits >>= empty
        at += empty
        full = (~bits & (bits + 1)).bit_length() - 1
        yield at, at + full
        bits >>= full
        at += full


def runs_down(bits: int) -> Iterator[tuple[int, int]]:
    """The same, latest first: whoever needs only the newest does not pay for all."""
    while bits:
        end = bits.bit_length()
        first = (bits ^ ((1 << end) - 1)).bit_length()
        yield first, end
        bits &= (1 << first) - 1


_HOURS = 24 * 14
_LAST_MINUTES = sum(1 << (60 * hour + 59) for hour in range(_HOURS))
_OTHER_MINUTES = sum(((1 << 59) - 1) << (60 * hour) for hour in range(_HOURS))


def hours_with(bits: int, base: int) -> int:
    """The hours that hold a member of the set, each as its last minute. Up to two weeks; bit 0 is minute `base`.

    All hours at once: adding 59 ones to the other 59 minutes of an hour carries into its last minute,
    unless they are empty.
    """
    shift = base % 60
    aligned = bits << shift
    carried = (aligned & _OTHER_MINUTES) + _OTHER_MINUTES
    return ((carried | aligned) & _LAST_MINUTES) >> shift
