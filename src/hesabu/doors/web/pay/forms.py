"""What a payer may type: a number for the prompt, or a word about a payment made elsewhere.

Nothing typed is thrown away: a form that does not pass comes back with what was in it and the reason at the field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from hesabu.doors.web.pay.types import PaidForm, PromptForm
from hesabu.kit import crypto, phones
from hesabu.kit.money import BadAmount, Money

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SAID_MAX = 1000
_AMOUNT = re.compile(r"\bKsh\.?\s?([0-9][0-9,]*(?:\.[0-9]{1,2})?)", re.IGNORECASE)


def read_prompt(
    posted: Mapping[str, str], known_phone: str | None, country: str
) -> tuple[PromptForm, str]:
    """The form, and the number to ring in E.164. The number is empty where the form says what is wrong."""
    key = posted.get("key", "")
    if not _KEY.fullmatch(key):
        key = crypto.token()
    if known_phone and posted.get("to", "known") == "known":
        return PromptForm(key=key, to="known"), known_phone
    typed = posted.get("phone", "").strip()[:40]
    form = PromptForm(key=key, to="other", phone=typed)
    if not typed:
        wrong = _("Write the M-PESA number that should get the prompt, for example 0712 345 678.")
        return PromptForm(key=key, to="other", wrong=wrong), ""
    try:
        return form, phones.parse_phone(typed, country)
    except phones.BadPhone as error:
        wrong = f"{_(error.title)} {_(error.hint)}"
        return PromptForm(key=key, to="other", phone=typed, wrong=wrong), ""


def read_said(posted: Mapping[str, str]) -> PaidForm:
    """What the payer pasted or typed; it may be nothing at all ("I have paid" is a word too)."""
    said = "".join(
        letter for letter in posted.get("said", "") if letter.isprintable() or letter in "\n\t"
    )
    if len(said) > _SAID_MAX:
        return PaidForm(
            said=said[:_SAID_MAX], wrong=_("That is too long. Paste only the message from M-PESA.")
        )
    return PaidForm(said=said.strip())


def amount_in(said: str, currency: str) -> Money | None:
    """The amount that M-PESA's message names first ("… Confirmed. Ksh1,500.00 paid to …"); None where it names none."""
    found = _AMOUNT.search(said) if currency == "KES" else None
    if found is None:
        return None
    try:
        amount = Money.parse(found[1].replace(",", ""), currency)
    except BadAmount:
        return None
    return amount if amount.minor > 0 else None
