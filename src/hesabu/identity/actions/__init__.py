"""What can be done in identity, a verb each."""

from hesabu.identity.actions.approvals import (
    approve,
    ask_approval,
    refuse,
    set_limit,
    withdraw_approval,
)
from hesabu.identity.actions.apps import drop_app, register_app
from hesabu.identity.actions.attempts import (
    begin_attempt,
    drop_unproven_ways,
    note_attempt,
    note_password_changed,
    note_second_factor,
)
from hesabu.identity.actions.audit import note_audit_exported
from hesabu.identity.actions.bearers import let_in
from hesabu.identity.actions.business import (
    drop_logo,
    register_business,
    set_logo,
    undo_change,
    update_business,
)
from hesabu.identity.actions.closing import ask_closing, cancel_closing, close_account
from hesabu.identity.actions.entries import (
    ask_entry,
    confirm_entry,
    enter_by_link,
    enter_confirmed,
)
from hesabu.identity.actions.exports import (
    ask_own_export,
    fail_export,
    fetch_export,
    forget_exports,
    keep_export,
    note_progress,
    open_export,
)
from hesabu.identity.actions.first_proofs import (
    ask_first_proof,
    begin_use,
    end_use,
    first_proof_to_tell,
    say_not_me,
    stop_first_proof,
    take_first_pin,
    take_first_proof,
)
from hesabu.identity.actions.grants import (
    end_apps_of,
    exchange_code,
    give_back,
    grant_app,
    renew,
    revoke_app,
)
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
from hesabu.identity.actions.notices import (
    choose_notice,
    keep_notice,
    set_digest_timezone,
    spread,
    take_digest,
)
from hesabu.identity.actions.passages import ask_passage, take_passage
from hesabu.identity.actions.person import register_person, set_email
from hesabu.identity.actions.pin import check_pin, clear_pin, set_pin
from hesabu.identity.actions.platform import (
    allow_support,
    ask_consent,
    end_support,
    grant_platform,
    name_agent,
    note_look,
    note_platform_look,
    take_platform,
    tell_broken,
)
from hesabu.identity.actions.platform_members import (
    change_platform,
    invite_platform,
    let_platform_go,
    revoke_platform_invitation,
)
from hesabu.identity.actions.recovery_codes import (
    begin_recovery_codes,
    make_recovery_codes,
    spend_recovery_code,
)
from hesabu.identity.actions.refusals import note_refusal, tell_refusals
from hesabu.identity.actions.restorations import (
    agree_to_restoration,
    ask_restoration,
    finish_restoration,
    lapse_restorations,
    note_sessions_ended,
    refuse_restoration,
    stop_restoration,
)
from hesabu.identity.actions.texts import (
    ask_text,
    check_text,
    drop_text_factor,
    keep_text_factor,
)

__all__ = [
    "accept_by_number",
    "accept_invitation",
    "add_member",
    "agree_to_restoration",
    "allow_support",
    "approve",
    "ask_approval",
    "ask_closing",
    "ask_consent",
    "ask_entry",
    "ask_first_proof",
    "ask_own_export",
    "ask_passage",
    "ask_restoration",
    "ask_text",
    "begin_attempt",
    "begin_recovery_codes",
    "begin_use",
    "cancel_closing",
    "change_platform",
    "change_role",
    "check_pin",
    "check_text",
    "choose_notice",
    "clear_pin",
    "close_account",
    "confirm_entry",
    "drop_app",
    "drop_logo",
    "drop_text_factor",
    "drop_unproven_ways",
    "end_apps_of",
    "end_support",
    "end_use",
    "enter_by_link",
    "enter_confirmed",
    "exchange_code",
    "fail_export",
    "fetch_export",
    "finish_restoration",
    "first_proof_to_tell",
    "forget_exports",
    "give_back",
    "grant_app",
    "grant_platform",
    "invite",
    "invite_platform",
    "keep_export",
    "keep_notice",
    "keep_text_factor",
    "lapse_restorations",
    "leave",
    "let_in",
    "let_platform_go",
    "make_key",
    "make_recovery_codes",
    "name_agent",
    "note_attempt",
    "note_audit_exported",
    "note_look",
    "note_password_changed",
    "note_platform_look",
    "note_progress",
    "note_refusal",
    "note_second_factor",
    "note_sessions_ended",
    "offer_ownership",
    "open_export",
    "refuse",
    "refuse_restoration",
    "register_app",
    "register_business",
    "register_person",
    "remove_member",
    "renew",
    "revoke_app",
    "revoke_invitation",
    "revoke_key",
    "revoke_platform_invitation",
    "say_not_me",
    "set_digest_timezone",
    "set_email",
    "set_limit",
    "set_logo",
    "set_pin",
    "spend_recovery_code",
    "spread",
    "stop_first_proof",
    "stop_restoration",
    "take_digest",
    "take_first_pin",
    "take_first_proof",
    "take_passage",
    "take_platform",
    "tell_broken",
    "tell_refusals",
    "undo_change",
    "update_business",
    "withdraw_approval",
]
