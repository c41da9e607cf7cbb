"""WhatsApp, else SMS, else e-mail: where a message begins, when it moves on, and what counts as having arrived."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from hesabu.kit import clock, ids
from hesabu.messaging import actions, queries
from hesabu.messaging.errors import BadContent, BadEmail, MessageNotFound
from hesabu.messaging.types import (
    Buttons,
    Category,
    Channel,
    Choices,
    Letter,
    State,
    Template,
    Text,
)
from hesabu.store import files, flags, tenancy
from messaging.counterpart import refuses
from messaging.ladder import (
    LETTER,
    SHOWN,
    Town,
    hangs_up,
    mail_refused,
    numbered,
    text_refused,
)

Towns = Callable[..., Town]
WHATSAPP_WAITS, SMS_WAITS = 3600, 14_400


def test_who_reads_on_whatsapp_hears_nothing_else(town: Town) -> None:
    message_id = town.sent()
    town.whatsapp_says("delivered")
    town.work(later_seconds=10 * WHATSAPP_WAITS)
    assert list(town.went()) == [1, 0, 0]
    assert town.stood(message_id) == ["whatsapp delivered"]
    assert town.told(message_id) == ["Accepted whatsapp", "Delivered whatsapp"]


def test_who_has_no_whatsapp_gets_a_text_with_the_link(town: Town) -> None:
    town.meta.will(refuses(131026))
    message_id = town.sent()
    assert town.texts.to(town.phone) == [f"{LETTER.body}\n{LETTER.link}"]
    town.sms_says("Success")
    assert town.look(message_id).state is State.DELIVERED
    assert town.look(message_id).channel is Channel.SMS
    assert town.stood(message_id) == ["whatsapp failed undeliverable", "sms delivered"]
    assert town.told(message_id) == [
        "Rerouted sms undeliverable",
        "Accepted sms",
        "Delivered sms",
    ]


def test_who_is_known_to_have_no_whatsapp_is_texted_at_once_and_tried_again_after_a_month(
    town: Town,
) -> None:
    town.meta.will(refuses(131026))
    town.sent()
    message_id = town.sent()
    assert list(town.went()) == [1, 2, 0]
    assert town.stood(message_id) == ["sms accepted"]
    for nth in (0, 1):
        town.sms_says("Success", nth=nth)
    with clock.moved(days=31):
        town.sent()
    assert list(town.went()) == [2, 2, 0]


def test_who_writes_on_whatsapp_has_it(town: Town) -> None:
    town.meta.will(refuses(131026))
    town.sent()
    town.writes_whatsapp()
    town.sent()
    assert list(town.went()) == [2, 1, 0]


def test_a_failure_told_later_moves_on_as_well(town: Town) -> None:
    message_id = town.sent()
    town.whatsapp_says("sent")
    town.whatsapp_says("failed", code=131026)
    town.work()
    assert town.stood(message_id) == ["whatsapp failed undeliverable", "sms accepted"]


@pytest.mark.parametrize("word", ["sent", None])
def test_what_was_only_sent_is_silence(town: Town, word: str | None) -> None:
    message_id = town.sent()
    if word:
        town.whatsapp_says(word)
    town.work(later_seconds=WHATSAPP_WAITS - 60)
    assert list(town.went()) == [1, 0, 0]
    town.work(later_seconds=WHATSAPP_WAITS + 1)
    assert list(town.went()) == [1, 1, 0]
    assert town.stood(message_id)[0].endswith("silent")


def test_three_silent_channels_are_tried_once_each_and_nothing_is_called_delivered(
    town: Town,
) -> None:
    message_id = town.sent()
    for days in range(1, 5):
        with clock.moved(days=days):
            town.work()
    assert list(town.went()) == [1, 1, 1]
    assert town.look(message_id).state is State.ACCEPTED
    assert town.stood(message_id) == [
        "whatsapp accepted silent",
        "sms accepted silent",
        "email accepted",
    ]
    assert not any("Delivered" in one or "Failed" in one for one in town.told(message_id))


def test_a_mail_has_subject_words_link_and_files(town: Town) -> None:
    with tenancy.bound(town.business_id):
        file_id = files.keep(b"%PDF-1.7", "application/pdf", "INV-7.pdf")
    letter = Letter(LETTER.subject, LETTER.body, LETTER.link, [(file_id, "INV-7.pdf")])
    town.meta.will(refuses(131026))
    town.texts.will(text_refused(403))
    message_id = town.sent(letter=letter)
    (mail,) = town.mails.to(town.email)
    assert mail["subject"] == LETTER.subject
    assert LETTER.body in mail["text"]
    assert LETTER.link in mail["text"]
    assert "Kamau Designs" in mail["from"]
    assert town.mails.files[-1] == {"INV-7.pdf": b"%PDF-1.7"}
    town.mail_says("delivered")
    town.mail_says("opened")
    assert town.stood(message_id) == [
        "whatsapp failed undeliverable",
        "sms failed invalid_number",
        "email seen",
    ]


def test_only_the_last_channel_that_fails_makes_the_message_fail(town: Town) -> None:
    town.meta.will(refuses(131026))
    town.texts.will(text_refused(403))
    message_id = town.sent()
    assert not any("Failed" in one for one in town.told(message_id))
    town.mail_says("failed", severity="permanent", reason="bounce")
    assert town.look(message_id).state is State.FAILED
    assert town.told(message_id) == [
        "Rerouted sms undeliverable",
        "Rerouted email invalid_number",
        "Accepted email",
        "Failed email bounced",
    ]


def test_who_has_a_mail_address_only_gets_mail(town: Town) -> None:
    email = f"a{ids.new_id().hex}@example.com"
    with tenancy.house():
        contact_id = actions.meet(email=email)
        assert actions.meet(email=f" {email.replace('example', 'EXAMPLE')} ") == contact_id
    town.contact_id = contact_id
    town.sent()
    assert len(town.mails.to(email)) == 1
    assert list(town.went()) == [0, 0, 0]


def test_who_has_no_mail_address_fails_after_the_text(new_town: Towns) -> None:
    town = new_town()
    with tenancy.house():
        actions.keep_email(town.contact_id, None)
    town.meta.will(refuses(131026))
    town.texts.will(text_refused(407))
    message_id = town.sent()
    assert town.told(message_id) == ["Rerouted sms undeliverable", "Failed sms undeliverable"]
    assert list(town.went()) == [1, 1, 0]


def test_a_house_with_whatsapp_alone_fails_as_it_always_did(town: Town) -> None:
    from django.conf import settings
    from django.test import override_settings

    alone = settings.CONFIG.model_copy(update={"sms_provider": "none", "mail_provider": "none"})
    with override_settings(CONFIG=alone):
        town.meta.will(refuses(131026))
        message_id = town.sent()
        town.work(later_seconds=10 * WHATSAPP_WAITS)
    assert town.told(message_id) == ["Failed whatsapp undeliverable"]
    assert list(town.went()) == [1, 0, 0]


# what arrives late


def test_a_late_word_from_a_channel_that_was_left_counts_and_the_next_one_is_not_needed(
    town: Town,
) -> None:
    message_id = town.send()
    town.work()
    actions.climb(town.business_id, message_id, Channel.WHATSAPP)
    assert town.look(message_id).channel is Channel.SMS
    town.whatsapp_says("delivered")
    town.work(later_seconds=SMS_WAITS + WHATSAPP_WAITS)
    assert list(town.went()) == [1, 0, 0]
    found = town.look(message_id)
    assert (found.state, found.channel) == (State.DELIVERED, Channel.WHATSAPP)
    assert town.stood(message_id) == ["whatsapp delivered", "sms failed not_needed"]
    assert town.told(message_id)[-1] == "Delivered whatsapp"


def test_a_late_word_after_the_text_left_stops_the_mail(town: Town) -> None:
    message_id = town.sent()
    town.work(later_seconds=WHATSAPP_WAITS + 1)
    town.whatsapp_says("read")
    town.work(later_seconds=10 * SMS_WAITS)
    assert list(town.went()) == [1, 1, 0]
    assert town.look(message_id).state is State.SEEN
    town.sms_says("Success")
    assert town.stood(message_id) == ["whatsapp seen", "sms delivered"]
    assert [one.split()[0] for one in town.told(message_id)].count("Delivered") == 1


def test_what_was_delivered_twice_is_told_once_and_seen_where_it_was_seen(town: Town) -> None:
    message_id = town.sent()
    town.work(later_seconds=WHATSAPP_WAITS + 1)
    town.sms_says("Success")
    town.whatsapp_says("delivered")
    assert town.look(message_id).channel is Channel.SMS
    town.whatsapp_says("read")
    found = town.look(message_id)
    assert (found.state, found.channel) == (State.SEEN, Channel.WHATSAPP)
    assert town.told(message_id) == [
        "Accepted whatsapp",
        "Rerouted sms silent",
        "Accepted sms",
        "Delivered sms",
        "Seen whatsapp",
    ]


def test_a_late_failure_of_a_channel_that_was_left_fails_nothing(town: Town) -> None:
    message_id = town.sent()
    town.work(later_seconds=WHATSAPP_WAITS + 1)
    town.whatsapp_says("failed", code=131026)
    assert town.look(message_id).state is State.ACCEPTED
    assert town.stood(message_id) == ["whatsapp failed undeliverable", "sms accepted"]
    town.work()
    assert list(town.went()) == [1, 1, 0]


def test_a_report_that_overtakes_the_answer_to_the_request_is_not_lost(town: Town) -> None:
    from hesabu.messaging import channel
    from hesabu.messaging.actions.preparing import prepare
    from hesabu.messaging.actions.recording import record

    message_id = town.send(channel=Channel.SMS)
    attempt = prepare(town.business_id, message_id)
    assert attempt is not None
    outcome = channel.provider(Channel.SMS).send(attempt.errand)
    town.sms_says("Success")
    town.sms_says("Sent")
    assert town.look(message_id).state is State.SENDING
    record(attempt, outcome)
    town.work()
    assert town.look(message_id).state is State.DELIVERED
    town.work(later_seconds=10)
    assert town.told(message_id) == ["Accepted sms", "Delivered sms"]


def test_a_report_of_nobodys_message_changes_nothing_and_is_forgotten(town: Town) -> None:
    from hesabu.messaging.models import EarlyWord

    town.sent(channel=Channel.SMS)
    assert town.sms_says("Success", message_id="ATPid_of_another_product") == 200
    with tenancy.house():
        assert EarlyWord.objects.exists()
    with clock.moved(days=3):
        actions.look_for_lost()
    with tenancy.house():
        assert not EarlyWord.objects.exists()


# doubt


def test_an_answer_that_was_lost_moves_on_after_the_set_time_and_alarms_nobody(town: Town) -> None:
    town.meta.will(None)
    message_id = town.sent()
    town.work(later_seconds=120)
    assert town.stood(message_id) == ["whatsapp uncertain"]
    town.work(later_seconds=WHATSAPP_WAITS + 1)
    assert town.stood(message_id) == ["whatsapp uncertain silent", "sms accepted"]
    assert not any("Failed" in one for one in town.told(message_id))
    town.whatsapp_says("delivered")
    assert town.look(message_id).state is State.DELIVERED
    assert list(town.went()) == [1, 1, 0]


def test_an_answer_that_was_lost_on_the_last_channel_is_a_persons_to_look_at(town: Town) -> None:
    town.mails.will(hangs_up)
    message_id = town.sent(channel=Channel.EMAIL)
    town.work(later_seconds=120)
    assert town.told(message_id) == ["Failed email uncertain"]
    town.mail_says("delivered")
    assert town.look(message_id).state is State.DELIVERED
    assert list(town.went()) == [0, 0, 1]


def test_doubt_is_told_where_the_next_channel_was_lost_meanwhile(town: Town) -> None:
    town.texts.will(hangs_up)
    message_id = town.sent(outside=None)
    assert town.look(message_id).state is State.UNCERTAIN
    town.work(later_seconds=120)
    assert not any("Failed" in one for one in town.told(message_id))
    with tenancy.house():
        actions.keep_email(town.contact_id, None)
    town.work(later_seconds=SMS_WAITS + 1)
    town.work(later_seconds=2 * SMS_WAITS)
    assert town.told(message_id)[-1] == "Failed sms uncertain"
    assert list(town.went()) == [0, 1, 0]


def test_a_provider_that_is_unwell_is_waited_for_and_then_passed_by(town: Town) -> None:
    town.texts.will(*[text_refused(501)] * 30)
    message_id = town.sent(channel=None, outside=None, letter=LETTER)
    assert town.stood(message_id) == ["whatsapp failed window_closed", "sms queued provider_error"]
    for minutes in range(0, 240, 20):
        town.work(later_seconds=60 * minutes)
    tried = len(town.texts.to(town.phone))
    assert 3 < tried <= 13
    town.work(later_seconds=SMS_WAITS + 1)
    assert town.stood(message_id)[1:] == ["sms failed provider_error", "email accepted"]
    assert len(town.mails.to(town.email)) == 1


def test_a_channel_that_is_switched_off_is_passed_by_when_its_time_is_over(town: Town) -> None:
    with tenancy.house():
        flags.switch("messaging.whatsapp", on=False, reason="a test")
    try:
        message_id = town.sent()
        town.work(later_seconds=WHATSAPP_WAITS + 1)
    finally:
        with tenancy.house():
            flags.switch("messaging.whatsapp", on=True)
    assert list(town.went()) == [0, 1, 0]
    town.work(later_seconds=WHATSAPP_WAITS + 100)
    assert town.stood(message_id) == ["whatsapp failed silent", "sms accepted"]
    assert list(town.went()) == [0, 1, 0]


# what does not climb


def test_an_answer_goes_where_they_wrote_last_and_no_further(town: Town) -> None:
    town.writes_sms("menu")
    contact = town.contact()
    assert (contact.channel, contact.is_window_open) == (Channel.SMS, True)
    town.texts.will(text_refused(407))
    message_id = town.sent(letter=None, category=Category.ANSWER)
    town.work(later_seconds=10 * SMS_WAITS)
    assert list(town.went()) == [0, 1, 0]
    assert town.told(message_id) == ["Failed sms undeliverable"]
    town.writes_whatsapp()
    assert town.contact().channel is Channel.WHATSAPP
    town.sent(letter=None, category=Category.ANSWER)
    assert list(town.went()) == [1, 1, 0]


def test_what_can_be_tapped_is_numbered_where_nothing_can_be(town: Town) -> None:
    town.writes_sms("new")
    town.sent(content=SHOWN, letter=None, category=Category.ANSWER)
    town.sent(
        content=Choices("Which *one*?", "Choose", [("a", "INV-1", "KES 5"), ("b", "INV-2", "")]),
        letter=None,
        category=Category.ANSWER,
    )
    one, two = town.texts.to(town.phone)
    assert one == "Kamau asks you for KES 1,500.\n1 Pay\n2 View"
    assert numbered(two) == ["1 INV-1 - KES 5", "2 INV-2"]


def test_a_template_has_no_words_of_its_own_for_a_text(town: Town) -> None:
    message_id = town.sent(
        content=Template("x", "en"), letter=None, channel=Channel.SMS, outside=None
    )
    assert town.told(message_id) == ["Failed sms no_words"]
    assert list(town.went()) == [0, 0, 0]


def test_a_channel_that_was_asked_for_is_the_only_one(town: Town) -> None:
    town.texts.will(text_refused(407))
    message_id = town.sent(channel=Channel.SMS)
    town.work(later_seconds=10 * SMS_WAITS)
    assert list(town.went()) == [0, 1, 0]
    assert town.told(message_id) == ["Failed sms undeliverable"]


def test_the_same_cause_sends_one_message_on_however_many_channels(town: Town) -> None:
    first = town.send(cause="issued:1")
    assert town.send(cause="issued:1", channel=Channel.SMS) == first
    town.work()
    assert list(town.went()) == [1, 0, 0]


# what people do not want


def test_who_wants_no_reminders_gets_none_and_invoices_still(town: Town) -> None:
    town.writes_whatsapp("stop")
    with tenancy.house():
        actions.opt_out(town.contact_id, reminders_only=True)
    assert town.contact().is_opted_out
    for category in (Category.REMINDER, Category.NEWS):
        message_id = town.sent(category=category)
        assert town.told(message_id) == ["Failed whatsapp opted_out"]
    assert list(town.went()) == [0, 0, 0]
    town.sent(category=Category.TRANSACTION)
    assert list(town.went()) == [1, 0, 0]
    with tenancy.house():
        actions.opt_in(town.contact_id)
    town.sent(category=Category.REMINDER)
    assert list(town.went()) == [2, 0, 0]


def test_who_wants_nothing_first_gets_answers_only(town: Town) -> None:
    with tenancy.house():
        actions.opt_out(town.contact_id, reminders_only=False)
    assert town.contact().is_opted_out_of_all
    message_id = town.sent()
    assert town.told(message_id) == ["Failed whatsapp opted_out"]
    town.writes_sms("hello")
    town.sent(letter=None, category=Category.ANSWER)
    assert list(town.went()) == [0, 1, 0]


def test_who_stops_texts_at_the_provider_gets_mail(town: Town) -> None:
    town.post("africastalking", f"senderId=KAMAU&phoneNumber=%2B{town.phone}".encode(), "optout")
    town.meta.will(refuses(131026))
    town.sent()
    assert list(town.went()) == [1, 0, 1]
    town.writes_sms("hello")  # is no leave to write first
    town.sent()
    assert list(town.went()) == [1, 0, 2]
    with tenancy.house():
        actions.opt_in(town.contact_id)
    town.sent()
    assert list(town.went()) == [1, 1, 2]


@pytest.mark.parametrize(("code", "closed"), [(406, True), (409, True), (403, True), (407, False)])
def test_what_a_provider_says_about_the_contact_closes_the_channel(
    town: Town, code: int, closed: bool
) -> None:
    town.texts.will(text_refused(code))
    town.sent(channel=Channel.SMS)
    again = town.sent(channel=Channel.SMS)
    assert len(town.texts.to(town.phone)) == (1 if closed else 2)
    assert (town.look(again).state is State.FAILED) is closed


def test_a_number_that_stopped_our_marketing_at_meta_gets_a_text(town: Town) -> None:
    town.sent()
    town.whatsapp_says("failed", code=131050)
    town.work()
    town.sent(category=Category.REMINDER)
    assert list(town.went()) == [1, 2, 0]
    town.writes_whatsapp()  # who talks with us is answered there
    town.sent(letter=None, category=Category.ANSWER)
    assert list(town.went()) == [2, 2, 0]


@pytest.mark.parametrize(
    ("word", "more"),
    [
        ("failed", {"severity": "permanent", "reason": "bounce"}),
        ("complained", {}),
        ("unsubscribed", {}),
    ],
)
def test_an_address_that_bounced_or_complained_is_not_written_to_until_it_changes(
    town: Town, word: str, more: dict[str, str]
) -> None:
    first = town.sent(channel=Channel.EMAIL)
    town.mail_says(word, **more)
    expected = State.FAILED if word == "failed" else State.DELIVERED
    assert town.look(first).state is expected
    again = town.sent(channel=Channel.EMAIL)
    assert town.look(again).state is State.FAILED
    assert list(town.went()) == [0, 0, 1]
    with tenancy.house():
        actions.keep_email(town.contact_id, f"new{town.email}")
    town.sent(channel=Channel.EMAIL)
    assert len(town.mails.to(f"new{town.email}")) == 1


def test_a_mail_address_is_looked_at_before_it_is_kept(town: Town) -> None:
    for wrong in (
        "jane",
        "jane@",
        "@example.com",
        "a b@example.com",
        "jane@example.com\nBcc: x@y.z",
    ):
        with tenancy.house(), pytest.raises(BadEmail):
            actions.keep_email(town.contact_id, wrong)
    assert town.contact().email == town.email


def test_a_letter_is_looked_at_before_it_is_queued(town: Town) -> None:
    for wrong in (Letter("S", ""), Letter("S", "B", "javascript:x"), Letter("S", "B", "ftp://x")):
        with pytest.raises(BadContent):
            town.send(letter=wrong)


def test_a_subject_can_carry_no_second_header(town: Town) -> None:
    letter = Letter("Invoice\r\nBcc: everybody@example.com", "Hello")
    town.sent(letter=letter, channel=Channel.EMAIL)
    (mail,) = town.mails.to(town.email)
    assert mail["subject"] == "Invoice Bcc: everybody@example.com"


# whose is it


def test_a_word_about_one_business_message_moves_no_other(new_town: Towns) -> None:
    one, two = new_town(), new_town()
    first, second = one.sent(), two.sent()
    one.whatsapp_says("delivered")
    assert one.look(first).state is State.DELIVERED
    assert two.look(second).state is State.ACCEPTED
    with tenancy.bound(two.business_id), pytest.raises(MessageNotFound):
        queries.message(first)


def test_a_report_whose_token_nobody_was_given_is_not_taken(town: Town) -> None:
    town.sent(channel=Channel.SMS)
    body = f"id={town.texts.ids[-1]}&status=Success".encode()
    for path in ("guessed/delivery", f"{actions.open_channel('mailgun')}/delivery"):
        assert town._at_the_door(path, body, {}) in (401, 404)


def test_a_mail_event_that_is_forged_or_played_again_is_not_believed(town: Town) -> None:
    import json
    import secrets as random

    from messaging.ladder import SIGNING_KEY
    from providers.mail.events import event, signed

    message_id = town.sent(channel=Channel.EMAIL)
    about = {"message_id": town.mails.ids[-1], "mark": town.mails.sent[-1]["v:hesabu-mark"]}
    forged = signed(
        event("failed", severity="permanent", **about), token=random.token_hex(25), key="x"
    )
    assert town.post("mailgun", forged) == 401
    token = random.token_hex(25)
    true = signed(event("accepted", **about), token=token, key=SIGNING_KEY)
    assert town.post("mailgun", true) == 200
    other = json.loads(true) | event("failed", severity="permanent", **about)
    assert town.post("mailgun", json.dumps(other).encode()) == 200
    assert town.look(message_id).state is State.SENT


def test_a_mark_of_another_channel_finds_nothing(town: Town) -> None:
    from providers.mail.events import event, signed

    message_id = town.sent()
    said = event("delivered", message_id="other@mg.example.com", mark=town.marks()[0])
    from messaging.ladder import SIGNING_KEY

    assert town.post("mailgun", signed(said, token=message_id.hex, key=SIGNING_KEY)) == 200
    assert town.look(message_id).state is State.ACCEPTED


def test_the_same_text_twice_is_one_message(town: Town) -> None:
    town.writes_sms("Nalipa kesho", "in-7" + town.phone)
    with clock.moved(seconds=5):
        town.writes_sms("Nalipa kesho", "in-7" + town.phone)
    with tenancy.house():
        (said,) = queries.unanswered(town.contact_id)
    assert (said.text, said.channel) == ("Nalipa kesho", Channel.SMS)


# what it costs


def test_what_messages_cost_is_known_exactly_by_month_and_channel(town: Town) -> None:
    town.sent(channel=Channel.SMS)
    first = town.sent(channel=Channel.SMS)
    town.sent()
    pricing = {"billable": True, "pricing_model": "PMP", "category": "utility", "type": "regular"}
    town.whatsapp_says("sent", pricing=pricing)
    today = clock.now().date()
    with tenancy.bound(town.business_id):
        found = {(one.channel, one.price_category): one for one in queries.costs(today, today)}
    texts = found[(Channel.SMS, "transaction")]
    assert (texts.message_count, texts.billable_count) == (2, 0)
    assert [(c.currency, str(c.amount)) for c in texts.costs] == [("KES", "1.6")]
    billed = found[(Channel.WHATSAPP, "utility")]
    assert (billed.message_count, billed.billable_count, billed.costs) == (1, 1, ())
    (leg,) = town.look(first).legs
    assert leg.cost is not None
    assert (leg.cost.currency, str(leg.cost.amount)) == ("KES", "0.8")


def test_costs_are_of_the_business_that_is_bound_or_of_all(new_town: Towns) -> None:
    one, two = new_town(), new_town()
    one.sent(channel=Channel.SMS)
    two.sent(channel=Channel.SMS)
    today = clock.now().date()
    with tenancy.bound(one.business_id):
        assert sum(cost.message_count for cost in queries.costs(today, today)) == 1
    with tenancy.house():
        assert sum(cost.message_count for cost in queries.costs(today, today)) >= 2


def test_a_text_that_would_cost_a_book_is_cut_and_its_link_is_not(town: Town) -> None:
    town.sent(letter=Letter("S", "word " * 2000, LETTER.link), channel=Channel.SMS)
    (words,) = town.texts.to(town.phone)
    assert words.endswith(f"...\n{LETTER.link}")
    assert len(words) <= 5 * 153


def test_a_plain_text_keeps_its_language(town: Town) -> None:
    with tenancy.house():
        actions.speak(town.contact_id, "sw")
    assert town.contact().language == "sw"
    town.writes_sms("menu")
    town.sent(content=Text("Habari – “Kamau” anakudai…"), letter=None, category=Category.ANSWER)
    assert town.texts.to(town.phone) == ['Habari - "Kamau" anakudai...']


def test_a_message_about_nobody_known_is_not_found() -> None:
    with tenancy.house(), pytest.raises(MessageNotFound):
        queries.message(UUID(int=9))


def test_buttons_that_only_whatsapp_has_still_carry_the_same_invoice(town: Town) -> None:
    town.writes_whatsapp()
    town.sent(content=Buttons("Hi", [("a", "A")]))
    (sent,) = [m for m in town.meta.sent if m.get("to") == town.phone]
    assert sent["type"] == "interactive"


def test_mail_that_cannot_be_sent_at_all_fails(town: Town) -> None:
    town.mails.will(mail_refused)
    message_id = town.sent(channel=Channel.EMAIL)
    assert town.told(message_id) == ["Failed email invalid_address"]
