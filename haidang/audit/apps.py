"""Django application: audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit room."""

    name = "haidang.audit"
    label = "audit"
