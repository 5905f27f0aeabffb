"""The Vietnamese lunar calendar, as far as public holidays need it: on which day a lunar month of a year begins.

Months begin on the day of the new moon and the eleventh holds the winter solstice, both by the clock of Viet Nam; of
thirteen months between two solstices the first without a "major term" (a multiple of 30° of the sun's longitude) is the
leap one. Positions after J. Meeus, Astronomical Algorithms, chapters 25 and 49, to well under a minute of time.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from math import floor, radians, sin

_HOURS_EAST = 7
_NOON_OF_ORDINAL_ZERO = 1721424.5  # the Julian day at 0h of the day before 01/01/0001
_MEAN_MONTH = 29.530588861
# Largest swings of the new moon, in days: multiples of the sun's anomaly, the moon's, the moon's latitude, then size.
_TERMS = (
    (0, 1, 0, -0.40720), (1, 0, 0, 0.17241), (0, 2, 0, 0.01608), (0, 0, 2, 0.01039), (-1, 1, 0, 0.00739),
    (1, 1, 0, -0.00514), (2, 0, 0, 0.00208), (0, 1, -2, -0.00111), (0, 1, 2, -0.00057), (1, 2, 0, 0.00056),
    (0, 3, 0, -0.00042), (1, 0, 2, 0.00042), (1, 0, -2, 0.00038), (-1, 2, 0, -0.00024),
)  # fmt: skip
EARLIEST, LATEST = 1900, 2199


def lunar_date(year: int, month: int, day: int) -> date:
    """The day that is `day` of the (not leap) month `month` of the lunar year that begins in `year`.

    ValueError outside EARLIEST-LATEST, or where there is no such month; days are counted on from the month's first.
    """
    if not EARLIEST <= year <= LATEST:
        raise ValueError(f"no lunar calendar for {year}: only {EARLIEST}-{LATEST}")
    if not 1 <= month <= 10 or not 1 <= day <= 30:
        raise ValueError(f"{day}/{month} is not a day of lunar months 1-10")
    return _months_from_eleventh(year)[month + 1] + timedelta(days=day - 1)


@lru_cache(maxsize=64)
def _months_from_eleventh(year: int) -> tuple[date, ...]:
    """First days of the eleventh month before lunar year `year` and of those after it, leap months left out."""
    first, following = _eleventh(year - 1), _eleventh(year)
    starts = [first]
    while starts[-1] < following:
        starts.append(_new_moon_day(_moon_number(starts[-1] + timedelta(days=45))))
    if len(starts) == 14:
        leap = next(at for at in range(1, 13) if _major_term(starts[at]) == _major_term(starts[at + 1]))
        del starts[leap]
    return tuple(starts)


def _eleventh(year: int) -> date:
    """First day of the month that holds the winter solstice (the sun at 270°) of a solar year."""
    number = _moon_number(date(year, 12, 31))
    start = _new_moon_day(number)
    return start if _major_term(start) < 9 else _new_moon_day(number - 1)


def _moon_number(on: date) -> int:
    """The number, counted from January 2000, of the last new moon on or before a day."""
    number = floor((_julian(on) - 2451550.09766) / _MEAN_MONTH) + 1
    while _new_moon_day(number) > on:
        number -= 1
    return number


def _new_moon_day(number: int) -> date:
    return date.fromordinal(floor(_new_moon(number) - _NOON_OF_ORDINAL_ZERO + _HOURS_EAST / 24))


def _new_moon(number: int) -> float:
    """The Julian day of a new moon (universal time, the slow drift of the earth's turning taken as a minute)."""
    t = number / 1236.85
    sun = radians(2.5534 + 29.10535670 * number - 0.0000014 * t * t)
    moon = radians(201.5643 + 385.81693528 * number + 0.0107582 * t * t)
    node = radians(160.7108 + 390.67050284 * number - 0.0016118 * t * t)
    swings = sum(size * sin(s * sun + m * moon + n * node) for s, m, n, size in _TERMS)
    return 2451550.09766 + _MEAN_MONTH * number + 0.00015437 * t * t + swings - 60 / 86400


def _major_term(on: date) -> int:
    """In which twelfth of its year (from the spring equinox) the sun stands when the day begins."""
    t = (_julian(on) - _HOURS_EAST / 24 - 2451545.0) / 36525
    anomaly = radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * sin(anomaly) + 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    longitude = 280.46646 + 36000.76983 * t + centre - 0.00569
    return floor(longitude % 360 / 30)


def _julian(on: date) -> float:
    return on.toordinal() + _NOON_OF_ORDINAL_ZERO
