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


class Minor(_Whole):
    """Money in minor units of the currency beside it."""
