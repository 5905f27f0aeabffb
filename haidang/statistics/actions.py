"""Writing the facts anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
from django.conf import settings

from haidang.accounts.actors import Actor, require
from haidang.statistics.facts import Origin, columns_of, origins
from haidang.statistics.policies import may_rebuild_facts
from haidang.statistics.snapshots import Source, write_snapshot
from haidang.statistics.store import basis_now


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild wrote: how many facts of how many accepted versions, where, and the hash of the bytes."""

    facts: int
    versions: int
    folder: str
    sha256: str


def rebuild_facts(actor: Actor) -> Rebuilt:
    """Derive all facts from the accepted versions and put them in the place of those before, in one step.

    One province after the other: those from which nothing changed since are taken over as they are. The same filings
    give the same bytes. What is accepted while this runs is read from the database until the next rebuild. Raises
    Refused.
    """
    require(may_rebuild_facts(actor))
    basis = basis_now()
    sources = (Source(one.root, one.proof, _derivation(one)) for one in origins(basis.last_ruling))
    snapshot = write_snapshot(settings.FACTS, sources, basis)
    return Rebuilt(snapshot.facts, basis.rulings, str(snapshot.path(settings.FACTS)), snapshot.sha256)


def _derivation(origin: Origin) -> Callable[[], pa.Table]:
    return lambda: columns_of(origin.versions())
