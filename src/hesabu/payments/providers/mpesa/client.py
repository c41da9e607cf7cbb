"""The requests to Daraja: the prompt on the phone, "what became of it?", a look into the books, and where to write to.

The one question that matters about every answer is whether a phone may be ringing. Where that
cannot be told, the answer is Uncertain, and nothing is sent twice.

    what came back                             of a prompt          of "what became of it?"
    200, ResponseCode 0, CheckoutRequestID     Accepted             Paid | NotPaid | Pending
    an errorCode that means "not done"         Rejected             NoAnswer
    500.001.1001 "being processed"             Uncertain            Pending
    500.003.1001, an unknown 5xx, time-out     Uncertain            NoAnswer
    HTML or rubbish with 200 or 5xx            Uncertain            NoAnswer
    HTML with 4xx (the gateway's own no)       Rejected             NoAnswer
    401, 404.001.03 (token killed)             new token, once more, then as above
    no connection at all                       Rejected             NoAnswer
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from hesabu.kit import crypto, http, phones
from hesabu.kit.money import Money
from hesabu.payments.errors import (
    AccountIncomplete,
    AmountNotWhole,
    AmountOutOfRange,
    CurrencyNotTaken,
    PhoneNotTaken,
)
from hesabu.payments.providers.mpesa import codes, passwords
from hesabu.payments.providers.port import (
    Accepted,
    AccountKeys,
    Answer,
    Ask,
    Check,
    Fetched,
    NoAnswer,
    NoToken,
    NotPaid,
    Outcome,
    Paid,
    Pending,
    Registered,
    Registration,
    Rejected,
    TokenOf,
    Uncertain,
    Works,
)
from hesabu.payments.types import AccountKind

log = structlog.get_logger(__name__)

AMOUNT_MAX_MINOR = 250_000_00
DESCRIPTION_MAX = 13
CREDENTIALS = ("consumer_key", "consumer_secret", "passkey", "shortcode")
NO_REQUEST = "ws_CO_00000000000000000000000000"
"""The id of no request, to ask about nothing."""
WRONG_KEYS = ("credential", "merchant does not exist")
"""Words of M-PESA's where the password of a request is not its number's."""
TO_LOOK_BACK = ("initiator", "security_credential")
"""Keys that not everybody has: an operator of the organisation, and their password as Safaricom's portal encrypts it."""
IDENTIFIER_TYPES = {AccountKind.STK_PAYBILL: "4", AccountKind.STK_TILL: "2"}
_TRANSACTION_TYPES = {
    AccountKind.STK_PAYBILL: "CustomerPayBillOnline",
    AccountKind.STK_TILL: "CustomerBuyGoodsOnline",
}


class Mpesa:
    """Safaricom's Daraja behind the port."""

    flag = "payments.mpesa"

    def __init__(
        self, base_url: str, public_url: str, token_of: TokenOf, *, timeout_seconds: int = 15
    ) -> None:
        self._public_url = public_url
        self._token_of = token_of
        self._http = http.Client("mpesa", base_url, timeout_seconds=timeout_seconds)

    # --- before anything is written down

    def check_account(
        self, kind: str, number: str, reference: str | None, credentials: Mapping[str, str]
    ) -> dict[str, str]:
        kept = {name: str(credentials.get(name) or "").strip() for name in CREDENTIALS}
        if not (number.isascii() and number.isdigit() and 5 <= len(number) <= 7):
            raise AccountIncomplete("A paybill or till has 5 to 7 digits.", field="number")
        if kind == AccountKind.STK_PAYBILL:
            kept["shortcode"] = kept["shortcode"] or number
        for name, value in kept.items():
            if not value:
                raise AccountIncomplete(f"The {name} is missing.", field=name)
        shortcode = kept["shortcode"]
        if not (shortcode.isascii() and shortcode.isdigit() and 5 <= len(shortcode) <= 7):
            raise AccountIncomplete("A shortcode has 5 to 7 digits.", field="shortcode")
        more = {name: str(credentials.get(name) or "").strip() for name in TO_LOOK_BACK}
        if any(more.values()) and not all(more.values()):
            missing = next(name for name, value in more.items() if not value)
            raise AccountIncomplete(f"The {missing} is missing.", field=missing)
        return kept | {name: value for name, value in more.items() if value}

    def check(self, amount: Money, payer_phone: str) -> None:
        if amount.currency != "KES":
            raise CurrencyNotTaken(amount.currency, field="amount")
        if amount.minor % 100:
            whole = amount.minor // 100
            raise AmountNotWhole(f"Ask for KES {whole:,} or {whole + 1:,}.", field="amount")
        if not 100 <= amount.minor <= AMOUNT_MAX_MINOR:
            raise AmountOutOfRange(f"KES {amount.minor // 100:,}", field="amount")
        if not (
            payer_phone.startswith(("+2547", "+2541"))
            and payer_phone[1:].isdigit()
            and len(payer_phone) == 13
        ):
            raise PhoneNotTaken(field="phone")

    def endpoint_token(self) -> str:
        return passwords.clean_token(lambda: crypto.token(18))

    def callback_url(self, endpoint_token: str, collection_id: UUID) -> tuple[str, str]:
        ref = passwords.callback_ref(
            str(collection_id), lambda text: crypto.mac("mpesa.callback", text, 22)
        )
        return passwords.callback_url(self._public_url, endpoint_token, ref), ref

    # --- the prompt

    def ask(self, account: AccountKeys, ask: Ask) -> Outcome:
        try:
            response = self.post(
                account, "/mpesa/stkpush/v1/processrequest", self._prompt(account, ask)
            )
        except (NoToken, http.NotSent) as error:
            return rejected(error.code if isinstance(error, NoToken) else "not_sent")
        except http.Unknown as error:
            log.warning("mpesa.ask_unknown", account_id=str(account.account_id), why=str(error))
            return Uncertain("no_answer")
        return read_outcome(response)

    def _prompt(self, account: AccountKeys, ask: Ask) -> dict[str, Any]:
        payer = phones.msisdn(ask.payer_phone)
        return {
            **self._signed(account, ask.at),
            "TransactionType": _TRANSACTION_TYPES[AccountKind(account.kind)],
            "Amount": ask.amount.minor // 100,
            "PartyA": payer,
            "PartyB": account.number,
            "PhoneNumber": payer,
            "CallBackURL": ask.callback_url,
            "AccountReference": account.account_reference or ask.reference,
            "TransactionDesc": ask.reference[:DESCRIPTION_MAX],
        }

    # --- what became of it

    def query(self, account: AccountKeys, provider_ref: str, at: datetime) -> Answer:
        body = {**self._signed(account, at), "CheckoutRequestID": provider_ref}
        try:
            response = self.post(account, "/mpesa/stkpushquery/v1/query", body, idempotent=True)
        except NoToken as error:
            return NoAnswer(error.code)
        except http.HttpFailure:
            return NoAnswer("no_answer")
        return read_answer(response, provider_ref)

    def can_look_back(self, account: AccountKeys) -> bool:
        return all(account.credentials.get(name) for name in TO_LOOK_BACK)

    def look_back(
        self, account: AccountKeys, merchant_request_id: str, result_url: str, at: datetime
    ) -> Outcome:
        asked = {"OriginalConversationID": merchant_request_id}
        return self._look(account, asked, result_url, merchant_request_id)

    def look_up(
        self, account: AccountKeys, receipt: str, endpoint_token: str, at: datetime
    ) -> Outcome:
        result_url = self.address(endpoint_token, look_up_ref(receipt))
        return self._look(account, {"TransactionID": receipt}, result_url, "")

    def _look(
        self, account: AccountKeys, asked: Mapping[str, str], result_url: str, merchant_id: str
    ) -> Outcome:
        body = {
            "Initiator": account.credentials["initiator"],
            "SecurityCredential": account.credentials["security_credential"],
            "CommandID": "TransactionStatusQuery",
            **asked,
            "PartyA": account.number,
            "IdentifierType": IDENTIFIER_TYPES[AccountKind(account.kind)],
            "ResultURL": result_url,
            "QueueTimeOutURL": result_url,
            "Remarks": "What became of it",
            "Occasion": "",
        }
        try:
            response = self.post(
                account, "/mpesa/transactionstatus/v1/query", body, idempotent=True
            )
        except NoToken as error:
            return rejected(error.code)
        except http.HttpFailure:
            return Uncertain("no_answer")
        answer = object_in(response)
        error_code, message = error_in(answer)
        if error_code:
            return _outcome_of_error(response.status, error_code, message)
        if response.is_ok and str(answer.get("ResponseCode", "")).strip() == "0":
            return Accepted(str(answer.get("ConversationID") or "")[:200], merchant_id)
        return Uncertain(f"http_{response.status}")

    # --- whether keys are right

    def check_keys(self, account: AccountKeys, at: datetime) -> Check:
        """A new token says whether the secret is right, a question about no request whether the passkey is, and one for the
        list whether the number is the app's."""
        number = {"ShortCode": shortcode_of(account), "StartDate": "", "EndDate": ""}
        nothing = {**self._signed(account, at), "CheckoutRequestID": NO_REQUEST}
        try:
            self._renew_token(account)
            asked = self.post(account, "/mpesa/stkpushquery/v1/query", nothing, idempotent=True)
            code, message = error_in(object_in(asked))
            if not code or code in codes.BUSY_ERRORS or code == codes.INTERNAL_ERROR:
                return Works() if asked.is_ok else NoAnswer(code or f"http_{asked.status}")
            if not any(word in message.lower() for word in WRONG_KEYS):
                return Works()
            listed = self.post(account, "/pulltransactions/v1/query", number, idempotent=True)
        except NoToken as error:
            return rejected(error.code) if error.code == "bad_keys" else NoAnswer(error.code)
        except http.HttpFailure:
            return NoAnswer("no_answer")
        is_others = "invalid shortcode" in error_in(object_in(listed))[1].lower()
        return rejected("wrong_number" if is_others else "wrong_passkey")

    def _renew_token(self, account: AccountKeys) -> None:
        """One that was kept says nothing about the secret beside it."""
        key, secret = account.credentials["consumer_key"], account.credentials["consumer_secret"]
        fetched: list[Fetched] = []

        def fetch() -> Fetched:
            fetched.append(self._fetch_token(key, secret))
            return fetched[-1]

        kept = self._token_of(f"mpesa:{key}", fetch)
        if not fetched:
            self._token_of(f"mpesa:{key}", fetch, refused=kept)

    # --- where tidings of money by hand go

    def register(self, account: AccountKeys, endpoint_token: str) -> Registration:
        body = {
            "ShortCode": shortcode_of(account),
            "ResponseType": "Completed",
            "ConfirmationURL": self.address(endpoint_token, passwords.BY_HAND),
            "ValidationURL": self.address(endpoint_token, passwords.BEFOREHAND),
        }
        if not all(passwords.is_clean(str(body[name])) for name in body if name.endswith("URL")):
            return rejected("address_words")
        try:
            response = self.post(account, "/mpesa/c2b/v2/registerurl", body)
        except (NoToken, http.NotSent) as error:
            return rejected(error.code if isinstance(error, NoToken) else "not_sent")
        except http.Unknown:
            return Uncertain("no_answer")
        return read_registration(response)

    def address(self, endpoint_token: str, ref: str) -> str:
        """Where letters about an account come in that end in `ref`."""
        return passwords.callback_url(self._public_url, endpoint_token, ref)

    # --- on the wire

    def _signed(self, account: AccountKeys, at: datetime) -> dict[str, str]:
        shortcode, stamp = account.credentials["shortcode"], passwords.timestamp(at)
        return {
            "BusinessShortCode": shortcode,
            "Password": passwords.password(shortcode, account.credentials["passkey"], stamp),
            "Timestamp": stamp,
        }

    def post(
        self, account: AccountKeys, path: str, body: Mapping[str, Any], *, idempotent: bool = False
    ) -> http.Response:
        """Send it with a token; where the token was killed meanwhile, once more with a new one
        (a request whose token was turned down was certainly not carried out)."""
        key, secret = account.credentials["consumer_key"], account.credentials["consumer_secret"]
        app = f"mpesa:{key}"
        token = self._token_of(app, lambda: self._fetch_token(key, secret))
        response = self._send(path, body, token, idempotent)
        if is_token_refused(response):
            token = self._token_of(app, lambda: self._fetch_token(key, secret), refused=token)
            response = self._send(path, body, token, idempotent)
        return response

    def _send(
        self, path: str, body: Mapping[str, Any], token: str, idempotent: bool
    ) -> http.Response:
        return self._http.request(
            "POST",
            path,
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            idempotent=idempotent,
        )

    def _fetch_token(self, key: str, secret: str) -> Fetched:
        try:
            response = self._http.request(
                "GET",
                "/oauth/v1/generate",
                params={"grant_type": "client_credentials"},
                auth=(key, secret),
                idempotent=True,
                timeout_seconds=5,
            )
        except http.HttpFailure as error:
            raise NoToken("not_sent") from error
        answer = object_in(response)
        token = answer.get("access_token")
        if response.is_ok and isinstance(token, str) and token:
            return Fetched(token, _seconds(answer.get("expires_in")))
        is_ours = 400 <= response.status < 500 and response.status != 429
        raise NoToken("bad_keys" if is_ours else "not_sent")


def look_up_ref(receipt: str) -> str:
    """The end of the address where the books' word about this receipt comes in; nobody without our keys can make it."""
    mark = passwords.callback_ref(receipt, lambda text: crypto.mac("mpesa.look_up", text, 22))
    return passwords.LOOKED_UP + mark


def shortcode_of(account: AccountKeys) -> str:
    """The number that the provider keeps addresses and lists by: a till's store, a paybill itself."""
    is_till = account.kind == AccountKind.STK_TILL
    return account.credentials["shortcode"] if is_till else account.number


def read_outcome(response: http.Response) -> Outcome:
    """What an answer to a prompt says."""
    answer = object_in(response)
    error_code, message = error_in(answer)
    if error_code:
        return _outcome_of_error(response.status, error_code, message)
    response_code = answer.get("ResponseCode")
    if response.is_ok and response_code is not None:
        if str(response_code).strip() != "0":
            return rejected(str(response_code).strip()[:20])
        ref = answer.get("CheckoutRequestID")
        if isinstance(ref, str) and 0 < len(ref) <= 200 and ref.isprintable():
            return Accepted(ref, str(answer.get("MerchantRequestID") or "")[:200])
        return Uncertain("no_checkout_request_id")
    if 400 <= response.status < 500 and response.status != 408:
        return rejected("blocked")
    return Uncertain(f"http_{response.status}")


def _outcome_of_error(status: int, error_code: str, message: str) -> Outcome:
    is_known = error_code in codes.ERRORS and not codes.is_pending(error_code, message)
    if is_known or (400 <= status < 500 and status != 408):
        meaning = codes.error_meaning(error_code, message)
        is_locked = meaning is codes.RESULTS["1001"]
        return Rejected("1001" if is_locked else error_code, meaning.is_retryable, meaning.words)
    return Uncertain(error_code)


_REFUSED_PARTS = (
    ("shortcode", "wrong_number"),
    ("confirmationurl", "address_refused"),
    ("validationurl", "address_refused"),
    ("callbackurl", "address_refused"),
    ("nominatednumber", "phone_refused"),
)
"""What a refusal names, and our code for it."""


def read_registration(response: http.Response) -> Registration:
    """What an answer to the addresses says. In production they are taken once: a change is Safaricom's to make."""
    answer = object_in(response)
    error_code, message = error_in(answer)
    if any(words in message.lower() for words in ("already registered", "duplicate notification")):
        return Registered(is_new=False)
    if error_code:
        for part, code in _REFUSED_PARTS:
            if part in message.lower():
                return rejected(code)
        outcome = _outcome_of_error(response.status, error_code, message)
        return outcome if isinstance(outcome, Rejected) else Uncertain(error_code)
    said = str(answer.get("ResponseCode", answer.get("ResponseStatus", ""))).strip()
    if response.is_ok and said in ("0", "00000000", "1000"):
        return Registered(is_new=True)
    return Uncertain(f"http_{response.status}")


def read_answer(response: http.Response, provider_ref: str) -> Answer:
    """What an answer to "what became of it?" says."""
    answer = object_in(response)
    error_code, message = error_in(answer)
    if error_code:
        if codes.is_pending(error_code, message):
            return Pending()
        return NoAnswer(error_code)
    if not response.is_ok or answer.get("CheckoutRequestID", provider_ref) != provider_ref:
        return NoAnswer(f"http_{response.status}")
    result_code = answer.get("ResultCode")
    if str(answer.get("ResponseCode", "")).strip() != "0" or result_code is None:
        return NoAnswer("no_result")
    code = str(result_code).strip()
    if code == codes.PAID:
        return Paid()
    if code in codes.RESULTS:
        return NotPaid(code)
    if "process" in str(answer.get("ResultDesc", "")).lower():
        return Pending()
    return NoAnswer(f"code_{code[:20]}")


def is_token_refused(response: http.Response) -> bool:
    if response.status == 401:
        return True
    return error_in(object_in(response))[0] in codes.TOKEN_ERRORS


def rejected(code: str) -> Rejected:
    meaning = codes.meaning(code)
    return Rejected(code, meaning.is_retryable, meaning.words)


def object_in(response: http.Response) -> dict[str, Any]:
    """The answer as an object; empty where a gateway answered HTML or rubbish."""
    answer = response.json()
    return answer if isinstance(answer, dict) else {}


def error_in(answer: Mapping[str, Any]) -> tuple[str, str]:
    code = answer.get("errorCode")
    return (str(code)[:20] if code else "", str(answer.get("errorMessage") or "")[:200])


def _seconds(value: Any) -> int:
    """`expires_in` is a text in reality and a number in the documents."""
    try:
        seconds = int(value)
    except (TypeError, ValueError):
        return 0
    return seconds if 0 < seconds <= 86_400 else 0
