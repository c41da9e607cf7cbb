from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "hesabu.identity"
    label = "identity"

    def ready(self) -> None:
        """What opens an account or says where somebody is lies in the libraries' tables too; it is hidden there."""
        from allauth.account.models import EmailAddress
        from allauth.usersessions.models import UserSession
        from django.contrib.sessions.models import Session

        from hesabu.store.fields import hide_column

        hide_column(EmailAddress, "email")
        hide_column(Session, "session_key")
        hide_column(UserSession, "session_key")
        hide_column(UserSession, "ip")
