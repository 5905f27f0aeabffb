"""Django application: statistics."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """The statistics room."""

    name = "haidang.statistics"
    label = "statistics"
