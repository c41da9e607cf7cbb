"""The web door: pages for people who look at a screen.

    /                      what this is, for whoever finds it
    /p/<token>             the page where an invoice is paid, without signing in
        /state             what changed since (htmx asks; silence while nothing did)
        /pay   /paid       the two things a payer does: ask for the prompt, say that they paid
        /invoice.pdf       the paper
    /live/…                open pages are told that something happened; served by a process of its own (`live`)
    /healthz  /readyz      is the process up, may it be given work
    /metrics               figures for Prometheus, for this machine or the holder of a token

Its words
    page      a dataclass that says all that a template shows; made by a pure function, so every state can be looked at
    panel     the part of the pay page that changes by itself: ask, wait, doubt, paid, closed
    pace      how often one visitor may do one thing

Views are thin: follow the link, bind its business, ask the rooms, make the page, render. A link is the whole authority of
its holder, so the pay pages set no cookies, read no session, send no referrer and are not stored on the way. They say a
payer's number back only masked: whoever holds the link may not be the customer.

Every page works without JavaScript; htmx and one small module make it quieter. The content policy allows no inline script
or style, so there is none. Components in `templates/cotton` wrap the style sheet's classes; pages are composed from them.

What it never does
    It writes no row and decides no state: an action does. It imports no room by any other door than the front one.
    It never shows an error's inside: a refusal shows its title and its hint, a fault shows a way on.
"""
