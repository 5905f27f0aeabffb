"""The closed grammar of formulas and checks: parsed to a tree and evaluated over cells; nothing is executed.

    comparison := sum ("=" | "!=" | "<=" | ">=" | "<" | ">") sum
    sum        := quotient (("+" | "-") quotient)*
    quotient   := atom ("/" atom)?
    atom       := number | reference | "sum" "(" reference ("," reference)* ")" | "(" sum ")"
    reference  := name ("." name){0,2}        c10, d150.c10 or B1.d150.c10

A cell without a number is never taken as zero. A sum is the sum of the numbers present, with coverage; a difference
needs its first side; a quotient needs both; a division by zero is not available.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from haidang.kernel.cells import BLANK, Cell, CellState, cell_from_json

# A form's cells as stored: "row.col" to a number, "na", "nd" or, in a text column, words; a blank cell is left out.
Document = Mapping[str, Any]

MOST_CHARACTERS = 2000
MOST_DEPTH = 20
MOST_NUMBER = 10**15
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z]\w*(?:\.\w+)*)|(?P<sign><=|>=|!=|[-+/(),=<>]))")
_COMPARISONS = ("=", "!=", "<=", ">=", "<", ">")
# Which reason stands for a sum without any number: somebody must still enter a blank, so it goes first.
_REASONS = (CellState.BLANK, CellState.NOT_AVAILABLE, CellState.NOT_APPLICABLE)


class FormulaError(ValueError):
    """A formula outside the grammar; the message says what and where (Vietnamese)."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell, by whatever part of its code the place where the formula stands leaves open."""

    code: str


@dataclass(frozen=True, slots=True)
class Sum:
    """`sum(a, b, ...)` or `a + b`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """`left - right`."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Quotient:
    """`numerator / denominator`."""

    numerator: Expression
    denominator: Expression


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left sign right`, only as the whole of a check."""

    sign: str
    left: Expression
    right: Expression


Expression = Number | Reference | Sum | Difference | Quotient


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression came to: a state, the exact number if there is one, and how many cells gave one.

    `expected` counts the cells that could have given a number; cells that are not applicable are not expected.
    """

    state: CellState
    number: Fraction | int | None
    present: int
    expected: int

    @property
    def complete(self) -> bool:
        """Whether every expected cell gave a number."""
        return self.state is CellState.NUMBER and self.present == self.expected


def parse_formula(text: str) -> Expression:
    """The tree of a formula, without comparison; FormulaError when it is outside the grammar."""
    parser = _Parser(text)
    tree = parser.sum(0)
    parser.end()
    return tree


def parse_check(text: str) -> Comparison:
    """The tree of a check: exactly one comparison of two formulas; FormulaError when it is anything else."""
    parser = _Parser(text)
    left = parser.sum(0)
    sign = parser.take()
    if sign not in _COMPARISONS:
        raise FormulaError(f"phép kiểm tra phải có một dấu so sánh ({' '.join(_COMPARISONS)}): {text!r}")
    tree = Comparison(sign, left, parser.sum(0))
    parser.end()
    return tree


def references(tree: Expression | Comparison) -> tuple[str, ...]:
    """The codes the tree refers to, in order of appearance, each once."""
    return tuple(dict.fromkeys(_references(tree)))


def rename(tree: Expression, code_of: Callable[[str], str]) -> Expression:
    """The same tree with every reference passed through `code_of`."""
    match tree:
        case Reference(code):
            return Reference(code_of(code))
        case Sum(parts):
            return Sum(tuple(rename(part, code_of) for part in parts))
        case Difference(left, right):
            return Difference(rename(left, code_of), rename(right, code_of))
        case Quotient(numerator, denominator):
            return Quotient(rename(numerator, code_of), rename(denominator, code_of))
    return tree


def rename_check(tree: Comparison, code_of: Callable[[str], str]) -> Comparison:
    """The same check with every reference passed through `code_of`."""
    return Comparison(tree.sign, rename(tree.left, code_of), rename(tree.right, code_of))


def evaluate(tree: Expression, cell_of: Callable[[str], Cell]) -> Value:
    """The value of the tree over the cells that `cell_of` gives by code. Arithmetic is exact."""
    match tree:
        case Reference(code):
            return _value_of(cell_of(code))
        case Sum(parts):
            return _add([evaluate(part, cell_of) for part in parts])
        case Difference(left, right):
            return _subtract(evaluate(left, cell_of), evaluate(right, cell_of))
        case Quotient(numerator, denominator):
            return _divide(evaluate(numerator, cell_of), evaluate(denominator, cell_of))
        case Number(number):
            return Value(CellState.NUMBER, number, 0, 0)
    raise TypeError(tree)


def number_cell(raw: Any) -> Cell:
    """The cell written as `raw`; blank when it is neither a usable number nor a reason for having none."""
    try:
        cell = cell_from_json(raw)
    except ValueError:
        return BLANK
    if cell.value is not None and not -MOST_NUMBER < cell.value < MOST_NUMBER:
        return BLANK
    return cell


def holds(sign: str, left: Fraction | int, right: Fraction | int) -> bool:
    """Whether the comparison is true of two numbers."""
    match sign:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<=":
            return left <= right
        case ">=":
            return left >= right
        case "<":
            return left < right
        case _:
            return left > right


def _references(tree: Expression | Comparison) -> Iterator[str]:
    match tree:
        case Reference(code):
            yield code
        case Sum(parts):
            for part in parts:
                yield from _references(part)
        case Difference(left, right) | Quotient(left, right) | Comparison(_, left, right):
            yield from _references(left)
            yield from _references(right)


def _value_of(cell: Cell) -> Value:
    if cell.value is not None:
        exact = cell.value if isinstance(cell.value, int) else Fraction(str(cell.value))
        return Value(CellState.NUMBER, exact, 1, 1)
    return Value(cell.state, None, 0, 0 if cell.state is CellState.NOT_APPLICABLE else 1)


def _add(values: list[Value]) -> Value:
    numbers = [value.number for value in values if value.number is not None]
    present, expected = sum(value.present for value in values), sum(value.expected for value in values)
    if numbers:
        return Value(CellState.NUMBER, sum(numbers), present, expected)
    states = {value.state for value in values}
    return Value(next(reason for reason in _REASONS if reason in states), None, present, expected)


def _subtract(left: Value, right: Value) -> Value:
    present, expected = left.present + right.present, left.expected + right.expected
    if left.number is None:
        return Value(left.state, None, present, expected)
    return Value(CellState.NUMBER, left.number - (right.number or 0), present, expected)


def _divide(numerator: Value, denominator: Value) -> Value:
    present, expected = numerator.present + denominator.present, numerator.expected + denominator.expected
    if numerator.number is None or denominator.number is None:
        states = {value.state for value in (numerator, denominator) if value.number is None}
        return Value(next(reason for reason in _REASONS if reason in states), None, present, expected)
    if denominator.number == 0:
        return Value(CellState.NOT_AVAILABLE, None, present, expected)
    return Value(CellState.NUMBER, Fraction(numerator.number) / denominator.number, present, expected)


class _Parser:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise FormulaError(f"công thức dài hơn {MOST_CHARACTERS} ký tự")
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0

    def peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def end(self) -> None:
        if self.peek():
            raise FormulaError(f"thừa {self.peek()!r} trong công thức {self._text!r}")

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise FormulaError(f"thiếu {token!r} trong công thức {self._text!r}")

    def sum(self, depth: int) -> Expression:
        if depth > MOST_DEPTH:
            raise FormulaError(f"công thức lồng quá {MOST_DEPTH} cấp ngoặc")
        tree = self.quotient(depth)
        while self.peek() in ("+", "-"):
            if self.take() == "-":
                tree = Difference(tree, self.quotient(depth))
            else:
                right = self.quotient(depth)
                tree = Sum((*tree.parts, right)) if isinstance(tree, Sum) else Sum((tree, right))
        return tree

    def quotient(self, depth: int) -> Expression:
        tree = self.atom(depth)
        if self.peek() == "/":
            self.take()
            tree = Quotient(tree, self.atom(depth))
        return tree

    def atom(self, depth: int) -> Expression:
        kind, word = self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")
        self._at += 1
        if kind == "number":
            return Number(Fraction(word))
        if word == "(":
            tree = self.sum(depth + 1)
            self.expect(")")
            return tree
        if kind == "name" and word == "sum" and self.peek() == "(":
            return self._listed_sum()
        if kind == "name":
            return _reference(word)
        raise FormulaError(f"chỗ này phải là một ô, một số hoặc ngoặc, không phải {word!r}: {self._text!r}")

    def _listed_sum(self) -> Expression:
        self.expect("(")
        parts: list[Expression] = [self._listed_reference()]
        while self.peek() == ",":
            self.take()
            parts.append(self._listed_reference())
        self.expect(")")
        return Sum(tuple(parts))

    def _listed_reference(self) -> Expression:
        kind, token = self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")
        if kind != "name":
            raise FormulaError(f"trong sum(...) chỉ ghi mã ô, cách nhau dấu phẩy: {self._text!r}")
        self._at += 1
        return _reference(token)


def _reference(token: str) -> Reference:
    if token.count(".") > 2:
        raise FormulaError(f"mã ô có nhiều nhất ba phần (biểu.dòng.cột): {token!r}")
    return Reference(token)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaError(f"ký tự không hợp lệ ở vị trí {position + 1} trong công thức {text!r}")
        position = match.end()
        kind = str(match.lastgroup)
        yield kind, match[kind]
