"""The family of the invented plans: a plan of the centre above them, and plans of a department, a district, a commune.

The plans of other provinces that a demo is given know nothing of the invented centre; so that their tree can be seen, a
person joins those of its years to it by hand, and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency, Area, Level
from haidang.agencies.queries import actor_for, agencies_of, in_force
from haidang.agencies.register import CENTRE
from haidang.demo import province
from haidang.demo.people import create_consolidator
from haidang.demo.plans import SAMPLES, accept_as_it_stands
from haidang.demo.texts import MARK
from haidang.kernel import clock
from haidang.plans.actions import import_plan
from haidang.plans.family_owing import asks_of, owing_of
from haidang.plans.family_saying import say_issued, say_link
from haidang.plans.family_tree import kin_of
from haidang.plans.models import Plan

FOLDER = SAMPLES / "gia-dinh"
REASON = f"Gắn để xem cây kế hoạch; văn bản của trung ương là giả định. {MARK}"
MOST_SAID = 4  # own plans that are written down by number, of each plan


@dataclass(frozen=True, slots=True)
class Relative:
    """A sample of the family: its file, the code of its area, and the day it was issued."""

    file: str
    area: str
    issued_on: date


RELATIVES = (
    Relative("1-ban-chi-dao-138-cp-2023-2025.txt", CENTRE, date(2023, 1, 18)),
    Relative("2-so-y-te-2025.txt", province.CODE, date(2025, 3, 11)),
    Relative("3-thanh-pho-son-hai-2025.txt", "S01", date(2025, 3, 20)),
    Relative("4-xa-dong-voi-2025.txt", "S0105", date(2025, 4, 7)),
)


def import_family(plans: Iterable[Plan], actors: dict[str, Actor], tell: Callable[[str], None]) -> list[Plan]:
    """Import and accept the relatives of the invented province's plans, the centre's first, and join others to that.

    `actors` are the consolidators by area code; the one of the centre is added. Relatives of areas that are not loaded
    are left out.
    """
    given = list(plans)
    actors[CENTRE] = central_actor()
    made = []
    for relative in RELATIVES:
        area = in_force(Area.objects.filter(code=relative.area), relative.issued_on).first()
        if area is not None:
            actor = actors[CENTRE] if relative.area == CENTRE else actors[province.CODE]
            made.append(_import(FOLDER / relative.file, relative.issued_on, area, actor))
    central = made[0]
    _join(central, given, actors[CENTRE])
    for plan in [central, *(plan for plan in given if plan.fictional)]:
        _say_numbers(plan, actors[CENTRE] if plan is central else actors[province.CODE])
    below = len(kin_of(central).below(central.pk))
    tell(f"Cây kế hoạch: {len(made)} kế hoạch mẫu trên và dưới, {below} kế hoạch dưới trung ương.")
    return made


def central_actor() -> Actor:
    """The consolidator of the committee's standing agency at the centre."""
    standing: Agency = agencies_of(None, clock.today()).get(standing=True)
    return actor_for(create_consolidator(standing, 0), clock.today())


def _import(path: Path, issued_on: date, area: Area, actor: Actor) -> Plan:
    with clock.fixed_at(issued_on + timedelta(days=3)):
        return accept_as_it_stands(actor, import_plan(actor, area, path.name, path.read_bytes(), fictional=True))


def _join(central: Plan, given: Iterable[Plan], actor: Actor) -> None:
    """Join by hand the other provinces' plans of the centre's years that cite no imported plan."""
    years = set(range(central.year_from or 0, (central.year_to or 0) + 1))
    for plan in given:
        own = set(range(plan.year_from or plan.year_to or 0, (plan.year_to or 0) + 1))
        if (
            plan.area.level == Level.PROVINCE
            and not plan.fictional
            and own & years
            and not kin_of(plan).parents(plan.pk)
        ):
            say_link(actor, plan, central, stands=True, reason=REASON)


def _say_numbers(plan: Plan, actor: Actor) -> None:
    """Write down the own plans of the first agencies that owe one: most in time, one late."""
    rows = [row for row in owing_of(plan, kin_of(plan), asks_of(plan), clock.today()).rows if row.plan is None]
    for number, row in enumerate(rows[:MOST_SAID], start=1):
        day = row.last_day or (plan.issued_on or clock.today()) + timedelta(days=30)
        on = day + timedelta(days=6) if number == MOST_SAID else day - timedelta(days=number)
        if on <= clock.today() and (plan.issued_on is None or on >= plan.issued_on):
            say_issued(actor, plan, row.agency, f"{100 + number}/KH-MAU", on)
