"""Django application: ui."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The ui room."""

    name = "haidang.ui"
    label = "ui"
