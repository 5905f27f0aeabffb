"""Django application: accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts room."""

    name = "haidang.accounts"
    label = "accounts"
