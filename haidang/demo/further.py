"""Adding plans to a demo that stands: what was built and tried in it stays."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from haidang.accounts.models import User
from haidang.agencies.actions import load_register
from haidang.agencies.models import Agency, Area
from haidang.agencies.queries import actor_for
from haidang.catalogue.agency_functions import national_register
from haidang.demo import province
from haidang.demo.build import REMEMBERED, account_of
from haidang.demo.plans import Tell, find_plans, import_all, plan_files
from haidang.filings.models import Cycle, Obligation
from haidang.kernel import clock


def new_files(folder: Path, told: dict[str, Any]) -> list[Path]:
    """The files of a folder that the demo has not been given yet, whatever their names."""
    known = set(told.get("files", ()))
    return [path for path in plan_files(folder) if hashlib.sha256(path.read_bytes()).hexdigest() not in known]


def add_plans(files: list[Path], told: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Import these plans as well, each into its own province; what was made in all, remembered as before."""
    with transaction.atomic():
        register = national_register().extended(province.areas(), province.traits(), province.lineage())
        found = find_plans(files, register, tell)
        load_register(register, provinces=sorted({item.area.code for item in found} - {province.CODE}))
        consolidators = {province.CODE: actor_for(User.objects.get(username="tonghop"), clock.today())}
        imported = import_all(found, consolidators, tell)
    known = {account["username"] for account in told["accounts"]}
    accounts = [account_of(actor) for code, actor in consolidators.items() if code != province.CODE]
    more = told | {
        "plans": told["plans"] + [f"{i.plan.number or i.plan.file_name} ({i.plan.area.name})" for i in imported],
        "accounts": told["accounts"] + [account for account in accounts if account["username"] not in known],
        "files": sorted({*told.get("files", ()), *(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)}),
        "areas": Area.objects.count(),
        "agencies": Agency.objects.count(),
        "cycles": Cycle.objects.count(),
        "obligations": Obligation.objects.count(),
    }
    (settings.VAR / REMEMBERED).write_text(json.dumps(more, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return more
