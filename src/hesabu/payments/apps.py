from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "hesabu.payments"
    label = "payments"
