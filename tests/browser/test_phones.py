"""The phones of the sandbox in a browser: what a person sees of WhatsApp, SMS and mail, and may do."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from browser.conftest import violations
from sandbox.box import DOMAIN, JANE, NUMBER, WANJIKU
from sandbox.served import BEARER, INSIDE_TOKEN, Product, opened_box, push, send
from sandbox.test_whatsapp_sending import buttons
from steady import PATIENCE_SECONDS, eventually

Visit = Callable[..., Page]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>"
INSIDE = {
    "letters": [
        {"id": "l1", "at": "2026-11-21T08:00:00+00:00", "provider": "whatsapp", "state": "read"}
    ],
    "facts": [
        {
            "id": "f1",
            "at": "2026-11-21T08:00:00+00:00",
            "kind": "messaging.MessageReceived",
            "subject": "message:01m7-aaaa",
            "cause": "l1",
        },
        {
            "id": "f2",
            "at": "2026-11-21T08:00:01+00:00",
            "kind": "invoicing.InvoiceIssued",
            "subject": "invoice:01m7-bbbb",
            "cause": "f1",
        },
    ],
    "jobs": [
        {"id": "f2", "at": None, "name": "invoicing.send_issued", "state": "done", "attempts": 1},
        {"id": "77", "at": None, "name": "store.read", "state": "failed", "attempts": 3},
    ],
    "entries": [
        {
            "seq": 12,
            "booked_on": "2026-11-21",
            "kind": "invoicing.issued",
            "lines": [
                {"code": "1100", "name": "Receivables", "side": "debit", "amount": "KES 75,000"},
                {"code": "4000", "name": "Sales", "side": "credit", "amount": "KES 75,000"},
            ],
        }
    ],
    "cursor": "c1",
}
NOTHING: dict[str, Any] = {"letters": [], "facts": [], "jobs": [], "entries": [], "cursor": "c0"}
PASTE = """async (kind) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 30 });
  canvas.getContext("2d").fillRect(0, 0, 40, 30);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const given = new DataTransfer();
  given.items.add(new File([blob], "image.png", { type: "image/png" }));
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: given })
    : new DragEvent(kind, { ...options, dataTransfer: given });
  document.querySelector(kind === "paste" ? "#say-right textarea" : "#phone-right .chat").dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    made = Product(inside=NOTHING)
    yield made
    made.server.shutdown()


@pytest.fixture(scope="module")
def box_url(product: Product) -> Iterator[str]:
    told = {"INSIDE_URL": f"{product.url}/inside", "INSIDE_TOKEN": INSIDE_TOKEN}
    with opened_box(product, **told) as url:
        yield url


@pytest.fixture
def desk(box_url: str, product: Product) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=box_url, timeout=PATIENCE_SECONDS) as client:
        client.post("/control/reset", json={"seed": 1}).raise_for_status()
        product.heard.clear()
        product.asked.clear()
        product.inside = NOTHING
        yield client


def said(desk: httpx.Client, phone: str, **what: Any) -> str:
    answer = desk.post(f"/control/phones/{phone}/say", json=what or {"text": "Hi"})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def lines(desk: httpx.Client, phone: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.get(f"/control/phones/{phone}").json()["chats"][0]["lines"]
    return found


def texted(desk: httpx.Client, to: str, words: str) -> None:
    answer = desk.post(
        "/africastalking/version1/messaging",
        data={"username": "sandbox", "to": f"+{to}", "message": words, "from": "HESABU"},
        headers={"apiKey": "sandbox-africastalking-key", "Accept": "application/json"},
    )
    assert answer.status_code == 201
    desk.post("/control/quiet", json={})


def mailed(desk: httpx.Client, subject: str = "Invoice INV-0001") -> None:
    answer = desk.post(
        f"/mailgun/v3/{DOMAIN}/messages",
        data={
            "from": "Kamau Designs <bills@mail.sandbox.test>",
            "to": "jane@example.test",
            "subject": subject,
            "text": "Pay at https://x.test/p/1",
            "html": "<p>Pay</p>",
        },
        files={"attachment": ("INV-0001.pdf", PDF, "application/pdf")},
        auth=("api", "sandbox-mailgun-key"),
    )
    assert answer.status_code == 200
    desk.post("/control/quiet", json={})


def events_after(product: Product, last: str) -> list[str]:
    """Everything Mailgun told, once it told this last."""
    told = [json.loads(body)["event-data"]["event"] for body in product.at("/mailgun")]
    return told if told[-1:] == [last] else []


def act_on(turn: Any, name: str) -> None:
    turn.hover()
    turn.locator(".acts-of summary").click()
    turn.locator(".acts-of").get_by_text(name).click()


def test_the_clerk_is_seen_typing_until_it_answers(
    visit: Visit, desk: httpx.Client, box_url: str
) -> None:
    message = said(desk, JANE)
    page = visit(box_url)
    right = page.locator("#phone-right")
    desk.post(
        f"/whatsapp/v23.0/{NUMBER}/messages",
        headers=BEARER,
        json={
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": message,
            "typing_indicator": {"type": "text"},
        },
    ).raise_for_status()
    expect(right.locator(".typing")).to_contain_text("Hesabu is typing")
    expect(right.locator("header small")).to_have_text("typing…")
    expect(right.locator(".ticks")).to_have_text("seen")
    send(desk, JANE, "text", {"body": "Karibu"})
    expect(right.locator(".typing")).to_have_count(0)
    expect(right.locator(".turn:not(.me)")).to_contain_text("Karibu")


def test_typing_ends_by_itself_when_no_answer_comes(
    visit: Visit, desk: httpx.Client, box_url: str
) -> None:
    message = said(desk, JANE)
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": message}
    read["typing_indicator"] = {"type": "text"}  # type: ignore[assignment]
    desk.post(f"/whatsapp/v23.0/{NUMBER}/messages", headers=BEARER, json=read)
    page = visit(box_url)
    expect(page.locator("#phone-right .typing")).to_have_count(1)
    desk.post("/control/advance", json={"seconds": 26})
    expect(page.locator("#phone-right .typing")).to_have_count(0)


def test_ticks_tell_sent_delivered_and_seen(visit: Visit, desk: httpx.Client, box_url: str) -> None:
    desk.put("/control/dials", json={"whatsapp": {"webhook_drop": 1.0}})
    said(desk, JANE)
    page = visit(box_url)
    ticks = page.locator("#phone-right .ticks")
    expect(ticks).to_have_text("sent")
    expect(ticks.locator("path")).to_have_count(1)
    desk.put("/control/dials", json={"whatsapp": {"webhook_drop": 0.0}})
    expect(ticks).to_have_text("delivered")
    expect(ticks.locator("path")).to_have_count(2)


def test_a_message_is_quoted_and_its_id_travels(
    visit: Visit, desk: httpx.Client, box_url: str, product: Product
) -> None:
    said(desk, JANE)
    quoted = send(desk, JANE, "text", {"body": "*KES 75,000* is due"})
    page = visit(box_url)
    right = page.locator("#phone-right")
    act_on(right.locator(".turn:not(.me)"), "Reply")
    expect(right.locator(".quote-bar")).to_contain_text("KES 75,000")
    box = right.get_by_role("textbox", name="Message from Jane Wanjiku")
    expect(box).to_be_focused()
    box.fill("make it 80k")
    page.keyboard.press("Enter")
    mine = right.locator(".turn.me").last
    expect(mine.locator(".quote")).to_contain_text("Hesabu")
    expect(mine.locator(".quote b").last).to_have_text("KES 75,000")
    expect(right.locator(".about-to")).to_be_hidden()
    assert product.wait_for_words("make it 80k")["context"]["id"] == quoted
    box.fill("and another")
    page.keyboard.press("Enter")
    expect(right.locator(".turn.me").last).to_contain_text("and another")
    assert "context" not in product.wait_for_words("and another")


def test_a_quote_can_be_taken_back_and_the_clerks_own_quotes_are_shown(
    visit: Visit, desk: httpx.Client, box_url: str
) -> None:
    asked = said(desk, JANE, text="How much?")
    desk.post(
        f"/whatsapp/v23.0/{NUMBER}/messages",
        headers=BEARER,
        json={
            "messaging_product": "whatsapp",
            "to": JANE,
            "type": "text",
            "text": {"body": "75,000"},
            "context": {"message_id": asked},
        },
    ).raise_for_status()
    page = visit(box_url)
    right = page.locator("#phone-right")
    expect(right.locator(".turn:not(.me) .quote")).to_have_text("YouHow much?")
    right.locator(".turn:not(.me) .quote").click()
    expect(right.locator(".turn.me")).to_have_class("turn me found")
    act_on(right.locator(".turn.me"), "Reply")
    right.get_by_role("button", name="Do not quote it").click()
    expect(right.locator(".about-to")).to_be_hidden()
    assert right.locator("[name=reply_to][type=hidden]").count() == 0


def test_a_reaction_is_shown_and_told_and_taken_back(
    visit: Visit, desk: httpx.Client, box_url: str, product: Product
) -> None:
    mine = said(desk, JANE)
    about = send(desk, JANE, "text", {"body": "Paid. Thank you"})
    send(desk, JANE, "reaction", {"message_id": mine, "emoji": "❤️"})
    page = visit(box_url)
    right = page.locator("#phone-right")
    expect(right.locator(".turn.me .pill")).to_have_text("❤️")
    turn = right.locator(".turn:not(.me)")
    act_on(turn, "👍")
    expect(turn.locator(".pill")).to_have_text("👍")
    told = product.wait_for_message("reaction")
    assert told["reaction"] == {"message_id": about, "emoji": "👍"}
    turn.locator(".acts-of").get_by_text("👍").click()
    expect(turn.locator(".pill")).to_have_count(0)
    taken_back = {"message_id": about}
    eventually(lambda: product.wait_for_message("reaction")["reaction"] == taken_back)


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_a_pasted_or_dropped_picture_is_shown_first_and_sent_as_an_image(
    visit: Visit, desk: httpx.Client, box_url: str, product: Product, way: str
) -> None:
    page = visit(box_url)
    right = page.locator("#phone-right")
    if way == "drop":
        page.evaluate(PASTE, "dragover")
        expect(right).to_have_class("phone catches")
    page.evaluate(PASTE, way)
    expect(right.locator(".file-bar img")).to_be_visible()
    assert desk.get("/control/log").json()["entries"] == []
    right.get_by_role("textbox", name="Message from").fill("the slip")
    page.keyboard.press("Enter")
    expect(right.locator(".bubble.me .picture img")).to_be_visible()
    image = product.wait_for_message("image")["image"]
    assert (image["mime_type"], image["caption"]) == ("image/png", "the slip")
    expect(right.locator(".file-bar")).to_have_count(0)


def test_a_chat_with_several_pictures_opens_at_its_end(
    visit: Visit, desk: httpx.Client, box_url: str
) -> None:
    """They arrive after the page and push its end down, all at once where they come fast."""
    for number in range(4):
        kept = io.BytesIO()
        Image.new("RGB", (90, 160), (0, 60 * number, 63)).save(kept, format="PNG")
        picture = base64.b64encode(kept.getvalue()).decode()
        name = f"{number}.png"
        media = {"base64": picture, "mime_type": "image/png", "filename": name}
        said(desk, JANE, media=media)
    send(desk, JANE, "text", {"body": "Thank you for the pictures"})
    page = visit(box_url)
    chat = page.locator("#phone-right .chat")
    expect(chat.locator(".picture img")).to_have_count(4)
    page.wait_for_function("[...document.images].every((one) => one.complete)")
    expect(chat.get_by_text("Thank you for the pictures", exact=True)).to_be_in_viewport()
    chat.evaluate("one => { one.scrollTop = 0; }")
    send(desk, JANE, "text", {"body": "One more thing"})
    expect(chat.get_by_text("One more thing", exact=True)).to_have_count(1)
    assert chat.evaluate("one => one.scrollTop") == 0, "who reads further up is left there"


def test_a_document_opens_over_the_page_and_can_be_closed(
    visit: Visit, desk: httpx.Client, box_url: str
) -> None:
    said(
        desk,
        JANE,
        media={
            "base64": "JVBERi0xLjQ=",
            "mime_type": "application/pdf",
            "filename": "INV-0001.pdf",
        },
    )
    page = visit(box_url)
    document = page.locator("#phone-right .doc")
    expect(document).to_have_attribute("target", "_blank")
    if not page.evaluate("navigator.pdfViewerEnabled"):
        with page.expect_popup():
            document.click()
        return
    document.click()
    viewer = page.get_by_role("dialog", name="INV-0001.pdf")
    expect(viewer).to_be_visible()
    href = str(document.get_attribute("href"))
    expect(viewer.locator("iframe")).to_have_attribute(
        "src", f"{box_url}{href}#navpanes=0&view=FitH"
    )
    viewer.get_by_role("button", name="Close").click()
    expect(page.locator("#viewer")).to_be_hidden()


def test_sms_are_counted_read_and_answered(
    visit: Visit, desk: httpx.Client, box_url: str, product: Product
) -> None:
    page = visit(box_url)
    right = page.locator("#phone-right")
    texted(desk, JANE, "INV-0001: KES 75,000. Pay: https://x.test/p/1\n1 Pay")
    expect(right.locator("[data-tab=sms] .count")).to_have_text("1 new")
    right.get_by_role("radio", name="SMS").check()
    bubble = right.locator(".texts .bubble")
    expect(bubble.locator(".from")).to_have_text("HESABU")
    expect(bubble.get_by_role("link")).to_have_attribute("href", "https://x.test/p/1")
    right.locator(".texts").hover()
    expect(right.locator("[data-tab=sms] .count")).to_have_count(0)
    right.get_by_role("textbox", name="SMS from Jane Wanjiku").fill("1")
    page.keyboard.press("Enter")
    expect(right.locator(".texts .bubble.me")).to_contain_text("To 20880")
    [form] = eventually(lambda: product.at("/sms"))
    heard = parse_qs(form.decode())
    assert (heard["from"], heard["text"]) == ([f"+{JANE}"], ["1"])


def test_mail_is_counted_opened_and_its_files_open(
    visit: Visit, desk: httpx.Client, box_url: str, product: Product
) -> None:
    page = visit(box_url)
    right = page.locator("#phone-right")
    mailed(desk, "The first")
    mailed(desk, "The second")
    expect(right.locator("[data-tab=mail] .count")).to_have_text("2 new")
    right.get_by_role("radio", name="Mail").check()
    expect(right.locator(".letter .subject")).to_have_text(["The second", "The first"])
    newest = right.locator(".letter").first
    newest.locator("summary").click()
    expect(newest.get_by_role("link", name="https://x.test/p/1")).to_be_visible()
    expect(right.locator("[data-tab=mail] .count")).to_have_text("1 new")
    expect(newest.locator(".dot")).to_have_count(0)
    expect(newest.locator(".body")).to_be_visible()
    file = newest.locator(".doc")
    assert desk.get(str(file.get_attribute("href"))).content == PDF
    drawn = newest.get_by_role("link", name="As it was drawn")
    assert desk.get(str(drawn.get_attribute("href"))).text == "<p>Pay</p>"
    newest.get_by_role("button", name="This is spam").click()
    expect(newest).to_contain_text("Marked as spam")
    expect(newest.locator(".body")).to_be_visible()
    assert eventually(lambda: events_after(product, "complained"))[-2:] == ["opened", "complained"]


def test_a_basic_phone_has_sms_and_m_pesa_only(
    visit: Visit, desk: httpx.Client, box_url: str
) -> None:
    desk.post("/control/phones", json={"phone": "0733 123 456", "name": "Otieno Odhiambo"})
    desk.post("/control/phones/254733123456/whatsapp", json={"is_on": False})
    texted(desk, "254733123456", "Your invoice")
    page = visit(f"{box_url}/?right=254733123456")
    right = page.locator("#phone-right")
    expect(right.locator(".tab")).to_have_text(["SMS1 new", "M-PESA"])
    expect(right.locator(".texts .bubble")).to_contain_text("Your invoice")
    expect(right.locator(".chat")).to_have_count(0)
    expect(right.locator("header small")).to_have_text("a basic phone: calls and SMS")


def test_taking_away_whatsapp_changes_the_phone_that_is_shown(
    visit: Visit, desk: httpx.Client, box_url: str
) -> None:
    page = visit(box_url)
    expect(page.locator("#phone-right .chat")).to_have_count(1)
    desk.post(f"/control/phones/{JANE}/whatsapp", json={"is_on": False})
    expect(page.locator("#phone-right.basic")).to_have_count(1)
    page.locator("#phone-right").get_by_role("radio", name="Mail").check()
    expect(page.locator("#phone-right .where")).to_have_text("Jane reads this on a computer.")


def test_both_phones_may_be_anybodys_and_somebody_new_is_added(
    visit: Visit, desk: httpx.Client, box_url: str
) -> None:
    page = visit(box_url)
    page.get_by_role("heading", name="People").click()
    page.get_by_label("Name", exact=True).fill("Amina Yusuf")
    page.get_by_label("Phone", exact=True).fill("0701 000 222")
    page.get_by_label("E-mail (may stay empty)").fill("not an address")
    page.get_by_role("button", name="Add and show").click()
    expect(page.locator("#panel-people .refusal").last).to_contain_text("not an e-mail address")
    page.get_by_label("E-mail (may stay empty)").fill("amina@x.test")
    page.get_by_label("Show it").select_option("left")
    page.get_by_role("button", name="Add and show").click()
    expect(page.locator("#phone-left")).to_have_attribute("data-phone", "254701000222")
    page.get_by_label("Phone on the right").select_option("Wanjiku Kamau")
    expect(page.locator("#phone-right")).to_have_attribute("data-phone", WANJIKU)
    expect(page.locator("#phone-left")).to_have_attribute("data-phone", "254701000222")
    [amina] = [
        p for p in desk.get("/control/phones").json()["phones"] if p["name"] == "Amina Yusuf"
    ]
    assert amina["email"] == "amina@x.test"


def test_what_a_message_set_off_is_drawn_down_to_the_entries(
    visit: Visit, desk: httpx.Client, box_url: str, product: Product
) -> None:
    page = visit(box_url)
    inside = page.locator("#inside")
    expect(inside).to_contain_text("Nothing yet. Say something, and watch.")
    product.inside = INSIDE
    message = said(desk, JANE)
    expect(inside.locator(".node.letter > b")).to_have_text("Letter from WhatsApp")
    received = inside.locator(".node.letter .node.fact").first
    expect(received).to_contain_text("Message received")
    expect(received.locator(".node.fact")).to_contain_text("Invoice issued")
    expect(received.locator(".jobs")).to_have_text("invoicing.send_issueddone")
    expect(inside.locator(".node.job")).to_contain_text("store.readfailed 3 tries")
    entry = inside.locator(".node.entry")
    expect(entry.locator("tbody tr")).to_have_text(
        ["1100 ReceivablesKES 75,000", "4000 SalesKES 75,000"]
    )
    expect(entry.locator("tbody tr").last.locator("td").nth(1)).to_be_empty()
    assert {asked.authorization for asked in product.asked} == {f"Bearer {INSIDE_TOKEN}"}
    product.asked.clear()
    act_on(page.locator("#phone-right .turn.me"), "Inside")
    expect(inside).to_contain_text("What one message set off")
    asked = [parse_qs(one.path.partition("?")[2]) for one in product.asked]
    assert {"message": [message]} in asked
    inside.get_by_role("link", name="Show the latest").click()
    expect(inside).to_contain_text("What the last act on these phones set off")


def test_a_box_without_a_product_teaches_what_would_be_here(visit: Visit) -> None:
    lonely = Product()
    with opened_box(lonely) as url:
        page = visit(url)
        steps = page.locator("#inside .steps > li > b")
        expect(steps).to_have_text(["A letter", "Facts", "Jobs", "Entries"])
        expect(page.locator("#inside")).to_contain_text("make up")
    lonely.server.shutdown()


def test_a_product_that_answers_otherwise_is_said_and_not_drawn(
    visit: Visit, desk: httpx.Client, box_url: str, product: Product
) -> None:
    product.inside = {"facts": "none"}
    page = visit(box_url)
    expect(page.locator("#inside")).to_contain_text("the product answered in another form")


def test_single_keys_lead_everywhere_and_can_be_switched_off(
    visit: Visit, desk: httpx.Client, box_url: str
) -> None:
    said(desk, WANJIKU)
    send(desk, WANJIKU, "text", {"body": "Karibu"})
    page = visit(box_url)
    page.keyboard.press("2")
    expect(page.get_by_role("textbox", name="Message from Jane")).to_be_focused()
    page.keyboard.type("2 pieces?")  # what is typed is typed
    expect(page.get_by_role("textbox", name="Message from Jane")).to_have_value("2 pieces?")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("m")
    expect(page.locator("#phone-right .mails")).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator("#phone-right .texts")).to_be_visible()
    page.keyboard.press("1")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    expect(page.locator("#phone-left .quote-bar")).to_contain_text("Karibu")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    keys.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("2")
    expect(page.locator("#phone-right textarea:focus")).to_have_count(0)
    page.evaluate("localStorage.clear()")


def test_without_javascript_people_write_sms_reply_and_read_mail(
    visit: Visit, desk: httpx.Client, box_url: str, product: Product
) -> None:
    said(desk, JANE)
    quoted = send(desk, JANE, "text", {"body": "Karibu"})
    mailed(desk)
    desk.post("/control/quiet", json={})
    page = visit(box_url, java_script_enabled=False)
    right = page.locator("#phone-right")
    right.get_by_role("textbox", name="Message from").fill("Thank you")
    right.locator(".turn:not(.me) .acts-of summary").click()
    right.locator(".turn:not(.me)").get_by_role("button", name="Reply").click()
    expect(right.locator(".turn.me .quote")).to_contain_text("Karibu")
    assert product.wait_for_words("Thank you")["context"]["id"] == quoted
    right.locator("[data-tab=sms] input").check()
    right.get_by_role("textbox", name="SMS from").fill("Hello")
    right.get_by_role("button", name="Send SMS").click()
    expect(right.locator(".texts .bubble.me")).to_contain_text("Hello")
    right.locator("[data-tab=mail] input").check()
    right.locator(".letter summary").click()
    right.get_by_role("button", name="Mark as read").click()
    eventually(lambda: desk.get(f"/control/phones/{JANE}").json()["unread_mail"] == 0)
    expect(right.get_by_role("button", name="Mark as read")).to_have_count(0)
    assert [s["text"] for s in desk.get(f"/control/phones/{JANE}").json()["sms"]] == ["Hello"]
    page.get_by_role("heading", name="The tour in words").click()
    expect(page.locator("#tour-steps li")).to_have_count(10)
    product.inside = INSIDE
    page.goto(f"{box_url}/?inside={quoted}")
    expect(page.locator("#inside .node.entry")).to_have_count(1)


class Clerk(threading.Thread):
    """Answers as the product would, over the wire, for as long as a tour takes."""

    def __init__(self, desk_url: str, product: Product) -> None:
        super().__init__(daemon=True)
        self.desk = httpx.Client(base_url=desk_url, timeout=PATIENCE_SECONDS)
        self.product = product
        self.is_done = threading.Event()

    def run(self) -> None:
        read = paid = 0
        while not self.is_done.wait(0.05):
            for message in self.product.messages()[read:]:
                read += 1
                self.answer(message)
            for _ in self.product.at("/stk")[paid:]:
                paid += 1
                send(self.desk, WANJIKU, "text", {"body": "*Paid.*"})

    def answer(self, message: dict[str, Any]) -> None:
        if message["type"] == "text":
            asks = (("send", "Send"), ("no", "Cancel"))
            send(self.desk, WANJIKU, "interactive", buttons(*asks, body="Shall I send it?"))
        elif message["type"] == "interactive" and message["from"] == WANJIKU:
            send(self.desk, WANJIKU, "text", {"body": "On its way."})
            send(self.desk, JANE, "template", self.bill())
        elif message["type"] == "button":
            push(self.desk, f"{self.product.url}/stk")

    def bill(self) -> dict[str, Any]:
        uploaded = self.desk.post(
            f"/whatsapp/v23.0/{NUMBER}/media",
            headers=BEARER,
            data={"messaging_product": "whatsapp"},
            files={"file": ("INV-0001.pdf", PDF, "application/pdf")},
        ).json()
        texts = [{"type": "text", "text": t} for t in ("Kamau", "KES 75,000", "Logo", "Friday")]
        file = {"type": "document", "document": {**uploaded, "filename": "INV-0001.pdf"}}
        link = {"type": "text", "text": "abc"}
        return {
            "name": "invoice_ready",
            "language": {"code": "en"},
            "components": [
                {"type": "header", "parameters": [file]},
                {"type": "body", "parameters": texts},
                {"type": "button", "sub_type": "url", "index": "1", "parameters": [link]},
            ],
        }


@pytest.fixture
def clerk(box_url: str, product: Product, desk: httpx.Client) -> Iterator[Clerk]:
    assert desk
    made = Clerk(box_url, product)
    made.start()
    yield made
    made.is_done.set()
    made.join(PATIENCE_SECONDS)


def test_the_tour_plays_the_whole_way_step_by_step(
    visit: Visit, desk: httpx.Client, box_url: str, clerk: Clerk
) -> None:
    page = visit(box_url, reduced_motion="reduce")
    page.get_by_role("link", name="Take the tour").click()
    tour = page.get_by_role("region", name="Tour")
    following = tour.get_by_role("button", name="Next")
    expect(following).to_be_focused()
    expect(tour.get_by_role("button", name="Play on")).to_be_visible()  # calm: nobody is hurried
    titles = page.locator("#tour-steps > li > b").all_text_contents()
    for ordinal, title in enumerate(titles, 1):
        expect(tour.locator(".tour-count")).to_have_text(f"{ordinal} of 10")
        expect(tour.get_by_role("heading")).to_have_text(title)
        if ordinal == 5:
            expect(page.locator("#phone-right .pointed")).to_contain_text("INV-0001.pdf")
        if ordinal == 9:
            expect(page.locator("#inside")).to_have_class("pointed")
        if ordinal < 10:
            expect(page.locator("#tour")).to_have_attribute("data-waits", "yes")
            following.click()
    expect(page.locator("#phone-left .turn").last).to_contain_text("Paid.")
    assert desk.get(f"/control/phones/{JANE}").json()["prompts"][-1]["result_code"] == 0
    tour.get_by_role("button", name="Done").click()
    expect(tour).to_have_count(0)
    expect(page.get_by_role("link", name="Take the tour")).to_be_focused()


def test_the_tour_plays_by_itself_can_be_paused_and_stopped(
    visit: Visit, desk: httpx.Client, box_url: str, clerk: Clerk
) -> None:
    page = visit(f"{box_url}/?tour=1")
    tour = page.get_by_role("region", name="Tour")
    tour.get_by_role("button", name="Next").click()
    expect(tour.locator(".tour-count")).to_have_text("2 of 10")
    expect(page.locator("#phone-left .bubble.me")).to_contain_text("Invoice Jane")
    expect(tour.locator(".tour-count")).to_have_text("3 of 10")
    tour.get_by_role("button", name="Pause").click()
    expect(tour.get_by_role("button", name="Play on")).to_be_visible()
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
    expect(page.locator(".pointed")).to_have_count(0)
    assert [line["type"] for line in lines(desk, WANJIKU)] == ["text", "interactive"]


@pytest.mark.parametrize("look", ["light", "dark", "narrow", "narrow-dark"])
def test_the_phones_are_accessible_in_every_state_and_fit(
    visit: Visit, desk: httpx.Client, box_url: str, product: Product, look: str
) -> None:
    first = said(desk, JANE)
    send(desk, JANE, "text", {"body": "Karibu"})
    said(desk, JANE, text="Thanks", reply_to=first)
    said(desk, JANE, reaction={"message_id": first, "emoji": "👍"})
    texted(desk, JANE, "Your invoice: https://x.test/p/1")
    mailed(desk)
    product.inside = INSIDE
    page = visit(box_url, look, reduced_motion="reduce")
    if look.startswith("narrow"):
        page.locator(".switch [value=right]").check(force=True)
    right = page.locator("#phone-right")
    said(desk, JANE)
    expect(page.locator("#inside .node.entry")).to_have_count(1)
    right.locator(".turn:not(.me) .acts-of summary").click()
    assert violations(page) == []
    right.locator(".acts-of[open]").get_by_role("button", name="Reply").click()
    for tab in ("sms", "mail"):
        right.locator(f"[data-tab={tab}] input").check(force=True)
        if tab == "mail":
            right.locator(".letter summary").click()
        assert violations(page) == []
    page.get_by_role("link", name="Take the tour").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    if not look.startswith("narrow"):
        page.get_by_role("button", name="Keys").click()
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
