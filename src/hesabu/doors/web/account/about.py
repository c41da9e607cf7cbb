"""What is asked of somebody who signs up, besides address and password. Apart from the other forms, since the library's own
inherit from it."""

from __future__ import annotations

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hesabu.identity import queries as identity
from hesabu.identity.errors import BadName


class AboutYou(forms.Form):
    """Signing up: what you are called. The library adds address and password."""

    field_order = ("name", "email", "password1")
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        try:
            return identity.tidy_name(self.cleaned_data["name"])
        except BadName as error:
            raise forms.ValidationError([_(error.title), _(error.hint)]) from error

    def signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Called by the library once the person is there; all is kept by then."""
