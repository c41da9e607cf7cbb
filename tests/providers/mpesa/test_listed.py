"""Money that came while nobody listened: found in M-PESA's list, and counted once, whoever else tells of it and when."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner

from hesabu.app.cli import commands
from hesabu.identity import actions as identity
from hesabu.kit import clock, ids
from hesabu.ledger import queries as books
from hesabu.payments import actions, jobs, queries
from hesabu.payments.models import Listening
from hesabu.payments.providers.port import Registered, Rejected
from hesabu.payments.types import ListRead
from hesabu.store import tenancy
from payments.shop import Shop, at_the_same_time, kes, purpose
from providers.mpesa.box import Box, box
from providers.mpesa.test_sandbox import JANE, KEYS, ask, ask_again, paid_by_hand, settle

HOUR = 3_600


@pytest.fixture(scope="module")
def outside(database: str) -> Iterator[Box]:
    with box() as opened:
        yield opened


@pytest.fixture
def world(outside: Box) -> Iterator[Box]:
    outside.calm()
    outside.settle(JANE, is_online=True, pin="1234", balance_cents=50_000_000)
    yield outside
    outside.calm()


class Paybill:
    """A shop whose paybill is its own, and the clock that it shares with the outside world."""

    def __init__(self, world: Box, new_business: Callable[..., UUID], **keys: str) -> None:
        self.world = world
        self.number = str(700_000 + int(ids.new_id()) % 99_999)
        world._sent("POST", "/control/shortcodes", {"shortcode": self.number})
        business_id = new_business()
        with clock.fixed(self.now()), tenancy.bound(business_id):
            identity.update_business(business_id, phone=JANE)
            account_id = actions.add_account("stk_paybill", self.number, credentials=KEYS | keys)
        self.shop = Shop(business_id, account_id)

    def now(self) -> datetime:
        at = self.world._sent("GET", "/control/dials")["now"]
        return datetime.fromtimestamp(at, UTC)

    def listen(self) -> None:
        with clock.fixed(self.now()):
            assert actions.register_account(self.shop.id, self.shop.account_id) == Registered(True)
            assert actions.open_list(self.shop.id, self.shop.account_id) == Registered(True)

    def pay(self, amount: str, account: str = "JANE") -> str:
        return paid_by_hand(self.world, amount, account, self.number)

    def read(self, since: datetime | None = None) -> ListRead:
        """Read it all, as the hourly job does, page after page."""
        filed = rows = 0
        with clock.fixed(self.now()):
            read = actions.read_list(self.shop.id, self.shop.account_id, since)
            while not read.is_done:
                rows, filed = rows + read.rows, filed + read.filed
                read = actions.read_list(self.shop.id, self.shop.account_id)
            settle(self.shop)
        return ListRead(True, rows + read.rows, filed + read.filed, read.refused_code)

    def receipts(self) -> list[str]:
        return [receipt for receipt, _, _ in self.shop.payments()]

    def suspense(self) -> object:
        with tenancy.bound(self.shop.id):
            return books.balance("suspense")


@pytest.fixture
def paybill(world: Box, new_business: Callable[..., UUID]) -> Paybill:
    opened = Paybill(world, new_business)
    opened.listen()
    return opened


def test_an_hour_of_lost_confirmations_is_found_and_the_books_agree(
    world: Box, paybill: Paybill
) -> None:
    world.dials(confirmation_drop=1, pull_page="2")
    lost = []
    for amount in ("100", "200", "300", "400", "500"):
        lost.append(paybill.pay(amount))
        world.advance(12 * 60)
    settle(paybill.shop)
    assert paybill.receipts() == []
    read = paybill.read()
    assert (read.rows, read.filed) == (5, 5)
    assert paybill.receipts() == lost, "in the order in which it came"
    assert paybill.suspense() == kes("-1500")
    with tenancy.bound(paybill.shop.id):
        assert queries.disagreements() == []
    world.advance(HOUR)
    assert paybill.read().filed == 0
    assert paybill.receipts() == lost


def test_what_was_told_in_time_is_not_filed_again(world: Box, paybill: Paybill) -> None:
    told = paybill.pay("100")
    settle(paybill.shop)
    world.dials(confirmation_drop=1)
    lost = paybill.pay("200")
    world.advance(600)
    read = paybill.read()
    assert (read.rows, read.filed) == (2, 1)
    assert paybill.receipts() == [told, lost]


def test_a_confirmation_that_comes_after_the_list_counts_nothing(
    world: Box, paybill: Paybill
) -> None:
    world.dials(webhook_delay=1, webhook_delay_seconds=2 * HOUR)
    world._sent(
        "POST",
        f"/control/phones/{JANE}/pay",
        {"shortcode": paybill.number, "account": "JANE", "amount": "700"},
    )
    world._sent("POST", "/control/advance", {"seconds": HOUR})
    assert paybill.read().filed == 1
    world.advance(2 * HOUR)
    settle(paybill.shop)
    assert [(a, s) for _, a, s in paybill.shop.payments()] == [(70_000, "unplaced")]


@pytest.mark.parametrize("written", ["offset", "nairobi called utc", "utc", "bare"])
def test_the_clock_of_the_list_is_found_out_whatever_it_is_called(
    world: Box, paybill: Paybill, written: str
) -> None:
    world.dials(confirmation_drop=1, pull_clock=written)
    sent_at = paybill.now()
    receipt = paybill.pay("100")
    world.advance(5 * HOUR)
    paybill.read()
    ((kept, at),) = paybill.shop.rows("SELECT receipt, received_at FROM payments_payment")
    assert kept == receipt
    assert abs(at - sent_at) < timedelta(minutes=1)


def test_who_is_killed_between_two_pages_goes_on_where_it_stood(
    world: Box, paybill: Paybill
) -> None:
    world.dials(confirmation_drop=1, pull_page="2")
    lost = [paybill.pay(amount) for amount in ("100", "200", "300")]
    world.advance(600)
    with clock.fixed(paybill.now()):
        first = actions.read_list(paybill.shop.id, paybill.shop.account_id)
        assert (first.is_done, first.filed) == (False, 2)
    assert paybill.read().filed == 1
    assert sorted(paybill.receipts()) == sorted(lost)


def test_a_page_that_was_asked_for_and_never_recorded_is_asked_for_again(
    world: Box, paybill: Paybill
) -> None:
    world.dials(confirmation_drop=1)
    lost = paybill.pay("100")
    world.advance(600)
    now = paybill.now()
    with clock.fixed(now), tenancy.bound(paybill.shop.id):
        assert actions.begin_listing(paybill.shop.account_id) is not None
    with clock.fixed(now), tenancy.bound(paybill.shop.id):
        assert actions.begin_listing(paybill.shop.account_id) is None, "somebody is reading it"
    world.advance(120)
    paybill.read()
    assert paybill.receipts() == [lost]


def test_four_readers_at_once_file_each_row_once(world: Box, paybill: Paybill) -> None:
    world.dials(confirmation_drop=1)
    lost = [paybill.pay(amount) for amount in ("100", "200")]
    world.advance(600)
    now = paybill.now()

    def read(_: int) -> int:
        with clock.fixed(now):
            since = now - timedelta(hours=1)
            return actions.read_list(paybill.shop.id, paybill.shop.account_id, since).filed

    answers = at_the_same_time(read)
    assert not [one for one in answers if isinstance(one, Exception)], answers
    paybill.read()
    assert sorted(paybill.receipts()) == sorted(lost)
    assert paybill.suspense() == kes("-300")


def test_money_that_stands_in_the_list_late_is_found_the_next_hour(
    world: Box, paybill: Paybill
) -> None:
    world.dials(confirmation_drop=1, pull_lag_seconds=1_800)
    lost = paybill.pay("100")
    world.advance(600)
    assert paybill.read().filed == 0
    world.advance(HOUR)
    assert paybill.read().filed == 1
    assert paybill.receipts() == [lost]


def test_a_list_that_does_not_answer_is_asked_again_and_nothing_is_lost(
    world: Box, paybill: Paybill
) -> None:
    world.dials(confirmation_drop=1)
    lost = paybill.pay("100")
    world.advance(600)
    paybill.read(since=paybill.now())
    world.dials(request_limit=1)
    world.advance(2 * HOUR)
    assert paybill.read().refused_code
    world.dials(request_limit=0)
    assert paybill.read() == ListRead(True), "not before it is time"
    world.advance(400)
    assert paybill.read().filed == 1
    assert paybill.receipts() == [lost]


def test_a_known_receipt_with_another_amount_is_set_before_a_person(
    world: Box, paybill: Paybill
) -> None:
    world.dials(confirmation_drop=1)
    receipt = paybill.pay("200")
    with tenancy.bound(paybill.shop.id):
        actions.confirm(actions.claim(purpose(), receipt, kes("150")))
    world.advance(600)
    paybill.read()
    paybill.read(since=paybill.now() - timedelta(hours=1))
    assert paybill.shop.payments() == [(receipt, 15_000, "settled")]
    assert paybill.shop.told_all("PaymentDoubtful") == 1
    aside = paybill.shop.rows(
        "SELECT reason FROM store_letter WHERE business_id = %s AND state = 'aside'",
        paybill.shop.id,
    )
    assert aside == [("a known receipt with another amount",)]


def test_what_the_merchant_told_of_is_vouched_for_by_the_list(world: Box, paybill: Paybill) -> None:
    world.dials(confirmation_drop=1)
    receipt = paybill.pay("200")
    with tenancy.bound(paybill.shop.id):
        actions.confirm(actions.claim(purpose(), receipt, kes("200")))
    world.advance(600)
    paybill.read()
    assert paybill.shop.payments() == [(receipt, 20_000, "settled")]
    ((letter_id,),) = paybill.shop.rows("SELECT letter_id FROM payments_payment")
    assert letter_id is not None


def test_a_prompt_booked_without_its_receipt_gets_it_from_the_list_and_is_booked_once(
    world: Box, paybill: Paybill
) -> None:
    world.dials(webhook_drop=1)
    with clock.fixed(paybill.now()):
        view = ask(paybill.shop, amount="1500")
    world.answer(JANE)
    for seconds in (41, 62):
        ask_again(paybill.shop, view, seconds)
    assert paybill.receipts()[0].startswith("stk:")
    world.advance(HOUR)
    paybill.read()
    receipt = world.phone(JANE)["sms"][-1]["receipt"]
    assert paybill.shop.payments() == [(receipt, 150_000, "settled")]
    assert paybill.shop.told_all("ReceiptFound") == 1
    assert paybill.shop.told_all("PaymentSettled") == 1


def test_a_prompt_of_an_account_with_a_name_of_its_own_gets_its_receipt_too(
    world: Box, new_business: Callable[..., UUID]
) -> None:
    named = Paybill(world, new_business)
    with tenancy.bound(named.shop.id):
        account_id = actions.add_account("stk_paybill", named.number, "SHOP 1", credentials=KEYS)
    named.shop = Shop(named.shop.id, account_id)
    named.listen()
    world.dials(webhook_drop=1)
    with clock.fixed(named.now()):
        view = ask(named.shop, amount="1500")
    world.answer(JANE)
    for seconds in (41, 62):
        ask_again(named.shop, view, seconds)
    world.advance(HOUR)
    named.read()
    receipt = world.phone(JANE)["sms"][-1]["receipt"]
    assert named.shop.payments() == [(receipt, 150_000, "settled")]


def test_what_came_before_the_list_was_open_is_left_out_unless_somebody_says_so(
    world: Box, new_business: Callable[..., UUID]
) -> None:
    new = Paybill(world, new_business)
    before = new.pay("100")
    world.advance(HOUR)
    new.listen()
    world.advance(600)
    assert new.read().rows == 0
    assert new.read(since=new.now() - timedelta(hours=3)).filed == 1
    assert new.receipts() == [before]


def test_a_gap_that_no_list_reaches_is_written_down(world: Box, paybill: Paybill) -> None:
    world.advance(600)
    paybill.read()
    opened = paybill.now()
    world.advance(4 * 86_400 - 10)
    paybill.read()
    with tenancy.bound(paybill.shop.id):
        missed = queries.hearing(paybill.shop.account_id).missed
    assert missed is not None
    assert missed[0] <= opened
    assert missed[1] - missed[0] > timedelta(days=1)


def test_a_number_that_two_businesses_collect_by_is_not_read(
    world: Box, paybill: Paybill, new_business: Callable[..., UUID]
) -> None:
    other_id = new_business()
    with tenancy.bound(other_id):
        other = actions.add_account("stk_paybill", paybill.number, credentials=KEYS)
    with clock.fixed(paybill.now() + timedelta(hours=2)):
        jobs.read_lists()
    assert paybill.shop.jobs("payments.list") == 1, "a number merely written down is nobody's"
    assert actions.open_list(other_id, other) == Rejected(
        "number_shared", False, actions_words("number_shared")
    )
    ask(Shop(other_id, other))
    world.answer(JANE, "cancel")
    cancel_jobs(paybill.shop)
    with clock.fixed(paybill.now() + timedelta(hours=2)):
        jobs.read_lists()
    assert paybill.shop.jobs("payments.list") == 0


def a_till(world: Box, business_id: UUID, store: str) -> Shop:
    """A till below a head office, as M-PESA knows it, and a business that collects by it."""
    number = str(500_000 + int(ids.new_id()) % 99_999)
    world._sent(
        "POST", "/control/shortcodes", {"shortcode": number, "kind": "till", "store": store}
    )
    keys = KEYS | {"shortcode": store}
    with tenancy.bound(business_id):
        identity.update_business(business_id, phone=JANE)
        return Shop(business_id, actions.add_account("stk_till", number, credentials=keys))


def test_tills_of_two_businesses_below_one_head_office_are_not_read(
    world: Box, new_business: Callable[..., UUID]
) -> None:
    """Their list is the head office's: it shows the money of both, and not whose."""
    store = str(300_000 + int(ids.new_id()) % 99_999)
    one, other = (a_till(world, new_business(), store) for _ in range(2))
    at = datetime.fromtimestamp(world._sent("GET", "/control/dials")["now"], UTC)
    with clock.fixed(at):
        assert actions.open_list(one.id, one.account_id) == Registered(True)
        assert actions.open_list(other.id, other.account_id) == Rejected(
            "number_shared", False, actions_words("number_shared")
        )
        jobs.read_lists()
        assert one.jobs("payments.list") == 1
        cancel_jobs(one)
        assert actions.register_account(other.id, other.account_id) == Registered(True)
        jobs.read_lists()
    assert one.jobs("payments.list") == 0


def actions_words(code: str) -> str:
    from hesabu.payments.providers.mpesa import codes

    return codes.HEARING[code].words


def cancel_jobs(shop: Shop) -> None:
    shop.rows(
        "DELETE FROM procrastinate_jobs WHERE task_name = 'payments.list'"
        " AND args->>'business_id' = %s RETURNING id",
        str(shop.id),
    )


def test_another_tenants_list_is_not_read(
    paybill: Paybill, new_business: Callable[..., UUID]
) -> None:
    stranger = new_business()
    assert actions.read_list(stranger, paybill.shop.account_id) == ListRead(True)
    with tenancy.bound(stranger):
        assert queries.hearing(paybill.shop.account_id).list_opened_at is None


def test_an_account_that_is_closed_is_read_no_more(world: Box, paybill: Paybill) -> None:
    with tenancy.bound(paybill.shop.id):
        actions.close_account(paybill.shop.account_id)
    world.advance(HOUR)
    assert paybill.read() == ListRead(True)


def test_the_job_reads_page_after_page(world: Box, paybill: Paybill) -> None:
    world.dials(confirmation_drop=1, pull_page="2")
    lost = [paybill.pay(amount) for amount in ("100", "200", "300")]
    world.advance(600)
    with clock.fixed(paybill.now()):
        for _ in range(3):
            jobs.read_list(str(paybill.shop.id), str(paybill.shop.account_id))
    settle(paybill.shop)
    assert sorted(paybill.receipts()) == sorted(lost)
    with tenancy.bound(paybill.shop.id):
        row = Listening.objects.get(account_id=paybill.shop.account_id)
    assert (row.window_from, row.rows_read) == (None, 0)


def test_an_operator_pulls_by_hand(world: Box, paybill: Paybill) -> None:
    world.dials(confirmation_drop=1)
    lost = paybill.pay("100")
    asked = ["mpesa", "pull", str(paybill.shop.id), str(paybill.shop.account_id), "--since"]
    with clock.fixed(paybill.now() + timedelta(seconds=60)):
        since = (paybill.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
        pulled = CliRunner().invoke(commands, [*asked, since])
    assert pulled.exit_code == 0, pulled.output
    assert "1 payments listed, 1 of them told of by nobody" in pulled.output
    settle(paybill.shop)
    assert paybill.receipts() == [lost]


def test_a_row_that_cannot_be_read_is_set_before_a_person_once(paybill: Paybill) -> None:
    from hesabu.payments.providers.port import Listed, ListedRow

    with clock.fixed(paybill.now()):
        for _ in range(2):
            since = paybill.now() - timedelta(hours=1)
            with tenancy.bound(paybill.shop.id):
                question = actions.begin_listing(paybill.shop.account_id, since)
            assert question is not None
            page = Listed((ListedRow({"transactionId": "??", "amount": "1e9"}),))
            with tenancy.bound(paybill.shop.id):
                actions.record_listed(question, page)
    settle(paybill.shop)
    aside = paybill.shop.rows(
        "SELECT state FROM store_letter WHERE business_id = %s", paybill.shop.id
    )
    assert aside == [("aside",)]
    assert paybill.receipts() == []


def test_a_row_of_money_that_went_back_is_never_counted_as_money_that_came() -> None:
    from hesabu.kit.http import Response
    from hesabu.payments.providers.mpesa.listing import read_list
    from hesabu.payments.providers.port import Listed

    def row(kind: str, amount: str) -> dict[str, str]:
        told = {"transactionId": "SKL4T7QX2P", "trxDate": "2026-03-02 10:00:00"}
        return told | {"transactiontype": kind, "amount": amount}

    said = [
        row("c2b-pay-bill-reversal-debit", "100.00"),
        row("c2b-reversal", "100.00"),
        row("organization-settlement", "100.00"),
        row("c2b-pay-bill-debit", "-100.00"),
        row("c2b-pay-bill-debit", "1,000.00"),
        row("c2b-pay-bill-debit", "100.00"),
    ]
    body = json.dumps({"ResponseCode": "1000", "Response": [said]}).encode()
    page = read_list(Response(200, body, {}))
    assert isinstance(page, Listed)
    assert [one.amount_minor for one in page.rows] == [0, 0, 0, 0, 0, 10_000]
