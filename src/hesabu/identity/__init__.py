"""Identity: who is who, which business they belong to, and what they may do there.

A *person* is somebody who signs in or writes to us on their own account; a person belongs to no business and their row is
the house's. A *business* is a tenant: everything it owns hangs on its id, and its own row can be read only by a
transaction that bound it, or by one of its members. A *membership* ties a person to a business in one *role*; roles grant
*permissions*, words of the form `resource:action`, which each room declares beside its actions (`permissions.py` here has the
grammar). An action asks for its own before it does anything, whichever door it is called through.

A *PIN* (four to six digits, never 1234) is asked before anything that changes where money goes. It is hashed with argon2
over a keyed mark of itself, so a copy of the database alone does not give it away. Wrong tries are counted in the
person's row, before the PIN is looked at and in a transaction of their own, so that they count in every process, also
when the caller fails afterwards:

    tries 1–4 wrong ──▶ WrongPin (says how many are left)
    try 5 wrong     ──▶ PinLocked, one minute; each further wrong try doubles the wait, up to a day
    right           ──▶ the count starts again

*Keys* let programs in, by themselves; *apps* act for a person who agreed to it, by tokens that rotate, for so long and no
longer. Neither goes beyond what their person may today. Who leaves a business, or has a role that allows no more what they
made, leaves no app, key or open invitation behind (`actions/beyond_role.py`).

Who came in by their *number* alone, as whoever borrows a phone can, waits a day before the first proof of their own is set up,
is told everywhere, and can stop it (`actions/first_proofs.py`); so does a first PIN that the number alone set, and the link that
says it was not them takes back what was made meanwhile (`actions/undoing.py`). Who lost all second factors is let back in a day after an operator
asked, and where there are two admins, with the word of one (`actions/restorations.py`); an admin's role that an operator takes waits, too
(`actions/takings.py`).

*Invitations* bring people in: single use, for seven days, kept hashed, and bound to the address or number they were sent to.
Ownership goes over when both have said so; the last owner cannot leave.

*Four eyes* (`approvals.py`): an action asks for a second person by kind and amount; what was asked is approved by somebody
who may, never by whoever asked, and is done in the same transaction, once. Unanswered, it lapses after three days.

    asked ── approve ──▶ done
    asked ── refuse ──▶ refused
    asked ── withdraw ──▶ withdrawn

*Platform roles* (`platform.py`) open no business. The first admin is made on the command line, and invites the others by
mail. Support looks into a business by its owner's *consent*: asked for, for some hours, ended at will, reading alone in a
transaction that cannot write, each look a fact before the page is seen. An *agent* sees of those who named them that they are
there; a *partner* is an accountant whom owners may bring in as one, since the platform knows them.

*Notices* (`notices.py`): rooms declare what the platform's people may be told of, and each of them chooses when and how.

What it never does: it never speaks to the network, never learns what a contact or an invoice is, and never puts a name,
a number or an address into a fact.
"""
