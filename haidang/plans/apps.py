"""Django application: plans."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The plans room."""

    name = "haidang.plans"
    label = "plans"
