"""Content to the JSON that is posted."""

from __future__ import annotations

from uuid import UUID

import pytest

from hesabu.messaging.providers.port import Address
from hesabu.messaging.providers.whatsapp import compose
from hesabu.messaging.types import Buttons, Choices, Document, Template, Text

FILE = UUID(int=7)
HELD = {FILE: "4490709327384033"}
PINNED = {"type": "document", "document": {"id": "4490709327384033", "filename": "INV-0001.pdf"}}


def test_a_text_to_a_number() -> None:
    said = compose.message(Address("+254712345678", "KE.1"), Text("Hello"), "abc.1", {})
    assert said == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "254712345678",
        "biz_opaque_callback_data": "abc.1",
        "type": "text",
        "text": {"body": "Hello", "preview_url": False},
    }


def test_somebody_without_a_number_is_reached_by_user_id() -> None:
    assert compose.recipient(Address(None, "KE.1")) == {"recipient": "KE.1"}
    with pytest.raises(ValueError, match="address"):
        compose.recipient(Address(None, None))


def test_buttons_with_a_document_on_top() -> None:
    content = Buttons(
        "Send?", [("send:1", "Send"), ("no", "Cancel")], FILE, "INV-0001.pdf", "Hesabu"
    )
    assert compose.body(content, HELD) == {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "header": PINNED,
            "body": {"text": "Send?"},
            "footer": {"text": "Hesabu"},
            "action": {
                "buttons": [
                    {"type": "reply", "reply": {"id": "send:1", "title": "Send"}},
                    {"type": "reply", "reply": {"id": "no", "title": "Cancel"}},
                ]
            },
        },
    }


def test_a_list_leaves_out_empty_descriptions() -> None:
    content = Choices("Which?", "Choose", [("1", "Jane", "KES 100"), ("2", "Ali", "")])
    interactive = compose.body(content, {})["interactive"]
    assert interactive["type"] == "list"
    assert interactive["action"] == {
        "button": "Choose",
        "sections": [
            {
                "rows": [
                    {"id": "1", "title": "Jane", "description": "KES 100"},
                    {"id": "2", "title": "Ali"},
                ]
            }
        ],
    }


def test_a_document_with_and_without_buttons() -> None:
    plain = compose.body(Document(FILE, "INV-0001.pdf", "Yours"), HELD)
    assert plain == {"type": "document", "document": PINNED["document"] | {"caption": "Yours"}}
    tapped = compose.body(Document(FILE, "INV-0001.pdf", "Yours", [("pay", "Pay")]), HELD)
    assert tapped["interactive"]["header"] == PINNED
    assert tapped["interactive"]["body"] == {"text": "Yours"}


def test_a_template_with_everything() -> None:
    content = Template(
        "invoice_ready", "en", ["Jane\n  Wanjiku", ""], "tok123", FILE, "INV-0001.pdf"
    )
    assert compose.body(content, HELD) == {
        "type": "template",
        "template": {
            "name": "invoice_ready",
            "language": {"code": "en"},
            "components": [
                {"type": "header", "parameters": [PINNED]},
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "text": "Jane Wanjiku"},
                        {"type": "text", "text": "-"},
                    ],
                },
                {
                    "type": "button",
                    "sub_type": "url",
                    "index": "0",
                    "parameters": [{"type": "text", "text": "tok123"}],
                },
            ],
        },
    }


def test_a_template_with_nothing() -> None:
    assert compose.body(Template("hello", "en"), {})["template"] == {
        "name": "hello",
        "language": {"code": "en"},
    }


def test_quick_replies_stand_before_the_button_that_opens_a_page() -> None:
    content = Template("invoice_ready", "en", button_param="tok123", replies=("pay:a:b",))
    assert compose.body(content, {})["template"]["components"] == [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "pay:a:b"}],
        },
        {
            "type": "button",
            "sub_type": "url",
            "index": "1",
            "parameters": [{"type": "text", "text": "tok123"}],
        },
    ]
