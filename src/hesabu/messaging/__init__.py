"""Messaging: talking to people where they are: WhatsApp, else SMS, else e-mail.

A *contact* is somebody at the other end. A contact is no telephone number: since people may hide theirs, a contact has a
number, or the id that WhatsApp gave them for us (a BSUID), or both, and one seen first by one and then by both is one
contact. Contacts belong to the house, because one person talks to many businesses through one number.

A *message* belongs to the business it was sent for, or to the house (all that comes in does: whose business it is, only
the conversation knows). `send` writes the row and a job in the caller's transaction, once per business and `cause`; the
job asks the provider with no transaction open and records what came of it:

    queued ── take ──▶ sending                                              the job has it in hand
    sending, uncertain ── accept ──▶ accepted                               the provider took it
    sending, uncertain ── put_back ──▶ queued                               it surely did not; it will be asked again
    sending ── lose ──▶ uncertain                                           the answer was lost on its way
    sending, uncertain, accepted, sent ── try_again ──▶ queued              told later that it failed in a way that passes
    queued, sending, uncertain, accepted, sent ── move_on ──▶ queued        by the next channel: this one failed it

    queued, sending, uncertain, accepted ── pass_on ──▶ sent                what statuses say, in any order
    queued, sending, uncertain, accepted, sent ── fail ──▶ failed
    queued, sending, uncertain, accepted, sent, failed ── deliver ──▶ delivered
    queued, sending, uncertain, accepted, sent, failed, delivered ── see ──▶ seen
    queued, sending, uncertain, accepted, sent, failed, delivered, seen ── play ──▶ played

    received ── answer ──▶ answered                                         what came in

*Statuses* come in any order, doubled, or before the answer to the request itself: they only ever move a message
further down, and the end is the same in whichever order they came. `failed` stands between sent and delivered: what was
delivered has not failed.

*Never twice.* No provider has an idempotency key. So a message goes out again only where the provider surely did not take
it (the connection was never made, or it answered an error that says so, or it told us later that it failed). A request
whose answer was lost leaves the message `uncertain`; our own id travels with it, so the status that comes tells what
became of it, and where none comes within a minute a person is told (MessageFailed, code "uncertain"). A worker that dies
in the middle leaves `sending`, which after a bound becomes uncertain too.

*The ladder.* A message that comes with a *letter* (the same words for channels without templates and buttons) climbs:

    WhatsApp ─────────▶ SMS ─────────▶ e-mail ─────────▶ MessageFailed
       a channel refuses for good, the contact has no address there or closed it, the house does not have it, or nothing
       says that the message arrived within the channel's set time: that it was "sent" is silence

It begins on the first rung on which it may arrive (who is known to have no WhatsApp is texted at once, for a month) and
comes to each rung once at most. A rung that is left becomes a *leg*, and MessageRerouted tells it; MessageFailed is told
behind the last rung only. Statuses of a leg still count: where one proves that the message arrived there after all, message
and leg change places, and what has not left by then never leaves. Answers have no letter, go where the contact wrote last,
and stay there; so does what is sent by a given channel. Nothing is called delivered that a provider did not call so: by a
plain mail server, "sent" is the most that is ever known.

*What people want.* Each message has a category. Who asked for no reminders gets no reminders and no news on any channel, and
invoices and receipts still; who asked for nothing gets answers only. What a provider says about the contact, and not about
the message (blocked, no such number, bounced, complained), closes that one channel for them until they write there, change
the address, or ask for it again.

*Statuses without a mark.* Africa's Talking carries no mark of ours back, so a delivery report may come before the answer
that names its id. It is kept as an *early word* and heard when the answer is recorded; both sides take the same lock on the
id, so neither can miss the other.

*The window.* By WhatsApp, free messages reach a contact only within 24 hours of their last word to us there. Outside of it the message's
`outside_window` template goes in its place; without one it fails with "window_closed". A template that the provider does
not send in the contact's language (not approved there, paused, refused) goes in English before the channel is given up, and
those who run the house are told once which one to have approved.

A *picture* that somebody sends about something of a business is taken for it (`take_picture`), fetched by a job with no
transaction open, drawn anew from its points, and kept sealed among the business's files; what cannot be shown is said. It is
forgotten with the words of whoever sent it.

*Letters* from the provider are parsed by pure functions. One bad message in a good batch is kept as a refusal with its
reason and the others go on. Provider ids contain telephone numbers (they are base64 of them), so they are found by blind
index and kept sealed.

What it never does: it never knows what an invoice is, never decides what a message means (doors/chat does), never puts
words, names or numbers into a fact, a job or a log.

Sources: the Cloud API reference (messages, media, webhooks, error codes) and its 2026 pages on user ids; 360dialog's, Africa's
Talking's and Mailgun's API references; RFC 5321; 3GPP TS 23.038 (the letters of a text message).
"""
