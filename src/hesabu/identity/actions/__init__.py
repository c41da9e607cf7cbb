"""What can be done in identity, a verb each."""

from hesabu.identity.actions.approvals import (
    approve,
    ask_approval,
    refuse,
    set_limit,
    withdraw_approval,
)
from hesabu.identity.actions.attempts import (
    begin_attempt,
    note_attempt,
    note_password_changed,
    note_second_factor,
)
from hesabu.identity.actions.bearers import let_in
from hesabu.identity.actions.business import register_business, update_business
from hesabu.identity.actions.entries import (
    ask_entry,
    confirm_entry,
    enter_by_link,
    enter_confirmed,
)
from hesabu.identity.actions.grants import exchange, grant_app, revoke_app
from hesabu.identity.actions.invitations import (
    accept_by_number,
    accept_invitation,
    invite,
    revoke_invitation,
)
from hesabu.identity.actions.keys import make_key, revoke_key
from hesabu.identity.actions.member import (
    add_member,
    change_role,
    leave,
    offer_ownership,
    remove_member,
)
from hesabu.identity.actions.person import register_person, set_email
from hesabu.identity.actions.pin import check_pin, clear_pin, set_pin
from hesabu.identity.actions.platform import (
    allow_support,
    ask_consent,
    end_support,
    grant_platform,
    note_look,
    take_platform,
)

__all__ = [
    "accept_by_number",
    "accept_invitation",
    "add_member",
    "allow_support",
    "approve",
    "ask_approval",
    "ask_consent",
    "ask_entry",
    "begin_attempt",
    "change_role",
    "check_pin",
    "clear_pin",
    "confirm_entry",
    "end_support",
    "enter_by_link",
    "enter_confirmed",
    "exchange",
    "grant_app",
    "grant_platform",
    "invite",
    "leave",
    "let_in",
    "make_key",
    "note_attempt",
    "note_look",
    "note_password_changed",
    "note_second_factor",
    "offer_ownership",
    "refuse",
    "register_business",
    "register_person",
    "remove_member",
    "revoke_app",
    "revoke_invitation",
    "revoke_key",
    "set_email",
    "set_limit",
    "set_pin",
    "take_platform",
    "update_business",
    "withdraw_approval",
]
