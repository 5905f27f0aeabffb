"""Keeping a set of filters of the chasing board under a name, for oneself."""

from __future__ import annotations

from django.db import transaction

from haidang.accounts.actors import Actor, Refused, require
from haidang.filings.actions.common import note
from haidang.filings.content import plain_text
from haidang.filings.models import BoardView
from haidang.filings.policies import may_oversee

MOST_VIEWS = 20
LONGEST_NAME = 60


@transaction.atomic
def keep_view(actor: Actor, name: str, query: str) -> BoardView:
    """Keep the filters of this address under a name; the same name again is changed. Refused beyond MOST_VIEWS."""
    require(may_oversee(actor))
    told = " ".join(plain_text(name).split())
    if actor.user_id is None or not told or len(told) > LONGEST_NAME:
        raise Refused(f"Đặt tên cho bộ lọc, từ 1 đến {LONGEST_NAME} ký tự.")
    if len(query) > 500:
        raise Refused("Bộ lọc dài quá. Bỏ bớt điều kiện rồi lưu.")
    mine = BoardView.objects.select_for_update().filter(person_id=actor.user_id)
    if not mine.filter(name=told).exists() and mine.count() >= MOST_VIEWS:
        raise Refused(f"Đã lưu {MOST_VIEWS} bộ lọc. Bỏ một bộ lọc cũ rồi lưu.")
    view, _ = BoardView.objects.update_or_create(person_id=actor.user_id, name=told, defaults={"query": query})
    note(actor, "view_kept", view, name=told)
    return view


@transaction.atomic
def drop_view(actor: Actor, pk: int) -> None:
    """Forget one of one's own views; BoardView.DoesNotExist for anybody else's."""
    view = BoardView.objects.get(pk=pk, person_id=actor.user_id)
    note(actor, "view_dropped", view, name=view.name)
    view.delete()
