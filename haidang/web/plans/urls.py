"""Addresses of the plans screens."""

from django.urls import path, register_converter

from haidang.web.plans import (
    asking,
    board,
    cycles,
    export,
    progress,
    review,
    review_accept,
    review_agencies,
    review_screen,
    targets,
    views,
)

register_converter(review_screen.KindConverter, "plan_item_kind")

app_name = "plans"
urlpatterns = [
    path("", views.plan_list, name="list"),
    path("nap/", views.plan_import, name="import"),
    path("<int:pk>/", board.plan_board, name="plan"),
    path("<int:pk>/chi-tieu/<int:target_pk>/", targets.measure, name="measure"),
    path("<int:pk>/chi-tieu/<int:target_pk>/<int:basis_pk>/bo/", targets.basis_remove, name="basis_remove"),
    path("<int:pk>/nhiem-vu.xlsx", export.workbook, name="workbook"),
    path("<int:pk>/phu-luc.docx", export.annex, name="annex"),
    path("<int:pk>/van-ban-goc/", export.original, name="original"),
    path("<int:pk>/nhiem-vu/<int:task_pk>/", progress.task_page, name="task"),
    path("<int:pk>/nhiem-vu/<int:task_pk>/tien-do/", progress.note_add, name="task_note"),
    path("<int:pk>/nhiem-vu/<int:task_pk>/mien/", progress.agency_excuse, name="task_excuse"),
    path("<int:pk>/nhiem-vu/<int:task_pk>/chu-ky/", progress.recurrence_set, name="task_recurrence"),
    path("<int:pk>/nhiem-vu/<int:task_pk>/gia-han/", progress.extension_ask, name="task_extension"),
    path(
        "<int:pk>/nhiem-vu/<int:task_pk>/gia-han/<int:extension_pk>/",
        progress.extension_decide,
        name="task_extension_decide",
    ),
    path("<int:pk>/nhiem-vu/<int:task_pk>/tep/<int:file_pk>/", progress.evidence_file, name="task_file"),
    path("<int:pk>/ra-soat/", review.review, name="review"),
    path("<int:pk>/ra-soat/<plan_item_kind:kind>/moi/", review.item, name="item_add"),
    path("<int:pk>/ra-soat/<plan_item_kind:kind>/<int:item_pk>/", review.item, name="item"),
    path("<int:pk>/ra-soat/<plan_item_kind:kind>/<int:item_pk>/luu/", review.item_save, name="item_save"),
    path(
        "<int:pk>/ra-soat/<plan_item_kind:kind>/<int:item_pk>/bo/",
        review.item_ignore,
        {"ignored": True},
        name="item_ignore",
    ),
    path(
        "<int:pk>/ra-soat/<plan_item_kind:kind>/<int:item_pk>/lay-lai/",
        review.item_ignore,
        {"ignored": False},
        name="item_restore",
    ),
    path(
        "<int:pk>/ra-soat/<plan_item_kind:kind>/<int:item_pk>/thanh/<plan_item_kind:to>/",
        review.item_retype,
        name="item_retype",
    ),
    path("<int:pk>/ra-soat/nhiem-vu/<int:item_pk>/tach/", review.task_regroup, {"how": "tach"}, name="task_split"),
    path("<int:pk>/ra-soat/nhiem-vu/<int:item_pk>/gop/", review.task_regroup, {"how": "gop"}, name="task_merge"),
    path("<int:pk>/ra-soat/nhiem-vu/<int:item_pk>/co-quan/", review.task_agency, name="task_agency"),
    path("<int:pk>/ra-soat/doan/", review.passage_add, name="passage_add"),
    path("<int:pk>/ra-soat/chap-nhan-muc/", review.items_accept, name="items_accept"),
    path("<int:pk>/ra-soat/hoan-tac/", review.step_back, {"again": False}, name="undo"),
    path("<int:pk>/ra-soat/lam-lai/", review.step_back, {"again": True}, name="redo"),
    path("<int:pk>/ra-soat/co-quan/", review_agencies.phrases, name="phrases"),
    path("<int:pk>/ra-soat/co-quan/bo/", review_agencies.unmatch, name="unmatch"),
    path("<int:pk>/phan-dau/", review.header, name="header"),
    path("<int:pk>/chap-nhan/", review_accept.accept, name="accept"),
    path("<int:pk>/so-sanh/<int:older_pk>/", review_accept.compare, name="compare"),
    path("<int:pk>/bo/", views.plan_discard, name="discard"),
    path("<int:pk>/ky-bao-cao/", cycles.open_plan_cycles, name="cycles"),
    path("<int:pk>/ky-bao-cao/khac/", asking.ask_cycles, name="ask_cycles"),
]
