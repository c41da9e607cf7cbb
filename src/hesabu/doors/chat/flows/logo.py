"""The logo, by chat: a picture with the word for it. Asked for as all is that stands on papers, with the PIN."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from hesabu.doors.chat import stepping
from hesabu.doors.chat.desk import Desk, desk_of
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.flows.proving import prove_it_is_you
from hesabu.doors.chat.speech import Chat, Plain, Refusal, Saying, Steps
from hesabu.doors.chat.telling import tell_person
from hesabu.doors.chat.words import pictures as said
from hesabu.doors.chat.words import stepping as steps
from hesabu.identity import actions as identity
from hesabu.identity import permissions
from hesabu.identity import queries as people
from hesabu.identity.permissions import BUSINESS_UPDATE
from hesabu.identity.types import LOGO_BYTES_MAX
from hesabu.kit.pictures import BadPicture
from hesabu.kit.scanning import Harmful
from hesabu.messaging import actions as messaging
from hesabu.messaging.errors import MediaTooLarge, MediaUnavailable
from hesabu.store import jobs, tenancy


@flow("set_logo", version=1)
def set_logo(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, and the message that brought the picture. It is fetched later."""
    desk = desk_of(given)
    proved = yield from prove_it_is_you(chat, desk, steps.ask_pin())
    if not proved:
        return
    try:
        yield chat.act("fetch", partial(_begun, desk, UUID(given["message"]), proved))
    except Refusal as refusal:
        yield chat.say(refusal.said)
        return
    yield chat.say(said.logo_comes())


def _begun(desk: Desk, message_id: UUID, proved: str) -> bool:
    def begin() -> None:
        jobs.defer(
            "chat.set_logo",
            business_id=desk.business_id,
            person_id=desk.person_id,
            message_id=message_id,
        )

    with stepping.proved(proved):
        desk.may(BUSINESS_UPDATE, begin)
    return True


def fetch_logo(business_id: UUID, person_id: UUID, message_id: UUID) -> None:
    """Outside of any transaction; again: the same picture is shown. Whether they still may is asked once more."""
    actor = tenancy.Actor("person", person_id)
    try:
        content = messaging.fetch_media(message_id, bytes_max=LOGO_BYTES_MAX).content
        with tenancy.bound(business_id, actor=actor):
            permissions.require(BUSINESS_UPDATE)
            identity.set_logo(business_id, content)
            name = people.business(business_id).name
            tell_person(
                person_id, lambda: Saying(said.logo_is_kept(name)), f"told:logo:{message_id}"
            )
    except (BadPicture, Harmful, MediaTooLarge, MediaUnavailable):
        with tenancy.bound(business_id, actor=actor):
            tell_person(person_id, lambda: Saying(said.logo_is_bad()), f"told:logo:{message_id}")
