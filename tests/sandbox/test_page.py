"""The page in a real browser, before a real server, with a product that answers."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from sandbox.box import JANE, WANJIKU, signed
from sandbox.served import Product, opened_box, push, send
from sandbox.test_whatsapp_sending import buttons
from steady import PATIENCE_SECONDS, eventually, free_port


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    made = Product()
    yield made
    made.server.shutdown()


@pytest.fixture(scope="module")
def smtp_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def box_url(product: Product, smtp_port: int) -> Iterator[str]:
    with opened_box(product, SMTP_PORT=str(smtp_port)) as url:
        yield url


@pytest.fixture
def desk(box_url: str, product: Product) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=box_url, timeout=PATIENCE_SECONDS) as client:
        client.post("/control/reset", json={"seed": 1}).raise_for_status()
        product.heard.clear()
        yield client


@pytest.fixture
def page(browser: Browser, box_url: str, desk: httpx.Client) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    made = context.new_page()
    faults: list[str] = []
    # a refused act is answered with 400, which the browser mentions; all else is a fault
    made.on(
        "console",
        lambda m: faults.append(m.text) if m.type == "error" and " 400 " not in m.text else None,
    )
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.goto(box_url)
    yield made
    assert faults == []
    context.close()


def dials(desk: httpx.Client) -> dict[str, Any]:
    return dict(desk.get("/control/dials").json())


def status_of_the_last_line(desk: httpx.Client) -> str:
    return str(desk.get(f"/control/phones/{JANE}").json()["chats"][0]["lines"][-1]["status"])


def test_the_newcomers_hint_is_typed_and_sent_and_heard_signed(
    page: Page, product: Product
) -> None:
    left = page.locator("#phone-left")
    left.get_by_role("button", name="Invoice Jane Wanjiku").click()
    box = left.get_by_role("textbox", name="Message from Wanjiku Kamau")
    expect(box).to_have_value("Invoice Jane Wanjiku 0712 345 678 75,000 for logo design due Friday")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    expect(left.locator(".bubble.me")).to_contain_text("75,000 for logo design")
    expect(box).to_have_value("")
    expect(left.locator(".bubble.me .ticks")).to_have_text("delivered")
    [heard] = product.wait_for("/whatsapp")
    assert heard["entry"][0]["changes"][0]["value"]["messages"][0]["from"] == WANJIKU
    _, body, signature = product.heard[0]
    assert signature == signed(body)


def test_an_answer_with_buttons_appears_and_a_tap_goes_back(
    page: Page, desk: httpx.Client, product: Product
) -> None:
    desk.post(f"/control/phones/{WANJIKU}/say", json={"text": "Hi"})
    made = buttons(("send", "Send"), ("no", "Cancel"), body="*75,000* at https://x.test/a_b_c ?")
    send(desk, WANJIKU, "interactive", made)
    left = page.locator("#phone-left")
    bubble = left.locator(".bubble:not(.me)")
    expect(bubble.locator("b")).to_have_text("75,000")
    expect(bubble.get_by_role("link")).to_have_attribute("href", "https://x.test/a_b_c")
    expect(bubble.get_by_role("link")).to_have_attribute("target", "_blank")
    left.locator(".replies").get_by_role("button", name="Send").click()
    expect(left.locator(".bubble.me").last).to_contain_text("Send")
    said = product.wait_for_message("interactive")
    assert said["interactive"]["button_reply"] == {"id": "send", "title": "Send"}


def test_pointing_at_a_chat_reads_it(page: Page, desk: httpx.Client) -> None:
    desk.post(f"/control/phones/{JANE}/say", json={"text": "Hi"})
    page.mouse.move(5, 5)
    send(desk, JANE, "text", {"body": "Karibu"})
    right = page.locator("#phone-right")
    expect(right.locator(".chat")).to_have_attribute("data-unread", "1")
    assert status_of_the_last_line(desk) == "delivered"
    right.locator(".chat").hover()
    expect(right.locator(".chat")).to_have_attribute("data-unread", "0")
    eventually(lambda: status_of_the_last_line(desk) == "read")


def test_a_prompt_rings_over_the_phone_and_is_paid_with_the_pad(
    page: Page, desk: httpx.Client, product: Product
) -> None:
    push(desk, f"{product.url}/stk")
    prompt = page.locator("#phone-right .prompt")
    expect(prompt).to_contain_text("Pay KES 75,000.00 to KAMAU DESIGNS, account INV-0001?")
    for digit in "1235":
        prompt.get_by_role("button", name=digit, exact=True).click()
    prompt.get_by_role("button", name="Delete a digit").click()
    prompt.get_by_role("button", name="4", exact=True).click()
    prompt.get_by_role("button", name="Send").click()
    expect(prompt).to_have_count(0)
    [told] = product.wait_for("/stk")
    assert told["Body"]["stkCallback"]["ResultCode"] == 0
    right = page.locator("#phone-right")
    right.get_by_role("radio", name="SMS").check()
    expect(right.locator(".sms .bubble")).to_contain_text("sent to KAMAU DESIGNS")
    right.get_by_role("button", name="Put into the chat").click()
    expect(right.get_by_role("textbox", name="Message from Jane")).to_have_value(
        desk.get(f"/control/phones/{JANE}").json()["sms"][-1]["text"]
    )
    right.get_by_role("radio", name="M-PESA").check()
    expect(right.locator(".balance strong")).to_have_text("KES 425,000.00")


def test_a_prompt_can_be_cancelled_by_keyboard_alone(
    page: Page, desk: httpx.Client, product: Product
) -> None:
    push(desk, f"{product.url}/cancelled")
    page.locator("#phone-right .pin").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Cancel":
            break
    page.keyboard.press("Enter")
    [told] = product.wait_for("/cancelled")
    assert told["Body"]["stkCallback"]["ResultCode"] == 1032


def test_money_is_sent_by_hand_and_a_refusal_is_said(page: Page) -> None:
    right = page.locator("#phone-right")
    right.get_by_role("radio", name="M-PESA").check()
    right.get_by_role("radio", name="Person").check()
    right.get_by_label("Number").fill("0722 000 111")
    right.get_by_label("Amount in KES").fill("9,000,000")
    right.get_by_role("button", name="Pay").click()
    expect(right.locator(".money .refusal")).to_have_text(
        "The balance is insufficient for the transaction."
    )
    right.get_by_label("Amount in KES").fill("1,500")
    right.get_by_role("button", name="Pay").click()
    expect(right.locator(".balance strong")).to_have_text("KES 498,477.00")
    left = page.locator("#phone-left")
    left.get_by_role("radio", name="SMS").check()
    expect(left.locator(".sms .bubble")).to_contain_text("received Ksh1,500.00")


def test_a_file_is_attached_and_opens(page: Page, desk: httpx.Client) -> None:
    left = page.locator("#phone-left")
    content = b"%PDF-1.7\r\n--\r\nslip"
    left.locator("input[type=file]").set_input_files(
        {"name": "slip.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    expect(left.locator(".file-bar")).to_contain_text("slip.pdf")
    left.get_by_role("button", name="Send", exact=True).click()
    document = left.locator(".doc")
    expect(document).to_contain_text("slip.pdf")
    opened = desk.get(str(document.get_attribute("href")))
    assert opened.content == content
    assert opened.headers["content-type"] == "application/pdf"


def test_dials_turn_and_somebody_new_is_shown(page: Page, desk: httpx.Client) -> None:
    page.get_by_role("heading", name="What may go wrong").click()
    page.locator("#dials-whatsapp > summary").click()
    page.locator("#whatsapp-webhook_drop").fill("30")
    page.locator("#dials-daraja > summary").click()
    page.locator("#daraja-stk_confirms").check()
    page.locator("#dials-africastalking > summary").click()
    page.locator("#africastalking-sms_refused_as").select_option("UserInBlacklist")
    expect(page.locator("#whatsapp-webhook_drop + output")).to_have_text("30 %")
    for provider, name, turned_to in (
        ("whatsapp", "webhook_drop", 0.3),
        ("daraja", "stk_confirms", True),
        ("africastalking", "sms_refused_as", "UserInBlacklist"),
    ):
        eventually(lambda p=provider, n=name, t=turned_to: dials(desk)[p][n] == t)  # type: ignore[misc]
    page.get_by_role("button", name="Calm").click()
    expect(page.locator("#dials-daraja")).to_contain_text("calm")
    expect(page.locator("#daraja-stk_confirms")).not_to_be_checked()
    page.get_by_role("heading", name="People").click()
    page.get_by_label("Name", exact=True).fill("Otieno Odhiambo")
    page.get_by_label("Phone", exact=True).fill("0733 123 456")
    page.get_by_role("button", name="Add and show").click()
    chosen = page.locator("#pick-right option:checked")
    expect(chosen).to_have_text("Otieno Odhiambo")
    expect(page.locator(".place.right .who")).to_contain_text("0733 123 456")


def test_without_javascript_every_act_still_works(
    browser: Browser, box_url: str, desk: httpx.Client
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(box_url)
    page.locator("#phone-left .hint").click()
    expect(page.locator("#phone-left .bubble.me")).to_contain_text("logo design")
    page.locator("#say-left textarea").fill("By hand alone")
    page.locator("#say-left .send").click()
    expect(page.locator("#phone-left .bubble.me").last).to_contain_text("By hand alone")
    page.get_by_role("heading", name="Time and seed").click()
    page.get_by_label("Seed").fill("5")
    page.get_by_role("button", name="Begin again").click()
    eventually(lambda: dials(desk)["seed"] == 5)
    context.close()


def test_nothing_inline_runs_and_text_is_never_markup(page: Page, desk: httpx.Client) -> None:
    policy = desk.get("/").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    desk.post(f"/control/phones/{JANE}/say", json={"text": "<img src=x onerror=alert(1)> *b*"})
    bubble = page.locator("#phone-right .bubble.me")
    expect(bubble).to_contain_text("<img src=x onerror=alert(1)>")
    assert bubble.locator("img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_the_page_is_accessible_and_fits(
    browser: Browser, box_url: str, desk: httpx.Client, product: Product, scheme: Any, width: int
) -> None:
    desk.post(f"/control/phones/{WANJIKU}/say", json={"text": "Hi"})
    send(desk, WANJIKU, "interactive", buttons(("a", "Send"), ("b", "Change"), ("c", "Cancel")))
    send(desk, JANE, "text", {"body": "outside the window, so it fails"})
    desk.post(f"/control/phones/{JANE}/pay", json={"phone": WANJIKU, "amount": 50})
    push(desk, f"{product.url}/axe")
    desk.post("/control/quiet", json={})
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(box_url)
    for title in ("People", "What may go wrong", "Time and seed"):
        page.get_by_role("heading", name=title).click()
    views = ["left", "right"] if width == 360 else ["left"]
    for side in views:
        if width == 360:
            page.locator(f".switch [value={side}]").check(force=True)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
        if side == "left":  # over the right one a prompt rings
            page.locator("#phone-left [data-tab=sms] input").check(force=True)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_desks_events_stream_over_the_wire(box_url: str, desk: httpx.Client) -> None:
    with (
        httpx.Client(base_url=box_url, timeout=PATIENCE_SECONDS) as other,
        other.stream("GET", "/control/events") as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines).startswith("retry")
        desk.post(f"/control/phones/{JANE}/say", json={"text": "Hi"})
        kinds = []
        for line in lines:
            if line.startswith("event: "):
                kinds.append(line.removeprefix("event: "))
            if "phone" in kinds and "log" in kinds:
                break
        assert {"phone", "log"} <= set(kinds)


def test_the_mail_server_opens_and_closes_with_the_box(box_url: str, smtp_port: int) -> None:
    assert box_url
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=PATIENCE_SECONDS) as server:
        assert server.ehlo()[0] == 250
