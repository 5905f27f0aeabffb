"""Addresses of the filings screens."""

from django.urls import URLPattern

app_name = "filings"
urlpatterns: list[URLPattern] = []
