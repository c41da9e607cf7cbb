from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "hesabu.ledger"
    label = "ledger"
