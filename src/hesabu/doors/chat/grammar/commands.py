"""Everything that is not an invoice: what is asked for, and of which document or person.

A command is a phrase of the language and its object: ``remind`` *Jane*, ``status`` *INV-0007*. The object
is a document's number if there is one, else a telephone number, else a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from hesabu.doors.chat.grammar.invoice import Setting, describe, read_contacts
from hesabu.doors.chat.grammar.names import tidy_name
from hesabu.doors.chat.grammar.numbers import UNCLEAR, amount_problem, is_price_like
from hesabu.doors.chat.grammar.references import code_of, reference_at
from hesabu.doors.chat.grammar.terms import Terms, cut_terms
from hesabu.doors.chat.grammar.text import Kind, Token, said, tokens_of
from hesabu.doors.chat.grammar.types import (
    Customer,
    Intent,
    Line,
    Payment,
    Problem,
    Total,
    Understood,
)

_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}
_NUMBERS = {Kind.NUMBER, Kind.BAD}
_NEEDS_OBJECT = frozenset({Intent.STATUS, Intent.REMIND, Intent.RESEND, Intent.VOID})


@dataclass
class Parts:
    """What a command's object was found to hold."""

    reference: str | None = None
    phone: str | None = None
    code: str | None = None
    method: str | None = None
    amount: Token | None = None
    number: int | None = None
    words: list[Token] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_parts(text: str, setting: Setting, *, bare: bool) -> Parts:
    """A document's number, a telephone number, a receipt code, a method, an amount; the rest is words.
    ``bare``: a plain small number is a document's.
    """
    tokens, phone, problems = read_contacts(text, setting)
    parts = Parts(phone=phone, problems=problems)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        found = reference_at(tokens, at, bare=bare) if parts.reference is None else None
        if found is not None:
            parts.reference = found[1]
            if found[0] == 1 and token.text.isdigit() and len(token.text) < 4:
                parts.number = int(token.text)
            at += found[0]
            continue
        if token.kind in {Kind.WORD, Kind.BAD} and parts.code is None and code_of(token.text):
            parts.code = code_of(token.text)
        elif token.kind is Kind.WORD and token.low in setting.language.methods:
            parts.method = parts.method or setting.language.methods[token.low]
        elif token.kind in _NUMBERS:
            parts.amount = parts.amount or token
        elif token.kind not in {Kind.PHONE, Kind.GAP}:
            parts.words.append(token)
        at += 1
    return parts


# --- a command and its object ----------------------------------------------------------------------


def read_command(
    intent: Intent, topic: str | None, rest: str, setting: Setting
) -> Understood | None:
    """ "remind Jane", "status INV-0007". None if the words behind it make no sense as its object."""
    language = setting.language
    if intent is Intent.CHANGE:
        return read_change(rest, setting)
    if intent is Intent.LANGUAGE:
        return _language(rest, setting)
    if intent in {Intent.HELP, Intent.LIST}:
        return Understood(intent, topic=_topic(rest))
    if intent is Intent.WHO_OWES:
        return _debts_of(rest, setting)
    parts = read_parts(rest, setting, bare=True)
    words = _bare(parts.words, language.object_fillers)
    if [t.low for t in words] and all(t.low in language.all_words for t in words):
        return Understood(intent, topic="all")
    name = tidy_name(said(words)) if parts.reference is None else None
    missing: tuple[str, ...] = ()
    if parts.reference is None and name is None and parts.phone is None:
        missing = ("reference",) if intent in _NEEDS_OBJECT else ()
    return Understood(
        intent,
        customer=Customer(name, parts.phone),
        reference=parts.reference,
        number=parts.number,
        topic=topic,
        missing=missing,
        problems=tuple(parts.problems),
    )


def _bare(tokens: Sequence[Token], fillers: frozenset[str]) -> list[Token]:
    """Without the little words before the name, the punctuation, and "again" or "'s invoice" behind."""
    kept = [t for t in tokens if t.kind not in {Kind.GAP, Kind.BREAK}]
    while kept and (kept[0].low in fillers or kept[0].kind in _MARKS):
        kept.pop(0)
    while kept and (kept[-1].low in fillers | _AFTER_OBJECT or kept[-1].kind in _MARKS):
        kept.pop()
    if kept and kept[-1].low.endswith("'s") and len(kept) < len(tokens):
        last = kept[-1]
        kept[-1] = replace(last, text=last.text[:-2], low=last.low[:-2], end=last.end - 2)
    return kept


_AFTER_OBJECT = frozenset(
    {"again", "please", "now", "today", "paid", "pay", "yet", "payed", "owe", "owes", "me", "us"}
)


def _topic(rest: str) -> str | None:
    words = " ".join(rest.lower().split()).strip(" .!?:")
    return words[:60] or None


def _language(rest: str, setting: Setting) -> Understood | None:
    words = rest.lower().split()
    known = next(
        (setting.language.languages[w] for w in words if w in setting.language.languages), None
    )
    if known is None:
        return None
    return Understood(Intent.LANGUAGE, topic=known)


def _debts_of(rest: str, setting: Setting) -> Understood | None:
    """ "how much does Jane owe me"."""
    tokens = tokens_of(rest)
    if not any(t.low in {"owe", "owes"} for t in tokens):
        return None
    stop = next(i for i, t in enumerate(tokens) if t.low in {"owe", "owes"})
    return Understood(Intent.WHO_OWES, customer=Customer(tidy_name(said(tokens[:stop]))))


# --- payments --------------------------------------------------------------------------------------


def read_paid(
    rest: str, setting: Setting, *, is_first_person: bool, customer: str | None = None
) -> Understood:
    """ "paid INV-0007 5000 mpesa SKL4T7QX2P" by the merchant, "I have paid SKL4T7QX2P" by a customer. A
    receipt code without a document's number, or nothing at all, is the customer's way of saying it.
    """
    parts = read_parts(rest, setting, bare=False)
    problems = list(parts.problems)
    words = [t for t in parts.words if t.low not in setting.language.code_labels]
    words = _bare(words, setting.language.object_fillers | setting.language.i_words | _PAID_FILLERS)
    name = customer or (None if is_first_person else tidy_name(said(words)))
    amount = _amount(parts.amount, setting, problems)
    is_plain = parts.reference is None and name is None
    intent = Intent.HAVE_PAID if is_first_person or is_plain else Intent.PAID
    payment = Payment(
        method=parts.method or ("mpesa" if parts.code else None), amount=amount, code=parts.code
    )
    return Understood(
        intent,
        customer=Customer(name, parts.phone),
        reference=parts.reference,
        payment=None if payment.is_empty else payment,
        problems=tuple(problems),
    )


_PAID_FILLERS = frozenset({"the", "full", "in", "fully", "it", "you", "your", "now", "just", "already", "from", "by",
                           "via", "using", "through", "is", "was", "as", "has", "have", "been", "money",
                           "amount", "payment", "and", "a", "today", "yesterday", "sent", "here", "to"})  # fmt: skip


def _amount(token: Token | None, setting: Setting, problems: list[Problem]) -> Decimal | None:
    if token is None:
        return None
    problem = amount_problem(token, setting.currency)
    if problem is not None:
        problems.append(Problem(problem, token.text))
        return None
    return token.value


# --- changes ---------------------------------------------------------------------------------------


def read_change(rest: str, setting: Setting) -> Understood | None:
    """ "change amount to 80k", "change due to Friday", "make it 80k", "change INV-0007"."""
    language = setting.language
    tokens = tokens_of(rest)
    reference = None
    at = _after_marks(tokens, 0)
    while at < len(tokens) and tokens[at].low in {
        "the",
        "my",
        "its",
        "it",
        "to",
        "of",
        "for",
        "invoice's",
    }:
        at += 1
    if found := reference_at(tokens, at):
        reference, at = found[1], at + found[0]
    name_of_field, taken = _field_at(tokens, at, language.change_fields)
    at += taken
    while at < len(tokens) and (
        tokens[at].kind in _MARKS or tokens[at].low in {"to", "is", "be", "as", "on", "into"}
    ):
        if tokens[at].low in "-+$€£" and tokens[at].kind is Kind.MARK and tokens[at].low != "-":
            break
        at += 1
    if at >= len(tokens):
        return Understood(Intent.CHANGE, reference=reference, topic=name_of_field)
    value = rest[tokens[at].start :].strip()
    if name_of_field == "customer":
        return Understood(
            Intent.CHANGE,
            customer=Customer(tidy_name(value)),
            reference=reference,
            topic="customer",
        )
    if name_of_field == "description":
        line = Line(describe(tokens_of(value)), Decimal(1), None)
        return Understood(Intent.CHANGE, lines=(line,), reference=reference, topic="description")
    if name_of_field == "language":
        return _language(value, setting)
    lead = "due " if name_of_field == "due" else ""
    lead = "discount " if name_of_field == "discount" and "%" in value else lead
    changed = read_terms_alone(lead + value, setting, name_of_field)
    if changed is None:
        return Understood(
            Intent.CHANGE, reference=reference, topic=name_of_field, missing=("change",)
        )
    return replace(changed, reference=reference)


def _after_marks(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].kind in {Kind.COMMA, Kind.BREAK}:
        at += 1
    return at


def _field_at(tokens: Sequence[Token], at: int, fields: object) -> tuple[str | None, int]:
    assert isinstance(fields, dict)
    for length in (2, 1):
        words = " ".join(t.low for t in tokens[at : at + length])
        if words in fields:
            return str(fields[words]), length
    return None, 0


def read_terms_alone(
    text: str, setting: Setting, name_of_field: str | None = None
) -> Understood | None:
    """A message that is nothing but a new day, tax, discount, telephone number or amount."""
    tokens, phone, problems = read_contacts(text, setting)
    terms = cut_terms(Terms(text, setting.language, setting.currency, setting.today, tokens))
    problems = [*problems, *terms.problems]
    rest = [t for t in terms.tokens if t.kind not in {Kind.GAP, Kind.PHONE, *_MARKS}]
    rest = [t for t in rest if t.low not in setting.language.polite_lines | {"only"}]
    total: Total | None = None
    topic = name_of_field
    if rest:
        if len(rest) > 1 or rest[0].kind not in _NUMBERS:
            return None
        number = rest[0]
        if name_of_field not in {None, "amount"}:
            return None
        if name_of_field is None and not is_price_like(number):
            problems.append(Problem(UNCLEAR, number.text))
        else:
            amount = _amount(number, setting, problems)
            total = None if amount is None else Total(amount, setting.currency.code)
        topic = "amount"
    elif terms.due_on is not None:
        topic = "due"
    elif terms.tax is not None:
        topic = "tax"
    elif terms.discount is not None:
        topic = "discount"
    elif phone is not None:
        topic = "phone"
    elif not problems:
        return None
    return Understood(
        Intent.CHANGE,
        customer=Customer(phone=phone),
        discount=terms.discount,
        tax=terms.tax,
        total=total,
        due_on=terms.due_on,
        topic=topic,
        problems=tuple(problems),
    )


# --- where money shall go --------------------------------------------------------------------------


def read_setup(text: str, setting: Setting) -> Understood | None:
    """ "till 123456", "paybill 400200 account 123", "pochi 0712 345 678", "bank Equity 0123456789"."""
    language = setting.language
    tokens = tokens_of(text)
    method, has_digits = None, False
    start = 0
    for at, token in enumerate(tokens[:8]):
        method = language.setup_words.get(token.low)
        if method is None and token.low in {"pochi", "send"}:
            method = "phone"
        if method is None and token.low == "buy":
            method = "till"
        if (
            method is None
            and token.low == "pay"
            and at + 1 < len(tokens)
            and tokens[at + 1].low == "bill"
        ):
            method, start = "paybill", at + 2
            break
        if method is not None:
            start = at + 1
            break
        if token.low not in language.setup_fillers:
            return None
    if method is None:
        return None
    rest = tokens[start:]
    has_digits = any(t.kind is Kind.CHUNK for t in rest)
    if not has_digits:
        return None
    reads = {"phone": _setup_phone, "bank": _setup_bank}
    read = reads.get(method)
    if read is not None:
        return read(text, rest, setting)
    return _setup_number(method, rest, setting)


def _setup_number(method: str, tokens: list[Token], setting: Setting) -> Understood | None:
    language = setting.language
    at = 0
    while at < len(tokens) and tokens[at].low in language.setup_fillers:
        at += 1
    if at >= len(tokens) or tokens[at].kind is not Kind.CHUNK:
        return None
    number = ""
    while at < len(tokens) and tokens[at].kind is Kind.CHUNK and tokens[at].text.isdigit():
        number += tokens[at].text
        at += 1
        if len(number) >= 5:
            break
    if not number:
        number, at = tokens[at].text, at + 1
    problems = []
    if not (number.isdigit() and 5 <= len(number) <= 7):
        problems.append(Problem(f"{method}_invalid", number))
    account = None
    has_label = False
    while at < len(tokens) and (
        tokens[at].low in language.account_words | language.setup_fillers
        or tokens[at].kind in _MARKS
    ):
        has_label = has_label or tokens[at].low in language.account_words
        at += 1
    if at < len(tokens):
        if method == "till" and not has_label:
            return None
        account = said(tokens[at:]).strip(" .")[:40]
        account = account.replace(" ", "") if account.replace(" ", "").isdigit() else account
    missing = ("account",) if method == "paybill" and not account else ()
    valid_number = None if problems else number
    return Understood(
        Intent.PAYMENT_SETUP,
        payment=Payment(method=method, number=valid_number, account=account or None),
        missing=missing,
        problems=tuple(problems),
    )


def _setup_phone(text: str, tokens: list[Token], setting: Setting) -> Understood | None:
    contacts, phone, problems = read_contacts(text[tokens[0].start :], setting)
    others = [t for t in contacts if t.kind not in {Kind.PHONE, Kind.GAP, *_MARKS}]
    if any(t.low not in setting.language.setup_fillers for t in others):
        return None
    if phone is None and not problems:
        return None
    return Understood(
        Intent.PAYMENT_SETUP, payment=Payment(method="phone", phone=phone), problems=tuple(problems)
    )


def _setup_bank(text: str, tokens: list[Token], setting: Setting) -> Understood | None:
    language = setting.language
    words: list[Token] = []
    digits = ""
    for token in tokens:
        if token.kind is Kind.CHUNK and token.text.replace("-", "").isdigit():
            digits += token.text.replace("-", "")
        elif (
            token.low not in language.account_words | language.setup_fillers
            and token.kind is Kind.WORD
        ):
            words.append(token)
    if len(digits) < 6:
        return None
    problems = [] if len(digits) <= 20 else [Problem("account_invalid", digits)]
    bank = tidy_name(said(words))
    return Understood(
        Intent.PAYMENT_SETUP,
        payment=Payment(method="bank", number=digits if not problems else None, bank=bank),
        missing=() if bank else ("bank",),
        problems=tuple(problems),
    )
