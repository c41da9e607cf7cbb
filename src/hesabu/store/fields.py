"""Columns that are sealed at rest. In Python they are text or JSON; in the database they are bytes that need a key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import models

from hesabu.kit import crypto

if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]
    _Whole = models.BigIntegerField[Any, Any]
else:
    _Bytes, _Whole = models.BinaryField, models.BigIntegerField


class SealedText(_Bytes):
    """Text, sealed. Cannot be searched: keep a blind index (`crypto.blind`) beside it for equality."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return super().get_db_prep_value(crypto.seal(self._to_bytes(value)), connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self._from_bytes(crypto.unseal(bytes(value)))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        raise TypeError("a sealed value is not serialised")

    @staticmethod
    def _to_bytes(value: Any) -> bytes:
        return str(value).encode()

    @staticmethod
    def _from_bytes(value: bytes) -> Any:
        return value.decode()


class SealedJSON(SealedText):
    """A JSON value, sealed."""

    @staticmethod
    def _to_bytes(value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    @staticmethod
    def _from_bytes(value: bytes) -> Any:
        return json.loads(value)


class SealedBytes(_Bytes):
    """Bytes that whoever writes the row seals by hand, since it is written without the ORM. Marks the column, no more."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs


class Minor(_Whole):
    """Money in minor units of the currency beside it."""


class _Hidden:
    """A column of a library's table, hidden so that it is found by equality only. See `hide_column`."""

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)  # type: ignore[misc]
        if not plain or str(plain).startswith(crypto.HIDDEN):
            return plain
        return crypto.hide(str(plain))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value if prepared else self.get_prep_value(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return crypto.reveal(value) if value and value.startswith(crypto.HIDDEN) else value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        plain = next(kind for kind, hidden in _HIDDEN.items() if isinstance(self, hidden))
        return name, f"django.db.models.{plain.__name__}", args, kwargs


class HiddenEmail(_Hidden, models.EmailField):  # type: ignore[type-arg]
    """An e-mail address."""


class HiddenAddress(_Hidden, models.GenericIPAddressField):  # type: ignore[type-arg]
    """Where somebody connects from."""


class HiddenText(_Hidden, models.CharField):  # type: ignore[type-arg]
    """Text that opens something: who reads the table cannot use it."""


_HIDDEN: dict[type[models.Field[Any, Any]], type[models.Field[Any, Any]]] = {
    models.EmailField: HiddenEmail,
    models.GenericIPAddressField: HiddenAddress,
    models.CharField: HiddenText,
}


def hide_column(model: type[models.Model], name: str) -> None:
    """Make a library's column one whose contents are hidden. Its type in the database must be text."""
    field = model._meta.get_field(name)
    field.__class__ = next(hidden for plain, hidden in _HIDDEN.items() if type(field) is plain)
