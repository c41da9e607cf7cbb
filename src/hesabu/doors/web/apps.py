from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, components and the style sheet. No tables."""

    name = "hesabu.doors.web"
    label = "web"

    def ready(self) -> None:
        """What the library tells of people is heard from now on, and it keeps recovery codes in our way."""
        from hesabu.doors.web.account import recovery, sessions, witness

        recovery.keep_hashed()
        sessions.listen()
        witness.listen()
