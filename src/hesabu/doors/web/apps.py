from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, components and the style sheet. No tables."""

    name = "hesabu.doors.web"
    label = "web"
