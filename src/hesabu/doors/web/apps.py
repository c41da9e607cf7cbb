from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, components and the style sheet. No tables."""

    name = "hesabu.doors.web"
    label = "web"

    def ready(self) -> None:
        """What the library tells of people is heard from now on."""
        from hesabu.doors.web.account import witness

        witness.listen()
