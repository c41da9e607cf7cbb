"""M-PESA's own books in the box: shortcodes, the apps that may use them, prompts and payments."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any, Literal

from hesabu.sandbox.clock import Ticket
from hesabu.sandbox.config import SandboxConfig

PROMPTS_MAX = 5_000
PROMPTS_SHOWN = 50
PAYMENTS_MAX = 20_000
TOKEN_SECONDS = 3599

PromptState = Literal["waiting", "ringing", "done"]


class NoSuchShortcode(LookupError):
    """No paybill or till has that number."""


@dataclass
class App:
    """A Daraja app: a consumer key and secret, and the one token that is valid now."""

    key: str
    secret: str
    token: str = ""
    token_until: float = 0.0


@dataclass
class Shortcode:
    number: str
    """What the payer types: the paybill, or the till."""
    kind: Literal["paybill", "till"]
    name: str
    app_key: str
    passkey: str
    store: str = ""
    """A till's head office: the BusinessShortCode of its STK pushes."""
    owner: str = ""
    """The phone that gets an SMS when money arrives."""
    validates: bool = False
    """External validation is switched on for it: the ValidationURL is asked first."""
    balance_cents: int = 0
    c2b_version: str = ""
    response_type: str = "Completed"
    confirmation_url: str = ""
    validation_url: str = ""
    pulls: bool = False

    @property
    def stk_number(self) -> str:
        return self.store or self.number

    def as_json(self) -> dict[str, Any]:
        return {
            "shortcode": self.number,
            "kind": self.kind,
            "name": self.name,
            "store": self.store,
            "owner": self.owner,
            "validates": self.validates,
            "balance_cents": self.balance_cents,
            "confirmation_url": self.confirmation_url,
            "validation_url": self.validation_url,
        }


@dataclass
class Prompt:
    """One STK push, from the request to its result."""

    checkout_id: str
    merchant_id: str
    phone: str
    shortcode: Shortcode
    amount_cents: int
    account: str
    description: str
    callback_url: str
    made_at: float
    rings_until: float = 0.0
    state: PromptState = "waiting"
    result_code: int | None = None
    result_text: str = ""
    receipt: str = ""
    queried_at: float = 0.0
    ring_out: Ticket | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "checkout_request_id": self.checkout_id,
            "shortcode": self.shortcode.number,
            "to": self.shortcode.name,
            "amount_cents": self.amount_cents,
            "account": self.account,
            "state": self.state,
            "made_at": self.made_at,
            "rings_until": self.rings_until,
            "result_code": self.result_code,
            "result": self.result_text,
            "receipt": self.receipt,
        }


@dataclass(frozen=True)
class Payment:
    """Money that moved, under its receipt."""

    receipt: str
    at: float
    payer: str
    payer_name: str
    shortcode: Shortcode | None
    """None: it went to another person's phone."""
    payee: str
    amount_cents: int
    account: str
    kind: str
    """`Pay Bill`, `Buy Goods` or `Send Money`."""
    balance_cents: int
    """The payee's balance after it."""
    conversation_id: str = ""
    is_prompted: bool = False


@dataclass
class Books:
    config: SandboxConfig
    before: Books | None = None
    """The books whose wiring (apps, shortcodes, registered addresses) stays across a reset."""
    apps: dict[str, App] = field(default_factory=dict)
    shortcodes: dict[str, Shortcode] = field(default_factory=dict)
    prompts: OrderedDict[str, Prompt] = field(default_factory=OrderedDict)
    payments: OrderedDict[str, Payment] = field(default_factory=OrderedDict)
    recent: deque[Payment] = field(default_factory=lambda: deque(maxlen=200))
    _by_phone: dict[str, deque[Prompt]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.before is not None:
            self.apps = {key: App(app.key, app.secret) for key, app in self.before.apps.items()}
            self.shortcodes = self.before.shortcodes
            for shortcode in self.shortcodes.values():
                shortcode.balance_cents = 0
            self.before = None
            return
        told = self.config
        self.apps[told.mpesa_key] = App(told.mpesa_key, told.mpesa_secret)
        self.shortcodes[told.mpesa_shortcode] = Shortcode(
            told.mpesa_shortcode, "paybill", told.mpesa_name, told.mpesa_key, told.mpesa_passkey
        )

    def app_with_token(self, token: str, now: float) -> App | None:
        for app in self.apps.values():
            if app.token and app.token == token and now < app.token_until:
                return app
        return None

    def shortcode(self, number: str) -> Shortcode:
        """By what a payer types, or by the head office that pushes for it."""
        found = self.shortcodes.get(number) or next(
            (each for each in self.shortcodes.values() if each.store == number), None
        )
        if found is None:
            raise NoSuchShortcode(number)
        return found

    def add_prompt(self, prompt: Prompt) -> None:
        self.prompts[prompt.checkout_id] = prompt
        self._by_phone.setdefault(prompt.phone, deque(maxlen=PROMPTS_SHOWN)).append(prompt)
        while len(self.prompts) > PROMPTS_MAX:
            _, gone = self.prompts.popitem(last=False)
            if not any(prompt.checkout_id in self.prompts for prompt in self._by_phone[gone.phone]):
                del self._by_phone[gone.phone]

    def add_payment(self, payment: Payment) -> None:
        self.payments[payment.receipt] = payment
        self.recent.append(payment)
        while len(self.payments) > PAYMENTS_MAX:
            self.payments.popitem(last=False)

    def prompts_on(self, phone: str) -> list[Prompt]:
        """The latest prompts on this phone, oldest first."""
        return list(self._by_phone.get(phone, ()))

    def ringing_on(self, phone: str) -> Prompt | None:
        return next((p for p in self.prompts_on(phone) if p.state == "ringing"), None)

    def is_busy(self, phone: str) -> bool:
        return any(p.state in ("waiting", "ringing") for p in self.prompts_on(phone))
