"""Django application: web."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web room."""

    name = "haidang.web"
    label = "web"
