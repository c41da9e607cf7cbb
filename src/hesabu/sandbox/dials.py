"""The dials: what may go wrong, and how often. All are off until somebody turns one.

A probability lies between 0 and 1 and is drawn from the seed; a number of seconds says how much;
a switch is on or off; a choice names one of several. Each provider has its own set, so M-PESA can be ill while WhatsApp is well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from hesabu.sandbox.africastalking.codes import FAILURE_REASONS, FINAL_FAILURES, REFUSALS

Value = float | bool | str
Kind = Literal["probability", "seconds", "switch", "choice"]
SECONDS_MAX = 86_400.0


class BadDial(ValueError):
    """No dial has that name, or it cannot be turned that far."""


@dataclass(frozen=True)
class Dial:
    name: str
    kind: Kind
    default: Value
    says: str
    """What it does, for the panel beside the phones."""
    options: tuple[str, ...] = ()
    """What a choice is among."""


def _chance(name: str, says: str) -> Dial:
    return Dial(name, "probability", 0.0, says)


def _choice(name: str, options: tuple[str, ...], says: str) -> Dial:
    return Dial(name, "choice", options[0], says, options)


WEBHOOK_FAULTS = (
    _chance("webhook_drop", "a webhook is lost on the way"),
    _chance("webhook_delay", "a webhook comes late"),
    Dial("webhook_delay_seconds", "seconds", 2.0, "how late"),
    _chance("webhook_double", "a webhook comes twice"),
    _chance("webhook_reorder", "a webhook is overtaken by later ones"),
    _chance("webhook_corrupt", "a webhook's body is damaged on the way"),
)

REQUEST_FAULTS = (
    _chance("request_timeout", "a request is carried out, and answered too late"),
    Dial("request_timeout_seconds", "seconds", 30.0, "how late the answer is"),
    _chance("request_error_before", "a request fails with 5xx and nothing was done"),
    _chance("request_error_after", "a request fails with 5xx although it was done"),
    _chance("request_limit", "a request is refused with 429"),
    _chance("request_garbage", "a gateway answers HTML in the provider's place"),
)

FAULTS = (*WEBHOOK_FAULTS, *REQUEST_FAULTS)

WHATSAPP = (
    *FAULTS,
    _chance("status_skip_delivered", "a message is read without ever being reported delivered"),
    Dial("english_only", "switch", False, "templates are approved in English only"),
    Dial("pair_limit", "switch", False, "at most one message in 6 s to one person (burst 45)"),
)

DARAJA = (
    *FAULTS,
    _chance("push_unsent", "the prompt cannot be sent to the phone (1025)"),
    _chance("items_shuffle", "the items of a callback come in another order"),
    _chance("phone_hidden", "a callback's PhoneNumber is masked"),
    Dial("stk_confirms", "switch", False, "a prompted payment raises a C2B confirmation too"),
    Dial("same_amount_limit", "switch", False, "same amount and payer within 2 minutes fails (17)"),
    Dial("lock_refuses", "switch", False, "a second prompt is refused at once, not by callback"),
    Dial("register_once", "switch", False, "C2B addresses can be registered only once"),
    _chance("confirmation_drop", "a C2B confirmation is lost, and nothing else"),
    Dial("pull_lag_seconds", "seconds", 0.0, "how late money stands in the list that is pulled"),
    _choice("pull_page", ("100", "10", "2"), "how many rows a page of that list has"),
    _choice(
        "pull_clock",
        ("offset", "nairobi called utc", "utc", "bare"),
        "how that list writes times: +03:00, Nairobi's with a Z, true UTC, Nairobi's with nothing",
    ),
    Dial("prompt_seconds", "seconds", 60.0, "how long a prompt rings"),
    Dial("query_spacing_seconds", "seconds", 0.0, "STK queries closer together are turned away"),
    Dial(
        "query_window_seconds", "seconds", 0.0, "older prompts are forgotten by queries (0: none)"
    ),
)

AFRICASTALKING = (
    *FAULTS,
    _chance("sms_refused", "an SMS is refused at once"),
    _choice("sms_refused_as", tuple(REFUSALS), "why it is refused"),
    _chance("sms_failed", "an SMS is taken and never arrives"),
    _choice("sms_failed_as", FINAL_FAILURES, "what the delivery report says"),
    _choice("sms_failure_reason", FAILURE_REASONS, "and why, when it was rejected or failed"),
)

MAILGUN = (
    *FAULTS,
    _chance("mail_rejected", "a mail is accepted and then rejected"),
    _chance("mail_bounced", "a mailbox does not exist: a permanent failure"),
    _chance("mail_deferred", "a mail server is busy: a temporary failure, then delivery"),
    _chance("mail_spam", "a delivered mail is marked as spam"),
)

SMTP = (*REQUEST_FAULTS, _chance("mail_bounced", "the server does not know the recipient (550)"))

PROVIDERS: dict[str, tuple[Dial, ...]] = {
    "whatsapp": WHATSAPP,
    "360dialog": FAULTS,
    "daraja": DARAJA,
    "africastalking": AFRICASTALKING,
    "mailgun": MAILGUN,
    "smtp": SMTP,
}

_STORM: dict[str, Value] = {
    "webhook_drop": 0.1,
    "webhook_delay": 0.2,
    "webhook_delay_seconds": 2.0,
    "webhook_double": 0.2,
    "webhook_reorder": 0.2,
    "webhook_corrupt": 0.05,
    "request_timeout": 0.03,
    "request_timeout_seconds": 20.0,
    "request_error_before": 0.05,
    "request_error_after": 0.05,
    "request_limit": 0.05,
    "request_garbage": 0.03,
}

_STORM_OF_REQUESTS = {name: v for name, v in _STORM.items() if name.startswith("request")}

PRESETS: dict[str, dict[str, dict[str, Value]]] = {
    "calm": {provider: {} for provider in PROVIDERS},
    "storm": {
        "whatsapp": {**_STORM, "status_skip_delivered": 0.1},
        "daraja": {**_STORM, "items_shuffle": 1.0, "phone_hidden": 0.3, "stk_confirms": True},
        "360dialog": _STORM,
        "africastalking": {**_STORM, "sms_failed": 0.05},
        "mailgun": {**_STORM, "mail_bounced": 0.02, "mail_deferred": 0.1},
        "smtp": _STORM_OF_REQUESTS,
    },
}


class Dials:
    """One provider's dials, as they are set now."""

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self._dials = {dial.name: dial for dial in PROVIDERS[provider]}
        self._values = {dial.name: dial.default for dial in PROVIDERS[provider]}

    def number(self, name: str) -> float:
        return float(self._values[name])

    def is_on(self, name: str) -> bool:
        return bool(self._values[name])

    def choice(self, name: str) -> str:
        return str(self._values[name])

    def turn(self, name: str, value: Any) -> None:
        dial = self._dials.get(name)
        if dial is None:
            raise BadDial(f"{self.provider} has no dial {name!r}")
        self._values[name] = _checked(dial, value)

    def calm(self) -> None:
        self._values = {name: dial.default for name, dial in self._dials.items()}

    def turn_to(self, preset: str) -> None:
        if preset not in PRESETS:
            raise BadDial(f"there is no preset {preset!r}; there are {', '.join(PRESETS)}")
        self.calm()
        for name, value in PRESETS[preset][self.provider].items():
            self.turn(name, value)

    def as_json(self) -> dict[str, Value]:
        return dict(self._values)

    def described(self) -> list[tuple[Dial, Value]]:
        return [(dial, self._values[dial.name]) for dial in self._dials.values()]


def _checked(dial: Dial, value: Any) -> Value:
    if dial.kind == "switch":
        if not isinstance(value, bool):
            raise BadDial(f"{dial.name} is a switch: true or false")
        return value
    if dial.kind == "choice":
        if value not in dial.options:
            raise BadDial(f"{dial.name} is one of {', '.join(dial.options)}")
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadDial(f"{dial.name} is a number")
    top = 1.0 if dial.kind == "probability" else SECONDS_MAX
    if not 0 <= value <= top:
        raise BadDial(f"{dial.name} lies between 0 and {top:g}")
    return float(value)
