"""The demo business."""

from __future__ import annotations


def test_the_demo_is_made_once_however_often_it_is_seeded(database: str) -> None:
    from hesabu.app import demo
    from hesabu.identity import queries as identity
    from hesabu.messaging import queries as messages
    from hesabu.payments import queries as payments
    from hesabu.store import tenancy

    demo.seed()
    assert demo.seed() == "Kamau Designs is there: Wanjiku Kamau, +254722000111"
    with tenancy.house():
        contact = messages.contact_by_phone(demo.OWNER_PHONE)
    assert contact is not None
    assert contact.person_id is not None
    (membership,) = identity.memberships_of(contact.person_id)
    with tenancy.bound(membership.business_id):
        ways = payments.ways_to_pay()
    assert [(way.kind, way.number) for way in ways] == [("stk", ""), ("paybill", "174379")]
