"""Questions to payments, inside a binding of the business they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_noop

from hesabu.identity.types import Business
from hesabu.kit import clock, crypto
from hesabu.kit.money import Money
from hesabu.ledger import queries as ledger
from hesabu.ledger.types import AccountRole
from hesabu.payments import rules
from hesabu.payments.errors import (
    AccountNotFound,
    ClaimNotFound,
    CollectionNotFound,
    PaymentNotFound,
)
from hesabu.payments.models import Claim, Collection, Listening, PaymentAccount, PaymentRow, Twin
from hesabu.payments.providers.mpesa import codes
from hesabu.payments.providers.port import credentials_now
from hesabu.payments.types import (
    AccountKind,
    ClaimState,
    ClaimView,
    CollectionState,
    CollectionView,
    FrozenChange,
    Hearing,
    Method,
    PaymentState,
    PaymentView,
    Provider,
    Purpose,
    TwinState,
    TwinView,
    WayToPay,
)
from hesabu.store import tenancy
from hesabu.store.models import Endpoint

BUSINESSES_AT_ONCE = 500
PROMPT_LABEL = "M-PESA prompt on your phone"


def ways_to_pay(business: Business | UUID | None = None) -> list[WayToPay]:
    """How this business can be paid, prompts first. A prompt has no number to write down."""
    rows = offered(_accounts(business)).exclude(kind=AccountKind.CASH)
    prompts = [
        WayToPay("stk", PROMPT_LABEL, "", None, row.id)
        for row in rows
        if row.provider == Provider.MPESA
    ]
    by_hand: dict[tuple[str, str, str | None], WayToPay] = {}
    for row in rows:
        one = _way(row)
        by_hand.setdefault((one.kind, one.number, one.account), one)
    return prompts[-1:] + list(by_hand.values())


def offered(rows: QuerySet[PaymentAccount]) -> QuerySet[PaymentAccount]:
    """Those of the accounts that customers are told of now: neither frozen yet, nor closed by now."""
    now = clock.now()
    return rows.filter(
        Q(thaws_at=None) | Q(thaws_at__lte=now),
        Q(closes_at=None) | Q(closes_at__gt=now),
        is_active=True,
    )


def changes_frozen() -> list[FrozenChange]:
    """Changes of where money goes that have not taken effect, the soonest first."""
    now = clock.now()
    is_frozen = Q(thaws_at__gt=now) | Q(closes_at__gt=now) | Q(rekeys_at__gt=now)
    found = []
    for row in _accounts(None).filter(is_frozen, is_active=True):
        if row.thaws_at is not None and row.thaws_at > now:
            found.append(FrozenChange(_way(row), "added", row.thaws_at))
            continue
        if row.closes_at is not None and row.closes_at > now:
            found.append(FrozenChange(_way(row), "closed", row.closes_at))
        if row.rekeys_at is not None and row.rekeys_at > now:
            found.append(FrozenChange(_way(row), "rekeyed", row.rekeys_at))
    return sorted(found, key=lambda change: change.until)


def way(account_id: UUID) -> WayToPay:
    """One of the bound business's, whether it is offered or not. Raises AccountNotFound."""
    row = _accounts(None).filter(id=account_id).first()
    if row is None:
        raise AccountNotFound()
    return _way(row)


def ways(account_ids: Iterable[UUID]) -> dict[UUID, WayToPay]:
    """These of the bound business's, whether they are offered or not; what there is none of is left out."""
    return {row.id: _way(row) for row in _accounts(None).filter(id__in=list(account_ids))}


def _way(row: PaymentAccount) -> WayToPay:
    kind = row.kind.removeprefix("stk_")
    is_prompting = row.provider == Provider.MPESA
    return WayToPay(kind, row.label, row.number, row.account_reference, row.id, is_prompting)


def _accounts(business: Business | UUID | None):  # type: ignore[no-untyped-def]
    business_id = business.id if isinstance(business, Business) else business
    return PaymentAccount.objects.filter(business_id=business_id or tenancy.only()).order_by("id")


def collection(collection_id: UUID) -> CollectionView:
    """Raises CollectionNotFound."""
    row = Collection.objects.filter(business_id=tenancy.only(), id=collection_id).first()
    if row is None:
        raise CollectionNotFound()
    return view_of(row)


def collections_for(purpose: Purpose) -> list[CollectionView]:
    """Every request for money for this, oldest first."""
    rows = Collection.objects.filter(
        business_id=tenancy.only(), purpose_kind=purpose.kind, purpose_id=purpose.id
    )
    return [view_of(row) for row in rows.order_by("id")]


def payment(payment_id: UUID) -> PaymentView:
    """Raises PaymentNotFound."""
    row = PaymentRow.objects.filter(business_id=tenancy.only(), id=payment_id).first()
    if row is None:
        raise PaymentNotFound()
    return payment_view(row)


def payments_for(purpose: Purpose) -> list[PaymentView]:
    """All money that came for this, oldest first."""
    rows = PaymentRow.objects.filter(
        business_id=tenancy.only(), purpose_kind=purpose.kind, purpose_id=purpose.id
    )
    return [payment_view(row) for row in rows.order_by("id")]


def payments_since(day: date) -> list[PaymentView]:
    """Money booked on that day or later that stays, whether it has an owner or not, oldest first."""
    rows = PaymentRow.objects.filter(business_id=tenancy.only(), booked_on__gte=day)
    rows = rows.exclude(state=PaymentState.REVERSED)
    return [payment_view(row) for row in rows.order_by("id")]


def last_payments(most: int) -> list[PaymentView]:
    """Money that came and stays, the newest first, at most that many."""
    rows = PaymentRow.objects.filter(business_id=tenancy.only())
    rows = rows.exclude(state=PaymentState.REVERSED)
    return [payment_view(row) for row in rows.order_by("-booked_on", "-id")[:most]]


def came_in(first: date, before: date) -> list[Money]:
    """All money booked from one day until before another that stays, with an owner or not: a sum for each currency."""
    rows = PaymentRow.objects.filter(
        business_id=tenancy.only(), booked_on__gte=first, booked_on__lt=before
    ).exclude(state=PaymentState.REVERSED)
    sums = rows.values_list("currency").annotate(total=Sum("amount_minor")).order_by("currency")
    return [Money(int(total), currency) for currency, total in sums]


def payment_with(receipt: str) -> PaymentView | None:
    """The payment with this receipt, if it came."""
    row = PaymentRow.objects.filter(business_id=tenancy.only(), receipt=receipt.upper()).first()
    return payment_view(row) if row is not None else None


def received_on(day: date) -> list[PaymentView]:
    """All money of a day, as it is booked, oldest first; what was reversed since is left out."""
    rows = PaymentRow.objects.filter(business_id=tenancy.only(), booked_on=day)
    return [payment_view(row) for row in rows.exclude(state=PaymentState.REVERSED).order_by("id")]


def unplaced() -> list[PaymentView]:
    """Money without an owner, oldest first."""
    rows = PaymentRow.objects.filter(business_id=tenancy.only(), state=PaymentState.UNPLACED)
    return [payment_view(row) for row in rows.order_by("id")]


def unplaced_counts() -> dict[UUID, int]:
    """How many payments are without an owner at each of the bound businesses where there are some."""
    rows = PaymentRow.objects.filter(
        business_id__in=tenancy.current().business_ids, state=PaymentState.UNPLACED
    )
    return dict(rows.values_list("business_id").annotate(count=Count("id")))


def twin_of(payment_id: UUID) -> TwinView | None:
    """What the merchant is asked about money that a prompt brought; None where nothing is open."""
    row = Twin.objects.filter(
        business_id=tenancy.only(), payment_id=payment_id, state=TwinState.ASKED
    ).first()
    if row is None:
        return None
    purpose = Purpose(row.purpose_kind, row.purpose_id)
    return TwinView(row.payment_id, row.by_word_id, purpose)


def typed_accounts(payment_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What payers typed as account, of those payments that wait in suspense and answer no request, in one question."""
    rows = PaymentRow.objects.filter(
        business_id__in=tenancy.current().business_ids,
        id__in=payment_ids,
        state=PaymentState.UNPLACED,
        collection_id=None,
    ).exclude(reference=None)
    return {row.id: row.reference or "" for row in rows.only("id", "reference")}


def claim(claim_id: UUID) -> ClaimView:
    """Raises ClaimNotFound."""
    row = Claim.objects.filter(business_id=tenancy.only(), id=claim_id).first()
    if row is None:
        raise ClaimNotFound()
    return claim_view(row)


def claims_for(purpose: Purpose) -> list[ClaimView]:
    """Every claim about this, oldest first."""
    rows = Claim.objects.filter(
        business_id=tenancy.only(), purpose_kind=purpose.kind, purpose_id=purpose.id
    )
    return [claim_view(row) for row in rows.order_by("id")]


def claims_waiting() -> list[ClaimView]:
    """Claims the merchant has not answered, oldest first."""
    rows = Claim.objects.filter(business_id=tenancy.only(), state=ClaimState.MADE)
    return [claim_view(row) for row in rows.order_by("id")]


# For the janitor, over many businesses at once.


def collecting_business_ids() -> list[UUID]:
    """Every business that was ever given an address for M-PESA's letters. Inside `house()`."""
    rows = Endpoint.objects.filter(provider=Provider.MPESA).values_list("business_id", flat=True)
    return sorted({business_id for business_id in rows if business_id is not None})


def shared_numbers() -> set[bytes]:
    """Blind indexes of the numbers that more than one business here collects by, or is told of: their list does not say whose
    money it shows. Opens transactions of its own."""
    return {number for number, whose in holders_of_numbers().items() if len(whose) > 1}


def holders_of_numbers() -> dict[bytes, set[UUID]]:
    """Which businesses collect by a number, or by a till below it, or are told of it, by its blind index. One that merely wrote
    it down is none. Opens transactions of its own."""
    with tenancy.house():
        business_ids = collecting_business_ids()
    holders: dict[bytes, set[UUID]] = {}
    prompted = Collection.objects.filter(
        business_id=OuterRef("business_id"), account_id=OuterRef("id"), provider_ref__isnull=False
    )
    told = Listening.objects.filter(
        Q(registered_at__isnull=False) | Q(list_opened_at__isnull=False),
        business_id=OuterRef("business_id"),
        account_id=OuterRef("id"),
    )
    for start in range(0, len(business_ids), BUSINESSES_AT_ONCE):
        some = business_ids[start : start + BUSINESSES_AT_ONCE]
        with tenancy.bound(*some):
            rows = PaymentAccount.objects.filter(
                Exists(prompted) | Exists(told), business_id__in=some, provider=Provider.MPESA
            )
            for number_index, business_id in rows.values_list("number_index", "business_id"):
                holders.setdefault(bytes(number_index), set()).add(business_id)
            for till in rows.filter(kind=AccountKind.STK_TILL):
                holders.setdefault(_list_index(till), set()).add(till.business_id)
    return holders


def _list_index(row: PaymentAccount) -> bytes:
    """The blind index of the number whose list shows the account's money: a till's is its head office's, as of all tills below
    it."""
    if row.kind != AccountKind.STK_TILL:
        return bytes(row.number_index)
    return crypto.blind(credentials_now(row).get("shortcode") or row.number)


def due_lists(now: datetime, most: int) -> Sequence[tuple[UUID, UUID, bytes]]:
    """(business, account, blind index of the list's number) whose list is to be read, the longest waiting first, among the bound
    businesses."""
    businesses = tenancy.current().business_ids
    rows = Listening.objects.filter(business_id__in=businesses, next_list_at__lte=now)
    due = list(rows.order_by("next_list_at", "id").values_list("business_id", "account_id")[:most])
    accounts = PaymentAccount.objects.filter(
        business_id__in=businesses, id__in=[account_id for _, account_id in due]
    )
    by_account = {row.id: _list_index(row) for row in accounts}
    return [(business_id, account_id, by_account[account_id]) for business_id, account_id in due]


def prompting_ids() -> set[UUID]:
    """The accounts of the bound business by which prompts can be sent."""
    return set(_accounts(None).filter(provider=Provider.MPESA).values_list("id", flat=True))


def list_index_of(account_id: UUID) -> bytes:
    """The blind index of the number whose list shows the money of an account of the bound business: a till's is its head
    office's. Raises AccountNotFound."""
    row = _accounts(None).filter(id=account_id).first()
    if row is None:
        raise AccountNotFound()
    return _list_index(row)


def hearing(account_id: UUID) -> Hearing:
    """How the bound business hears of money on an account."""
    row = Listening.objects.filter(business_id=tenancy.only(), account_id=account_id).first()
    if row is None:
        row = Listening(account_id=account_id)
    gap = (row.missed_from, row.missed_until)
    return Hearing(
        account_id=account_id,
        registered_at=row.registered_at,
        refused_code=row.refused_code,
        refused_words=codes.meaning(row.refused_code).words if row.refused_code else "",
        list_opened_at=row.list_opened_at,
        listed_until=row.listed_until,
        list_refused_code=row.list_refused_code,
        list_refused_words=codes.meaning(row.list_refused_code).words
        if row.list_refused_code
        else "",
        missed=(gap[0], gap[1]) if gap[0] is not None and gap[1] is not None else None,
    )


def due_collections(now: datetime, most: int) -> Sequence[tuple[UUID, UUID]]:
    """(business, collection) whose turn it is to be asked about, the longest waiting first, among
    the bound businesses."""
    rows = Collection.objects.filter(
        business_id__in=tenancy.current().business_ids, next_ask_at__lte=now
    )
    return list(rows.order_by("next_ask_at").values_list("business_id", "id")[:most])


# As doors see the rows.


def view_of(row: Collection) -> CollectionView:
    state = CollectionState(row.state)
    is_quiet_over = rules.is_quiet_over(row.asked_at or row.created_at, clock.now())
    if state is CollectionState.FAILED:
        meaning = codes.meaning(row.result_code or "")
        words, is_retryable = meaning.words, meaning.is_retryable
    else:
        words = _words(row, state)
        is_in_doubt = state in rules.IN_FLIGHT and row.result_code != rules.PAID
        is_retryable = state is CollectionState.EXPIRED or (is_in_doubt and is_quiet_over)
    return CollectionView(
        id=row.id,
        purpose=Purpose(row.purpose_kind, row.purpose_id),
        amount=Money(row.amount_minor, row.currency),
        state=state,
        result_code=row.result_code,
        words=words,
        is_retryable=is_retryable,
        asked_at=row.asked_at,
        created_at=row.created_at,
    )


def _words(row: Collection, state: CollectionState) -> str:
    if state in rules.IN_FLIGHT and row.result_code == rules.PAID:
        return gettext_noop("M-PESA says it is paid. The receipt is on its way.")
    return {
        CollectionState.PREPARED: gettext_noop("The M-PESA prompt is on its way to the phone."),
        CollectionState.ASKED: gettext_noop("Check the phone and enter the M-PESA PIN."),
        CollectionState.UNCERTAIN: gettext_noop(
            "We are asking M-PESA what became of it. Do not pay twice."
        ),
        CollectionState.EXPIRED: gettext_noop(
            "M-PESA never said what became of it. Check before paying again."
        ),
        CollectionState.SETTLED: gettext_noop("Paid."),
    }[state]


def payment_view(row: PaymentRow) -> PaymentView:
    purpose = None
    if row.purpose_kind and row.purpose_id:
        purpose = Purpose(row.purpose_kind, row.purpose_id)
    return PaymentView(
        id=row.id,
        amount=Money(row.amount_minor, row.currency),
        method=Method(row.method),
        state=PaymentState(row.state),
        receipt=rules.shown_receipt(row.receipt),
        purpose=purpose,
        booked_on=row.booked_on,
        received_at=row.received_at,
        collection_id=row.collection_id,
    )


def claim_view(row: Claim) -> ClaimView:
    return ClaimView(
        id=row.id,
        purpose=Purpose(row.purpose_kind, row.purpose_id),
        code=row.code,
        amount=Money(row.amount_minor, row.currency) if row.amount_minor is not None else None,
        state=ClaimState(row.state),
        contact_id=row.contact_id,
        created_at=row.created_at,
        said=row.said or "",
    )


def disagreements() -> list[str]:
    """Where this room's rows and the bound business's book do not agree; empty when all is sound."""
    business_id = tenancy.only()
    suspense = -ledger.balance(AccountRole.SUSPENSE).minor
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(amount_minor), 0) FROM payments_payment p JOIN ledger_book b"
            " ON b.business_id = p.business_id AND b.currency = p.currency"
            " WHERE p.business_id = %s AND p.state = 'unplaced'",
            (business_id,),
        )
        (waiting,) = cursor.fetchone()
        cursor.execute(
            "SELECT p.id FROM payments_payment p WHERE p.business_id = %s AND NOT EXISTS (SELECT FROM ledger_entry e"
            " WHERE e.business_id = p.business_id AND e.purpose_id = p.id) ORDER BY p.id LIMIT 20",
            (business_id,),
        )
        unbooked = [row[0] for row in cursor.fetchall()]
    faults = [f"payment {payment_id} is not in the book" for payment_id in unbooked]
    if suspense != waiting:
        faults.append(f"suspense holds {suspense}, and {waiting} waits for an owner")
    return faults
