from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "hesabu.identity"
    label = "identity"

    def ready(self) -> None:
        """The addresses that people sign in with lie in the library's table; they are hidden there."""
        from allauth.account.models import EmailAddress

        from hesabu.store.fields import hide_column

        hide_column(EmailAddress, "email")
