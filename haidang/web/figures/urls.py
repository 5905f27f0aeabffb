"""Addresses of the figures screens."""

from django.urls import path

from haidang.web.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("nguon/", views.lineage_page, name="lineage"),
]
