"""The ship's calendar: twelve years ahead of the machine's (seen on TWGS 2.20b)."""

from __future__ import annotations

from datetime import UTC, datetime

_AHEAD = 12
_DAY = 86_400.0

# Credits that the weekday takes from a selling port's price or adds to a buying port's, Monday first:
# player research; the Sunday was seen on TWGS 2.20b as three levels, one drawn at each docking.
WEEKDAY_TERM = ((0, 5), (7, 7), (10, 15), (9, 9), (11, 12), (11, 18), (10, 12))


def ship_time(date: float) -> datetime:
    """Tell the ship's time on *date* (seconds since 1970), in UTC."""
    today = datetime.fromtimestamp(date, UTC)
    leap_day = (today.month, today.day) == (2, 29)
    # Twelve years keep leap years apart from a turn of the century.
    return today.replace(year=today.year + _AHEAD, day=28 if leap_day else today.day)


def stardate(date: float) -> int:
    """Number the day of *date*; turns and taxes are per stardate."""
    return int(date // _DAY)


def weekday_term(date: float) -> tuple[int, int]:
    """Give the lowest and highest weekday term of the day's prices."""
    return WEEKDAY_TERM[ship_time(date).weekday()]


def wave(date: float, low: int, high: int, period: float) -> int:
    """Give a daily price that swings between *low* and *high* (player research gives the spans)."""
    # Invented: a triangle wave, one step a day.
    phase = (stardate(date) % period) / period
    return low + round((high - low) * (1 - abs(2 * phase - 1)))
