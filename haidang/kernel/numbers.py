"""Numbers as Vietnamese documents write them: "1.234,5", a comma for decimals, "−" for minus."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

NO_BREAK_SPACE = "\u00a0"
MINUS = "−"
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[.\s]\d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"[+-]?\d+(?:,\d+)?")
_POINT = re.compile(r"[+-]?\d+\.\d{1,2}")


def format_number(value: float | int | Decimal, decimals: int | None = None) -> str:
    """ "1.234,5". Without `decimals`: as many as needed, two at most. Halves round away from zero."""
    exact = Decimal(str(value))
    places = 2 if decimals is None else decimals
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):,f}".partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    sign = MINUS if rounded < 0 else ""
    return sign + whole.replace(",", ".") + (f",{fraction}" if fraction else "")


def format_percent(value: float | Decimal, decimals: int = 1) -> str:
    """A percentage that is given as such (92.6, not 0.926): "92,6 %" no-break space; no comma when whole."""
    text = format_number(value, decimals)
    return text.removesuffix("," + "0" * decimals) + NO_BREAK_SPACE + "%"


def format_change(value: float | int, decimals: int | None = None) -> str:
    """A difference with its sign: "+3", "−2", "0"."""
    text = format_number(value, decimals)
    return f"+{text}" if value > 0 else text


def count_in(text: str, *, digits: int = 17) -> int | None:
    """The whole number from 0 on that an address or a form says, of so many digits at most; None for anything else.

    "²" is a digit to Python and no number; and what has more digits than this is no row of any table.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def parse_number(text: str) -> int | float:
    """The number that a person wrote: "1.234,5", "1234", "0,5", "12.5", "−3". ValueError for anything else.

    A point or a space before exactly three digits separates thousands, as Vietnamese writes them; a point before one or
    two, decimals. "0.125" may mean either, and "1 2" two numbers: they are no number.
    """
    written = re.sub(r"^([+-])\s+", r"\1", text.strip().replace(MINUS, "-").replace("–", "-"))
    if _GROUPED.fullmatch(written) or _PLAIN.fullmatch(written):
        plain = re.sub(r"[.\s]", "", written).replace(",", ".")
    elif _POINT.fullmatch(written):
        plain = written
    else:
        raise ValueError(f"not a number: {text!r}")
    number = Decimal(plain)
    return int(number) if number == number.to_integral_value() else float(number)
