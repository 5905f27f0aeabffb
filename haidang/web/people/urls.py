"""Addresses of "Người dùng", "Đổi mật khẩu" and "Nhật ký"."""

from django.urls import path

from haidang.web.people import journal, moving, password, views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("them/", views.add, name="add"),
    path("chuyen/", moving.move, name="move"),
    path("mat-khau/", password.change, name="password"),
    path("nhat-ky/", journal.journal_page, name="journal"),
    path("nhat-ky/kiem-tra/", journal.check, name="check"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/vai-tro/", views.give, name="give"),
    path("<int:pk>/vai-tro/<int:membership_pk>/", views.end, name="end"),
    path("<int:pk>/cap-lai-mat-khau/", views.reset, name="reset"),
    path("<int:pk>/dong/", views.close, name="close"),
    path("<int:pk>/mo-lai/", views.reopen, name="reopen"),
]
