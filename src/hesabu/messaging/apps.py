from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "hesabu.messaging"
    label = "messaging"
