"""Django application: agencies."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """The agencies room."""

    name = "haidang.agencies"
    label = "agencies"
