"""Somebody, and what they keep secret."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from hesabu.kit import ids
from hesabu.store.fields import SealedText


class People(BaseUserManager["Person"]):
    """Django's way to a person by what they sign in with."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(pk=str(username))


class Person(AbstractBaseUser):
    """Somebody. Belongs to the house; `password` stays unusable until they set one in the browser."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    """Time-ordered, made by the client."""
    name = SealedText()
    """What they are called."""
    language = models.TextField(default="en")
    """BCP 47; what we speak with them."""
    timezone = models.TextField(default="")
    """IANA name; whose hours they are told times in outside of any business. Empty: those of their first business, else UTC."""
    email = SealedText(null=True)
    """Where they get mail, where they gave it."""
    email_index = models.BinaryField(null=True, unique=True)
    """Blind index of the address in lower case."""
    pin_hash = models.TextField(default="")
    """Argon2 over a keyed mark of the PIN; empty where none is set."""
    pin_set_at = models.DateTimeField(null=True)
    """Since when there is one; changing it leaves this as it is. None where it is older than this column."""
    pin_wrong_count = models.IntegerField(default=0)
    """Wrong tries in a row."""
    pin_locked_until = models.DateTimeField(null=True)
    """Until when no try is taken."""
    is_active = models.BooleanField(default=True)
    """Whether they may sign in."""
    created_at = models.DateTimeField()
    """When they became known."""

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()

    class Meta:
        db_table = "identity_person"
