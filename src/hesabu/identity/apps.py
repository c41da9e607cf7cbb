from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "hesabu.identity"
    label = "identity"
