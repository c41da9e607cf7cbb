from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "hesabu.store"
    label = "store"
