"""Identity: who is who, which business they belong to, and what they may do there.

A *person* is somebody who signs in or writes to us on their own account; a person belongs to no business and their row is
the house's. A *business* is a tenant: everything it owns hangs on its id, and its own row can be read only by a
transaction that bound it, or by one of its members. A *membership* ties a person to a business in one *role*; roles grant
*permissions*, words of the form `resource:action`, all listed in `types.Permission`. A door asks `queries.require(...)`
before it calls an action; an action itself trusts its door.

A *PIN* (four to six digits, never 1234) is asked before anything that changes where money goes. It is hashed with argon2
over a keyed mark of itself, so a copy of the database alone does not give it away. Wrong tries are counted in the
person's row, before the PIN is looked at and in a transaction of their own, so that they count in every process, also
when the caller fails afterwards:

    tries 1–4 wrong ──▶ WrongPin (says how many are left)
    try 5 wrong     ──▶ PinLocked, one minute; each further wrong try doubles the wait, up to a day
    right           ──▶ the count starts again

What it never does: it never speaks to the network, never learns what a contact or an invoice is, and never puts a name,
a number or an address into a fact.
"""
