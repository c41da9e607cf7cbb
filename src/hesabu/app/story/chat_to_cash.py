"""The story: a business signs up, bills a customer in one line, is paid by M-PESA, and it is in the books."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from hesabu.app.story.phones import Line, Phone, Waited

AMOUNT_MINOR = 7_500_000
PAY, SEND = "Pay with M-PESA", "Send"
TRIES = 12


@dataclass
class Story:
    """Wanjiku sells, Jane buys."""

    wanjiku: Phone
    jane: Phone
    note: Callable[[Line], None]
    """What is done by neither of them."""
    is_stormy: bool
    business_id: UUID | None = None

    @property
    def patience_seconds(self) -> float:
        """How long a person waits before they say it again."""
        return 9.0 if self.is_stormy else 30.0

    def tell(self) -> None:
        """From the first word to the last tick. Raises Waited where something does not come."""
        self._sign_up()
        self._connect_mpesa()
        self._bill()
        self._pay()
        self._hear_of_it()

    def _sign_up(self) -> None:
        self._until(
            self.wanjiku, lambda: self.wanjiku.says("Hi"), ["What is your business called?"]
        )
        self._until(
            self.wanjiku, lambda: self.wanjiku.says("Kamau Designs"), ["How do customers pay you?"]
        )
        self._until(
            self.wanjiku,
            lambda: self.wanjiku.says("till 123456"),
            ["All set", "Customers pay there already"],
        )

    def _connect_mpesa(self) -> None:
        """The keys that Safaricom gives a business are entered by whoever runs the installation, never in chat."""
        from hesabu.app import demo
        from hesabu.identity import queries as people
        from hesabu.messaging import queries as messages
        from hesabu.store import tenancy

        with tenancy.house(actor=tenancy.Actor("operator")):
            contact = messages.contact_by_phone(f"+{self.wanjiku.number}")
        assert contact is not None
        assert contact.person_id is not None
        (membership,) = people.memberships_of(contact.person_id)
        self.business_id = membership.business_id
        with tenancy.bound(membership.business_id, actor=tenancy.Actor("operator")):
            demo.connect_prompts()
        self.note(_by_operator("M-PESA prompts are connected for Kamau Designs, paybill 174379."))

    def _bill(self) -> None:
        home = f"0{self.jane.number[3:6]} {self.jane.number[6:9]} {self.jane.number[9:]}"
        one_line = f"Invoice {self.jane.name} {home} 75,000 for logo design due Friday"
        preview = self._until(
            self.wanjiku, lambda: self.wanjiku.says(one_line), ["Shall I send it?"]
        )
        self._until(
            self.wanjiku,
            lambda: self.wanjiku.taps(SEND, preview),
            ["is on its way", "done already"],
        )

    def _pay(self) -> None:
        bill = self.jane.waits_for(["sent you"], seconds=self.patience_seconds * 2)
        if bill is not None:
            self.jane.reads()
            self._hears(self.wanjiku, "has seen", "the merchant did not hear that it was seen")
        for attempt in range(TRIES):
            if self._is_paid():
                return
            self._ask_to_pay(bill)
            seconds = 15.0 if self.is_stormy else 30.0
            if self.jane.waits_for_prompt(seconds) is not None:
                self.note(
                    _by_mpesa(self.jane, "KES 75,000.00 to KAMAU DESIGNS? Jane enters her PIN.")
                )
                self.jane.enters_pin()
                self._await_payment()
                return
            if not self.is_stormy:
                raise Waited("no M-PESA prompt came")
            if bill is None and attempt:
                bill = self.jane.waits_for(["sent you"], seconds=1)
        raise Waited("no M-PESA prompt came, however often she asked")

    def _ask_to_pay(self, bill: dict[str, Any] | None) -> None:
        """By the button, or in a word where the bill came as a template without one; where it got lost, by the link."""
        if bill is not None:
            if PAY in self.jane.titles_of(bill):
                self.jane.taps(PAY, bill)
            else:
                self.jane.says("Pay")
            return
        shown = self._until(self.wanjiku, lambda: self.wanjiku.says("status INV-0001"), ["/p/"])
        url = re.search(r"https?://\S+/p/\w+", shown["text"])
        assert url is not None
        self.note(
            _by_operator(
                f"Wanjiku passes the link on; {self.jane.first_name} opens it and pays there."
            )
        )
        form = {"key": secrets.token_urlsafe(18), "to": "known"}
        httpx.post(f"{url[0]}/pay", data=form, timeout=30)

    def _await_payment(self) -> None:
        while not self._is_paid():
            if time.monotonic() > self.jane.deadline:
                raise Waited("the money did not arrive in the books")
            time.sleep(0.3)

    def _is_paid(self) -> bool:
        from hesabu.invoicing import queries as invoices
        from hesabu.invoicing.types import InvoiceState
        from hesabu.store import tenancy

        assert self.business_id is not None
        with tenancy.bound(self.business_id, actor=tenancy.Actor("operator")):
            found = invoices.invoices(states=[InvoiceState.PAID]).invoices
        return bool(found)

    def _hear_of_it(self) -> None:
        """Receipts. A storm may swallow a message for good, and then the clerk says so; the books do not depend on it."""
        self._hears(self.wanjiku, "Paid.", "the merchant did not hear of the payment")
        self._hears(self.jane, "has received", "the customer got no receipt")

    def _hears(self, phone: Phone, words: str, otherwise: str) -> None:
        heard = phone.waits_for([words], seconds=self.patience_seconds)
        if heard is None and not self.is_stormy:
            raise Waited(otherwise)

    def _until(self, phone: Phone, act: Callable[[], None], words: Sequence[str]) -> dict[str, Any]:
        """Do it and wait for the answer; who gets none does it again."""
        before = phone.heard_count()
        for _ in range(TRIES if self.is_stormy else 1):
            act()
            answer = phone.waits_for(words, seconds=self.patience_seconds, after=before)
            if answer is not None:
                return answer
        raise Waited(f"{phone.first_name} waited in vain for “{words[0]}”")


def _by_operator(text: str) -> Line:
    return Line(time.time(), "", "(aside)", text)


def _by_mpesa(phone: Phone, text: str) -> Line:
    return Line(time.time(), phone.first_name, "M-PESA", text)
