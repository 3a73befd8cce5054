"""What rules about something that is due within hours have in common. Pure."""

from alerts.local_days import Window, begun, clock_minutes, coming, instant
from alerts.rules.parts import WithHours
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

COVERAGE_NEEDED = 0.9
"""How much must have been seen before anybody says that something did not happen."""

TAIL_MIN = 10
"""Some of the last minutes must have been seen: it may have happened since the box fell silent."""


def check_length(rule: WithHours, grace_min: int) -> None:
    """Raises ValueError where one window is not over before the next begins."""
    length = (clock_minutes(rule.end) - clock_minutes(rule.start)) % (24 * 60)
    if length + grace_min >= 23 * 60:
        raise ValueError("window and grace together must be shorter than 23 hours")


def newest_window(rule: WithHours, sight: Sight, since: int) -> Window | None:
    """The window that began last, where it is any business of a rule that was made in minute `since`."""
    window = begun(rule.hours, sight.zone, sight.minute)
    return window if window is not None and window.first >= since else None


def not_its_time(rule: WithHours, sight: Sight, grace_min: int) -> Verdict:
    """No window yet; the next is due so long after its end."""
    following = coming(rule.hours, sight.zone, sight.minute)
    deadline = instant(following.end + grace_min)
    return Verdict(Outcome.WAITING, Reason.NOT_ITS_TIME, following.day.isoformat(), deadline, instant(following.end))


def was_seen(sight: Sight, first: int, until: int) -> bool:
    """Enough of a stretch and its end, to say of nothing that it was nothing."""
    seen = sight.within(sight.seen, first, until)
    return seen.bit_count() >= COVERAGE_NEEDED * (until - first) and bool(sight.within(seen, until - TAIL_MIN, until))


def what_was_seen(rule: WithHours, sight: Sight, window: Window, first: int, until: int) -> Evidence:
    """The hours, how much of a stretch could be seen, and the newest sign of life anywhere."""
    last = sight.last_of(sight.within(sight.counted, sight.base, sight.minute + 1))
    at, place = sight.at_and_where(last) if last is not None else (None, None)
    return Evidence(
        expected=rule.describe(),
        window_start=instant(window.first),
        window_end=instant(window.end),
        last_sign_at=at,
        last_sign_place=place,
        covered_min=sight.within(sight.seen, first, until).bit_count(),
        span_min=max(0, until - first),
        gaps=sight.gaps(first, until),
    )
