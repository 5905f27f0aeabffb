"""Django application: filings."""

from django.apps import AppConfig


class FilingsConfig(AppConfig):
    """The filings room."""

    name = "haidang.filings"
    label = "filings"
