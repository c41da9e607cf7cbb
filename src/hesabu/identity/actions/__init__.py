"""What can be done in identity, a verb each."""

from hesabu.identity.actions.bearers import let_in
from hesabu.identity.actions.business import register_business, update_business
from hesabu.identity.actions.grants import exchange, grant_app, revoke_app
from hesabu.identity.actions.keys import make_key, revoke_key
from hesabu.identity.actions.member import add_member, change_role, remove_member
from hesabu.identity.actions.person import register_person, set_email
from hesabu.identity.actions.pin import check_pin, clear_pin, set_pin

__all__ = [
    "add_member",
    "change_role",
    "check_pin",
    "clear_pin",
    "exchange",
    "grant_app",
    "let_in",
    "make_key",
    "register_business",
    "register_person",
    "remove_member",
    "revoke_app",
    "revoke_key",
    "set_email",
    "set_pin",
    "update_business",
]
