"""Signing in, and what belongs to somebody rather than to a business: address, password, second factors, sessions.

The library (django-allauth) keeps the flows; here is what stands between it and the rooms, and how its pages look.

    adapter      a person is registered by identity's action; addresses and secrets are sealed; mail goes by messaging
    forms        what is asked besides
    stages       the steps between the first one and being in, which end when the account changed meanwhile
    passwords    what makes a password too easy
    templates    `allauth/layouts` and `allauth/elements` in this house's components; single pages where they deserve it
"""
