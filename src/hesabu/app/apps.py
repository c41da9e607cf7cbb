from django.apps import AppConfig


class HesabuConfig(AppConfig):
    """The last app: when it is ready, all rooms are, and the wiring can be made and sealed."""

    name = "hesabu.app"
    label = "hesabu"

    def ready(self) -> None:
        from hesabu.app import wiring

        wiring.connect()
