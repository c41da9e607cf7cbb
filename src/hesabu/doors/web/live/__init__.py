"""Pages that change while somebody looks: the process beside the web process that tells a page that something happened.

    browser ── GET /live/b/<business> ──▶ serving ──▶ the site's own middleware and views: who is it, may they?
       ▲                                     │ yes: a watch
       │  event: changed                     ▼
       │  data: {"kind":"invoice","id":…}  board ◀── every 0.3 s, one question for all: store.lately.facts_since
       └── fetches the page again            └────▶ every 15 s, and when a fact says so: leave.why_over(watch)

Its words
    watch     what one stream follows, and by whose leave: a business by somebody signed in, or one invoice by its link
    sign      what a page is told: a kind and an id. Never a figure, a name or a number: whoever is told asks for the page
              by its ordinary address, where the ordinary leave is asked
    board     all open streams of this process, and what each has yet to be told
    behind    the sign that more happened than is listed: look at everything again

A stream is opened by an ordinary address of the site (`views`), which passes through every middleware there is: the outer
door, the session and its limits, the second factor. In the web process the same address says that nothing streams there (204), so that
a proxy that does not know the live process does no harm. While it is open, whether its leave still stands is asked again
(`leave`), of the database; a fact that could end it (a password changed, a role taken) has it asked at once.

What happened is read from the facts a few times a second for all streams together, and not announced by PostgreSQL's NOTIFY:
that holds a lock of the whole database during each commit that says something, so the settling of payments would pay for
pages that nobody may be looking at. It would also need a session of its own, which a pooling proxy does not give.

What it never does
    It writes nothing, moves no session's time and sets no cookie: to be told something is not to do something.
    It keeps nothing that it could not lose: whoever comes back says the last sign they saw (Last-Event-ID, or `after`), and
    hears the rest, perhaps something twice; or that they are behind.
    It grows with nobody's wish: streams for each session, for each address and in all, signs that wait for each, and the time a
    slow reader has, are bounded.
"""
