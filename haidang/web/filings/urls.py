"""Addresses of the filing screens. `pk` is the obligation's; a version is known by its number."""

from django.urls import path

from haidang.web.filings import board, cells, chasing, consolidated, decisions, entry, lists, saving, uploads, versions

app_name = "filings"
urlpatterns = [
    path("", lists.filings, name="filings"),
    path("don-doc/", board.chasing, name="chasing"),
    path("don-doc/bang-tinh/", board.workbook, name="chasing_workbook"),
    path("don-doc/bo-loc/", board.keep, name="keep_view"),
    path("don-doc/bo-loc/<int:view>/bo/", board.drop, name="drop_view"),
    path("don-doc/chon/", chasing.chase, name="chase"),
    path("don-doc/tong-hop/<int:cycle>/", consolidated.consolidated, name="consolidated"),
    path("<int:pk>/", entry.filing, name="filing"),
    path("<int:pk>/luu/", saving.save, name="save"),
    path("<int:pk>/loi-van/", saving.sections, name="sections"),
    path("<int:pk>/giai-trinh/", saving.explain, name="explain"),
    path("<int:pk>/khong-phat-sinh/<str:form_code>/", saving.nil, name="nil"),
    path("<int:pk>/o/<str:code>/", cells.cell, name="cell"),
    path("<int:pk>/o/<str:code>/ghi-chu/", cells.comment, name="comment"),
    path("<int:pk>/bang-tinh/", uploads.workbook, name="workbook"),
    path("<int:pk>/nop-bang-tinh/", uploads.upload, name="upload"),
    path("<int:pk>/nop-bang-tinh/ghi/", uploads.confirm, name="confirm_upload"),
    path("<int:pk>/gui/", decisions.submit, name="submit"),
    path("<int:pk>/tiep-nhan/", decisions.accept, name="accept"),
    path("<int:pk>/tra-lai/", decisions.return_, name="return"),
    path("<int:pk>/dinh-chinh/", decisions.correct, name="correct"),
    path("<int:pk>/rut-lai/", decisions.withdraw, name="withdraw"),
    path("<int:pk>/mo-lai/", decisions.reopen, name="reopen"),
    path("<int:pk>/gia-han/", decisions.extend, name="extend"),
    path("<int:pk>/mien/", decisions.waive, name="waive"),
    path("<int:pk>/ban/", versions.versions, name="versions"),
    path("<int:pk>/ban/<int:number>/", versions.version, name="version"),
]
