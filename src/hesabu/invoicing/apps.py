from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "hesabu.invoicing"
    label = "invoicing"
