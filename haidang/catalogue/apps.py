"""Django application: catalogue."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The catalogue room."""

    name = "haidang.catalogue"
    label = "catalogue"
