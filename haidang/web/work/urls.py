"""Addresses of the work screens."""

from django.urls import URLPattern

app_name = "work"
urlpatterns: list[URLPattern] = []
