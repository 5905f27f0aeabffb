"""Addresses of "Việc của tôi" and of the choice of theme."""

from django.urls import path

from haidang.web.work import views

app_name = "work"
urlpatterns = [
    path("", views.home, name="home"),
    path("lich.ics", views.calendar, name="calendar"),
    path("giao-dien/", views.theme, name="theme"),
]
