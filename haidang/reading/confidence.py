"""How sure the reader is of an item: how often its rule was right on plans it had never seen, less where it doubts.

The counts are evidence, not settings: items that the reader gave on its first reading of plans it was not made on, held
against what a person had annotated. A task counts as right only with its section, lead, coordinators and window right.
docs/reading-rules.md tells how they were counted and gives the table of confidence against share right.
"""

from __future__ import annotations

# rule -> (given, right), on the first readings of 13 plans
COUNTED: dict[str, tuple[int, int]] = {
    "block": (21, 18),
    "bracket": (25, 24),
    "bracket.alone": (19, 17),
    "bracket.names": (1, 1),
    "chairs": (2, 1),
    "duty.once": (5, 3),
    "duty.period.date": (22, 20),
    "duty.two-dates": (2, 2),
    "label": (2, 2),
    "lead-in": (39, 36),
    "none": (23, 18),
    "subject": (55, 41),
    "subject.chairs": (11, 9),
    "table": (18, 18),
    "target.count": (15, 15),
    "target.direction": (5, 5),
    "target.percent": (35, 32),
    "target.table": (6, 6),
}
BEFORE = (5, 4)  # what a rule is taken to have given before any plan called for it: the share of all rules together
DOUBTED = 0.75  # at most, of an item with a name that may go on, help that nobody gives, a time that was not understood


def confidence_of(rule: str, *, doubted: bool = False) -> float:
    """The share of the rule's items that were right, BEFORE included; at most DOUBTED where doubted."""
    given, right = COUNTED.get(rule, (0, 0))
    share = (right + BEFORE[1]) / (given + BEFORE[0])
    return min(share, DOUBTED) if doubted else share
