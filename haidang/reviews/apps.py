"""Django application: reviews."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """The reviews room."""

    name = "haidang.reviews"
    label = "reviews"
