"""Addresses of "Việc của tôi", of calendars, and of the choice of theme."""

from django.urls import path

from haidang.web.work import calendar, views

app_name = "work"
urlpatterns = [
    path("", views.home, name="home"),
    path("lich.ics", calendar.calendar, name="calendar"),
    path("lich/", calendar.feeds, name="feeds"),
    path("lich/<int:membership_pk>/tao/", calendar.feed_make, name="feed_make"),
    path("lich/<int:membership_pk>/thu-hoi/", calendar.feed_end, name="feed_end"),
    path("ics/<str:key>.ics", calendar.feed, name="feed"),
    path("giao-dien/", views.theme, name="theme"),
]
