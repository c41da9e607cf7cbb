"""The pay page by its addresses: what it shows, what it does once, and what it never tells."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client

from hesabu.kit import clock
from hesabu.payments.providers.port import Accepted, NotPaid, Uncertain

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TAKEN = Accepted("ws_CO_231120260900", "mr-1")


@pytest.fixture
def client() -> Client:
    return Client()


def path_of(invoice: object) -> str:
    return urlsplit(invoice.pay_url).path  # type: ignore[attr-defined]


def text_of(response: object) -> str:
    content = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def key_on(response: object) -> str:
    found = re.search(r'name="key" value="([^"]+)"', response.content.decode())  # type: ignore[attr-defined]
    assert found is not None
    return found[1]


def mark_on(response: object) -> str:
    found = re.search(r"was=([0-9a-f]+)", response.content.decode())  # type: ignore[attr-defined]
    assert found is not None
    return found[1]


def test_the_page_says_who_what_how_much_and_by_when(shop, client) -> None:
    with clock.fixed(NOON):
        text = text_of(client.get(path_of(shop.invoiced("75000"))))
    for said in (
        "Kamau Designs",
        "INV-0001",
        "Jane Wanjiku",
        "logo design",
        "75,000.00",
        "Monday 23 November 2026",
    ):
        assert said in text
    assert "400200" in text
    assert "0722 000111" in text


def test_a_link_that_leads_nowhere_is_told_kindly(database, client) -> None:
    response = client.get("/p/nosuchtoken123")
    assert response.status_code == 404
    assert "This link leads nowhere." in text_of(response)
    assert "Copy it again, whole" in text_of(response)


def test_a_program_gets_problem_details(database, client) -> None:
    response = client.get("/p/nosuchtoken123/state", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "link.not_found"


def test_pay_rings_the_customers_phone_once_however_often_it_is_tapped(shop, client) -> None:
    invoice = shop.invoiced()
    key = key_on(client.get(path_of(invoice)))
    for _ in range(3):
        response = client.post(f"{path_of(invoice)}/pay", {"key": key, "to": "known"})
        assert response.status_code == 303
        assert response["Location"] == path_of(invoice)
    assert len(shop.collections(invoice.id)) == 1
    assert "Check your phone." in text_of(client.get(path_of(invoice)))


def test_a_deposit_is_what_is_asked_for_first(shop, client) -> None:
    invoice = shop.invoiced("75000", deposit=4000)
    page = client.get(path_of(invoice))
    text = text_of(page)
    assert "Deposit to pay first KES 30,000.00" in text
    assert "Deposit, to pay first 30,000.00" in text
    client.post(f"{path_of(invoice)}/pay", {"key": key_on(page), "to": "known"})
    (prompt,) = shop.collections(invoice.id)
    assert prompt.amount.minor == 3_000_000
    shop.paid(invoice.id, "30000")
    assert "Left to pay" in text_of(client.get(path_of(invoice)))


def test_two_open_windows_are_one_prompt(shop, client) -> None:
    invoice = shop.invoiced()
    for _ in range(2):
        key = key_on(client.get(path_of(invoice))) if not shop.collections(invoice.id) else "k" * 22
        assert (
            client.post(f"{path_of(invoice)}/pay", {"key": key, "to": "known"}).status_code == 303
        )
    assert len(shop.collections(invoice.id)) == 1


def test_a_wrong_number_comes_back_with_the_reason_at_the_field(shop, client) -> None:
    invoice = shop.invoiced()
    response = client.post(
        f"{path_of(invoice)}/pay", {"key": "k" * 22, "to": "other", "phone": "0712 34<"}
    )
    assert response.status_code == 422
    assert 'value="0712 34&lt;"' in response.content.decode()
    assert "That is not a telephone number we can reach." in text_of(response)
    assert shop.collections(invoice.id) == []


def test_a_number_that_mpesa_cannot_ring_is_refused_at_the_field(shop, client) -> None:
    invoice = shop.invoiced()
    response = client.post(
        f"{path_of(invoice)}/pay", {"key": "k" * 22, "to": "other", "phone": "+44 7400 123456"}
    )
    assert response.status_code == 422
    assert "Kenyan mobile numbers only" in text_of(response)
    assert 'aria-invalid="true"' in response.content.decode()


def test_another_number_can_pay(shop, client) -> None:
    invoice = shop.invoiced(phone=None)
    page = client.get(path_of(invoice))
    response = client.post(
        f"{path_of(invoice)}/pay", {"key": key_on(page), "to": "other", "phone": "0712345678"}
    )
    assert response.status_code == 303
    assert len(shop.collections(invoice.id)) == 1


def test_whoever_holds_the_link_does_not_learn_the_customers_number(shop, client) -> None:
    invoice = shop.invoiced(phone="0733 111 678")
    for address in ("", "/state"):
        content = client.get(path_of(invoice) + address).content.decode()
        assert "111678" not in content.replace(" ", "")
        assert "07•• •••678" in content


def test_a_failed_prompt_is_told_in_words_and_can_be_tried_again(shop, client) -> None:
    invoice = shop.invoiced()
    key = key_on(client.get(path_of(invoice)))
    client.post(f"{path_of(invoice)}/pay", {"key": key, "to": "known"})
    shop.answered(invoice.id, TAKEN, NotPaid("2001"))
    page = client.get(path_of(invoice))
    assert "M-PESA says the PIN was wrong. Nothing was taken." in text_of(page)
    assert "Try again" in text_of(page)
    client.post(f"{path_of(invoice)}/pay", {"key": key_on(page), "to": "known"})
    assert len(shop.collections(invoice.id)) == 2


def test_a_form_that_came_back_with_another_number_is_another_request(shop, client) -> None:
    invoice = shop.invoiced()
    key = key_on(client.get(path_of(invoice)))
    client.post(f"{path_of(invoice)}/pay", {"key": key, "to": "known"})
    shop.answered(invoice.id, TAKEN, NotPaid("1032"))
    response = client.post(
        f"{path_of(invoice)}/pay", {"key": key, "to": "other", "phone": "0712345678"}
    )
    assert response.status_code == 303
    assert len(shop.collections(invoice.id)) == 2


def test_while_nobody_knows_the_page_asks_for_patience_and_not_for_money(shop, client) -> None:
    invoice = shop.invoiced()
    client.post(f"{path_of(invoice)}/pay", {"key": "k" * 22, "to": "known"})
    shop.answered(invoice.id, Uncertain("timeout"))
    page = client.get(path_of(invoice))
    assert "Please do not pay a second time." in text_of(page)
    assert 'name="key"' not in page.content.decode()


def test_after_two_quiet_minutes_a_second_prompt_may_be_asked_for(shop, client) -> None:
    invoice = shop.invoiced()
    client.post(f"{path_of(invoice)}/pay", {"key": "k" * 22, "to": "known"})
    shop.answered(invoice.id, TAKEN)
    with clock.moved(seconds=150):
        assert "No answer from M-PESA yet." in text_of(client.get(path_of(invoice)))


def test_the_state_is_silent_until_something_changes_and_then_says_all_of_it(shop, client) -> None:
    invoice = shop.invoiced()
    mark = mark_on(client.get(path_of(invoice)))
    quiet = client.get(f"{path_of(invoice)}/state", {"was": mark, "turn": "3"}).content.decode()
    assert "turn=4" in quiet
    assert "hx-swap-oob" not in quiet
    shop.paid(invoice.id, "75000")
    told = client.get(f"{path_of(invoice)}/state", {"was": mark, "turn": "4"}).content.decode()
    assert "Paid. Thank you." in told
    assert 'id="page" hx-swap-oob' in told
    assert "hx-get" not in told


@pytest.mark.parametrize("turn", ["", "-1", "x", "9" * 50, "１"])
def test_an_odd_turn_does_no_harm(shop, client, turn: str) -> None:
    assert (
        client.get(f"{path_of(shop.invoiced())}/state", {"was": "x", "turn": turn}).status_code
        == 200
    )


def test_a_part_payment_is_received_and_the_rest_is_asked_for(shop, client) -> None:
    invoice = shop.invoiced("75000")
    shop.paid(invoice.id, "40000")
    text = text_of(client.get(path_of(invoice)))
    assert "40,000.00 of 75,000.00 paid" in text
    assert "KES 35,000.00" in text
    assert "Cash" in text


def test_a_paid_invoice_asks_for_nothing(shop, client) -> None:
    invoice = shop.invoiced()
    shop.paid(invoice.id, "75000")
    page = client.get(path_of(invoice))
    assert "Paid." in text_of(page)
    assert "<form" not in page.content.decode()
    assert (
        client.post(f"{path_of(invoice)}/pay", {"key": "k" * 22, "to": "known"}).status_code == 303
    )
    assert shop.collections(invoice.id) == []


def test_a_voided_invoice_says_so(shop, client) -> None:
    from hesabu.invoicing import actions

    invoice = shop.invoiced()
    with shop.bound():
        actions.void(invoice.id, "by mistake")
    page = client.get(path_of(invoice))
    assert "This invoice was cancelled." in text_of(page)
    assert "<form" not in page.content.decode()


def test_a_credited_invoice_says_so(shop, client) -> None:
    from hesabu.invoicing import actions

    invoice = shop.invoiced()
    with shop.bound():
        actions.credit(invoice.id, "returned")
    assert "taken back by a credit note" in text_of(client.get(path_of(invoice)))


def test_cents_are_rounded_up_for_mpesa_and_that_is_said(shop, client) -> None:
    page = text_of(client.get(path_of(shop.invoiced("100.50"))))
    assert "Pay KES 101.00" in page
    assert "KES 0.50 more than is owed stays as your credit." in page


def test_more_than_mpesa_takes_is_asked_for_in_parts(shop, client) -> None:
    invoice = shop.invoiced("400000")
    page = client.get(path_of(invoice))
    assert "Pay KES 250,000.00" in text_of(page)
    client.post(f"{path_of(invoice)}/pay", {"key": key_on(page), "to": "known"})
    (collection,) = shop.collections(invoice.id)
    assert collection.amount.minor == 25_000_000


def test_a_shop_without_prompts_shows_how_to_pay_by_hand(new_shop: Callable, client) -> None:
    page = client.get(path_of(new_shop(prompts=False).invoiced()))
    assert "How to pay" in text_of(page)
    assert "400200" in text_of(page)
    assert 'action="' not in page.content.decode().split("I have paid")[0]


def test_a_pasted_message_becomes_a_claim_with_its_code_and_amount(shop, client) -> None:
    invoice = shop.invoiced()
    said = "SKL4T7QX2P Confirmed. Ksh1,500.00 paid to KAMAU DESIGNS. on 23/11/26 at 9:12 AM New M-PESA balance is Ksh20.00."
    for _ in range(2):
        assert client.post(f"{path_of(invoice)}/paid", {"said": said}).status_code == 303
    (claim,) = shop.claims(invoice.id)
    assert claim.code == "SKL4T7QX2P"
    assert claim.amount.minor == 150_000
    assert "You said that you have paid." in text_of(client.get(path_of(invoice)))


def test_a_code_that_is_claimed_for_another_invoice_is_refused_at_the_field(shop, client) -> None:
    first, second = shop.invoiced(), shop.invoiced()
    client.post(f"{path_of(first)}/paid", {"said": "SKL4T7QX2P"})
    response = client.post(f"{path_of(second)}/paid", {"said": "SKL4T7QX2P"})
    assert response.status_code == 409
    assert "That M-PESA code is already counted." in text_of(response)
    assert "SKL4T7QX2P</textarea>" in response.content.decode()


def test_what_is_pasted_is_only_text(shop, client) -> None:
    invoice = shop.invoiced()
    response = client.post(f"{path_of(invoice)}/paid", {"said": "<script>" + "x" * 2000})
    assert response.status_code == 422
    assert "<script>x" not in response.content.decode()


def test_the_paper_can_be_had(shop, client) -> None:
    response = client.get(f"{path_of(shop.invoiced())}/invoice.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Disposition"] == 'inline; filename="INV-0001.pdf"'


def test_too_many_prompts_are_stopped_politely(on_the_hour, shop, client) -> None:
    invoice = shop.invoiced()
    for _ in range(6):
        client.post(f"{path_of(invoice)}/pay", {"key": "k" * 22, "to": "other", "phone": "1"})
    response = client.post(f"{path_of(invoice)}/pay", {"key": "k" * 22, "to": "known"})
    assert response.status_code == 429
    assert "a little too often" in text_of(response)
    assert 1 <= int(response["Retry-After"]) <= 60


def test_a_link_tells_the_merchant_of_only_so_many_payments_an_hour(shop, client) -> None:
    path = path_of(shop.invoiced())

    def told(minute: int) -> list[int]:
        with clock.moved(seconds=60 * minute):
            codes = [f"SKL4T7Q{minute}{n:02d}" for n in range(8)]
            return [client.post(f"{path}/paid", {"said": code}).status_code for code in codes]

    with clock.fixed(NOON):
        answers = [status for minute in range(3) for status in told(minute)]
    assert answers == [303] * 20 + [429] * 4


def test_a_link_is_kept_secret_on_the_way(shop, client) -> None:
    response = client.get(path_of(shop.invoiced()))
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert response.cookies == {}


def test_the_content_policy_forbids_what_is_inline(shop, client) -> None:
    response = client.get(path_of(shop.invoiced()))
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    content = response.content.decode()
    assert "style=" not in content
    assert "<script>" not in content
    assert not re.search(r"\son\w+=", content)


@pytest.mark.parametrize(
    ("method", "address"),
    [("get", "/pay"), ("get", "/paid"), ("post", ""), ("post", "/state"), ("delete", "")],
)
def test_only_the_right_method_opens_a_door(shop, client, method: str, address: str) -> None:
    assert getattr(client, method)(path_of(shop.invoiced()) + address).status_code == 405


def test_another_business_never_shows_behind_a_link(new_shop: Callable, client) -> None:
    ours, theirs = new_shop(name="Kamau Designs"), new_shop(name="Otieno Hardware")
    ours.invoiced("100")
    page = text_of(client.get(path_of(theirs.invoiced("200"))))
    assert "Otieno Hardware" in page
    assert "Kamau" not in page
