"""Why a message did not arrive, for those who run the house: what a code means, and what to do."""

from __future__ import annotations

from hesabu.messaging.types import Channel

REASONS: dict[str, tuple[str, str]] = {
    # about the contact
    "opted_out": ("The contact asked for no such messages, or closed this channel.", "Nothing: it is their choice."),
    "complained": ("The contact marked a mail of ours as unwanted.", "Nothing more goes there. Ask them by another way."),
    "undeliverable": ("The number has no WhatsApp, or the network could not bring it.", "Check the number."),
    "invalid_number": ("There is no such number.", "Correct the customer's number."),
    "number_unsupported": ("The number takes no text messages (a landline).", "Ask for a mobile number."),
    "invalid_address": ("There is no such mail address.", "Correct the customer's address."),
    "bounced": ("The mail server of the contact does not know the address, or refused it for good.", "Correct the address; a new one is tried at once."),
    "no_address": ("The contact has no number or mail address for this channel.", "Add one."),
    "inactive": ("The contact's line is suspended or has been silent for long.", "Ask them by another way."),
    "absent": ("The phone was off or out of reach until the network gave up.", "Send again later."),
    "expired": ("It could not be brought in the time the provider allows.", "Send again later."),
    "do_not_disturb": ("The contact's network blocks such messages for them.", "They can lift it at their network."),
    "number_needed": ("WhatsApp wants a number for this kind of message, and only hides one.", "Ask the contact for their number."),
    "sent_to_self": ("The clerk would have written to itself.", "Correct the customer's number."),
    # about the conversation
    "window_closed": ("The contact has not written for a day, and there was no template to send.", "Approve the template at Meta."),
    "suppressed": ("Meta held it back: too many such messages to this person lately.", "Send again another day."),
    "pair_rate_limited": ("Too many messages to this contact at once.", "It is sent again by itself."),
    "silent": ("Nothing was heard for the set time.", "It went by the next channel."),
    "not_needed": ("Another channel had brought it before this one was needed.", "Nothing."),
    "uncertain": ("The provider's answer was lost, and no word came since.", "Ask the contact; look into the provider's own log."),
    # about the message
    "file_missing": ("A file that belongs to it is gone.", "Make the document again."),
    "media_gone": ("The provider no longer holds the file, and did not take it again.", "Send again."),
    "too_large": ("It is too large for the provider.", "Send the link alone."),
    "no_words": ("It has no words that this channel can carry (a template's stand at Meta).", "A message of this kind needs a letter."),
    "rejected": ("The provider does not take it as it is.", "The provider's log says what it dislikes."),
    "template_wrong": ("The template at Meta has other places than ours.", "Compare it with docs; submit it again."),
    "template_missing": ("Meta knows no such template in this language.", "Create it, and wait until it is approved."),
    "template_paused": ("Meta paused the template because of complaints.", "Look at its quality there."),
    # about our account
    "no_channel": ("This house has no such channel.", "Set its provider up."),
    "token_invalid": ("The provider does not know our key.", "Put a valid key into the settings."),
    "not_permitted": ("Our key may not do this.", "Give it the right, at the provider."),
    "account_blocked": ("The provider blocked our account.", "Write to the provider."),
    "account_unpaid": ("The provider wants to be paid.", "Top up, or correct the payment method."),
    "number_not_registered": ("Our number is not registered for the API.", "Register it at the provider."),
    "display_name_missing": ("Our number's display name is not approved.", "Have it approved at Meta."),
    "sender_unknown": ("The sender id is not registered.", "Register it, or empty HESABU_AFRICASTALKING_SENDER."),
    "risk_hold": ("The provider holds our messages back until it has looked at us.", "Write to the provider."),
    "restricted": ("The provider restricted how many we may send.", "Look at the account's quality there."),
    "country_restricted": ("We may not write to that country.", "Look at the account's countries."),
    "not_in_test_list": ("A test number writes to numbers on its list only.", "Add the number at Meta, or go live."),
    "rate_limited": ("Too many messages at once.", "It is sent again by itself."),
    # about the provider
    "unreachable": ("The provider could not be reached.", "It is sent again by itself; look at the network."),
    "busy": ("The provider was busy.", "It is sent again by itself."),
    "provider_error": ("Something broke at the provider.", "It is sent again by itself."),
}  # fmt: skip
"""Code → what it means, what to do. Codes with a number (http_418, whatsapp_1, africastalking_1) are the provider's own."""

ABOUT_US = frozenset(
    {"token_invalid", "not_permitted", "account_blocked", "account_unpaid", "number_not_registered",
     "display_name_missing", "sender_unknown", "risk_hold", "restricted", "template_wrong", "template_missing",
     "template_paused", "no_channel"}
)  # fmt: skip
"""What a person of the house can mend, and nobody else."""


def reason_of(code: str, channel: Channel) -> tuple[str, str]:
    """What a code means, and what to do about it."""
    found = REASONS.get(code)
    if found is not None:
        return found
    return (
        f"The provider of {channel} refused it with a code of its own.",
        "Look the code up there.",
    )
