"""Addresses of the figures screens."""

from django.urls import URLPattern

app_name = "figures"
urlpatterns: list[URLPattern] = []
