"""Files that travel with messages."""

from __future__ import annotations

from uuid import UUID

from hesabu.kit import clock, ids
from hesabu.messaging.types import (
    Document,
    State,
    Template,
)
from hesabu.store import files, tenancy
from messaging.counterpart import (
    Talk,
    refuses,
)


def _file(talk: Talk) -> UUID:
    with tenancy.bound(talk.business_id):
        return files.keep(b"%PDF-1.7 an invoice", "application/pdf", "INV-0001.pdf")


def test_a_document_is_uploaded_once_and_sent_by_its_id(talk: Talk) -> None:
    file_id = _file(talk)
    for _ in range(2):
        talk.deliver(talk.say(Document(file_id, "INV-0001.pdf", "Yours")))
    [uploaded] = talk.meta.uploaded
    assert b"%PDF-1.7 an invoice" in uploaded
    assert [sent["document"]["id"] for sent in talk.meta.sent] == ["media1", "media1"]


def test_an_expired_upload_is_made_again(talk: Talk) -> None:
    file_id = _file(talk)
    talk.deliver(talk.say(Document(file_id, "INV-0001.pdf")))
    message_id = talk.say(Template("invoice_ready", "en", header_document=file_id))
    with clock.moved(days=26):
        talk.deliver(message_id)
    assert len(talk.meta.uploaded) == 2
    header = talk.meta.sent[1]["template"]["components"][0]["parameters"][0]
    assert header["document"]["id"] == "media2"


def test_an_upload_the_provider_forgot_is_made_again(talk: Talk) -> None:
    file_id = _file(talk)
    talk.deliver(talk.say(Document(file_id, "INV-0001.pdf")))
    talk.meta.will(refuses(131053))
    message_id = talk.say(Document(file_id, "INV-0001.pdf"))
    assert talk.deliver(message_id).state is State.QUEUED
    assert talk.deliver(message_id).state is State.ACCEPTED
    assert [sent["document"]["id"] for sent in talk.meta.sent] == ["media1", "media1", "media2"]


def test_a_fresh_upload_that_is_refused_is_final(talk: Talk) -> None:
    talk.meta.will(refuses(131053))
    found = talk.deliver(talk.say(Document(_file(talk), "INV-0001.pdf")))
    assert (found.state, found.error_code) == (State.FAILED, "media_gone")


def test_a_file_that_is_not_there_fails_the_message(talk: Talk) -> None:
    found = talk.deliver(talk.say(Document(ids.new_id(), "INV-0001.pdf")))
    assert (found.state, found.error_code) == (State.FAILED, "file_missing")
