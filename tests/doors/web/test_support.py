"""Support looks only where an owner let them, only for as long, only reads, and every look is on record."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from doors.web.test_people import at, joined
from hesabu.kit import clock, ids

pytestmark = pytest.mark.usefixtures("database")


def of_support(business_id: UUID) -> tuple[Client, UUID]:
    from hesabu.identity import actions
    from hesabu.identity.types import PlatformRole

    browser, person_id, _ = joined(business_id, "")
    actions.grant_platform(person_id, PlatformRole.SUPPORT)
    return browser, person_id


def looks(business_id: UUID) -> int:
    return len(records(business_id, "identity.SupportLooked"))


def records(business_id: UUID, kind: str) -> list[Any]:
    from hesabu.store import tenancy
    from hesabu.store.models import FactRow

    with tenancy.bound(business_id):
        return list(FactRow.objects.filter(business_id=business_id, kind=kind).order_by("id"))


def asks(browser: Client, business_id: UUID) -> None:
    said = {"business": ids.short(business_id), "reason": "An invoice that does not arrive"}
    assert browser.post("/support", said).status_code == 302


def consent_of(business_id: UUID) -> str:
    from hesabu.identity import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return ids.short(queries.consents()[0].id)


def test_support_sees_nothing_before_the_owner_agrees(business_id: UUID) -> None:
    browser, _ = of_support(business_id)
    assert browser.get(at(business_id)).status_code == 404
    asks(browser, business_id)
    assert browser.get(at(business_id)).status_code == 404
    assert looks(business_id) == 0


def test_with_consent_support_reads_visibly_and_on_record_until_it_is_ended(
    business_id: UUID,
) -> None:
    owner, _, _ = joined(business_id, "owner")
    browser, person_id = of_support(business_id)
    asks(browser, business_id)
    page = owner.get(at(business_id, "/support")).content.decode()
    assert "An invoice that does not arrive" in page
    consent = consent_of(business_id)
    owner.post(at(business_id, f"/support/{consent}/allow"), {"hours": "24"})
    assert "Support may look" in owner.get(at(business_id)).content.decode()
    assert browser.get(at(business_id, "/people")).status_code == 200
    [look] = records(business_id, "identity.SupportLooked")
    assert (look.actor_kind, look.actor_id, look.payload["page"]) == (
        "support",
        person_id,
        "people",
    )
    owner.post(at(business_id, f"/support/{consent}/end"))
    assert browser.get(at(business_id, "/people")).status_code == 404
    assert looks(business_id) == 1
    assert "Support may look" not in owner.get(at(business_id)).content.decode()


def test_support_is_shown_no_link_by_which_it_could_act_as_a_customer(shop: Any) -> None:
    invoice = shop.invoiced("75000")
    shop.paid(invoice.id, "500")
    owner, _, _ = joined(shop.id, "owner")
    browser, _ = of_support(shop.id)
    asks(browser, shop.id)
    owner.post(at(shop.id, f"/support/{consent_of(shop.id)}/allow"), {"hours": "24"})
    assert invoice.pay_url in owner.get(at(shop.id)).content.decode()
    page = browser.get(at(shop.id)).content.decode()
    assert str(invoice.number) in page
    assert invoice.pay_url not in page
    assert "/p/" not in page


def test_consent_ends_by_itself(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    browser, person_id = of_support(business_id)
    asks(browser, business_id)
    owner.post(at(business_id, f"/support/{consent_of(business_id)}/allow"), {"hours": "1"})
    from hesabu.identity import actions
    from hesabu.identity.errors import ConsentNotFound

    actions.note_look(business_id, person_id, "people")
    with clock.moved(seconds=3601), pytest.raises(ConsentNotFound):
        actions.note_look(business_id, person_id, "people")


def test_support_changes_nothing(business_id: UUID) -> None:
    from hesabu.identity import queries
    from hesabu.store import tenancy

    owner, _, _ = joined(business_id, "owner")
    browser, person_id = of_support(business_id)
    asks(browser, business_id)
    consent = consent_of(business_id)
    assert browser.post(at(business_id, f"/support/{consent}/allow")).status_code == 404
    owner.post(at(business_id, f"/support/{consent}/allow"), {"hours": "24"})
    for rest, given in (
        ("/people/invite", {"role": "manager", "way": "code"}),
        (f"/people/{ids.short(person_id)}/role", {"role": "owner"}),
        ("/people/leave", {}),
        (f"/support/{consent}/allow", {"hours": "72"}),
    ):
        assert browser.post(at(business_id, rest), given).status_code == 403, rest
    with tenancy.bound(business_id):
        assert person_id not in [one.person_id for one in queries.members(business_id)]


def test_even_an_action_that_anybody_may_call_writes_nothing_while_support_looks(
    business_id: UUID,
) -> None:
    from django.db import InternalError, connection

    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy

    actor = tenancy.Actor("support", ids.new_id())
    with tenancy.bound(business_id, actor=actor):
        tenancy.only_read()
        with pytest.raises(InternalError):
            messaging.meet(phone=f"+2547{ids.new_id().int % 10**8:08}")
        connection.set_rollback(True)


def test_only_an_owner_lets_support_look(business_id: UUID) -> None:
    manager, _, _ = joined(business_id, "manager")
    browser, _ = of_support(business_id)
    asks(browser, business_id)
    consent = consent_of(business_id)
    assert manager.post(at(business_id, f"/support/{consent}/allow")).status_code == 403
    assert browser.get(at(business_id)).status_code == 404


def test_who_is_of_support_no_more_looks_no_more(business_id: UUID) -> None:
    from hesabu.identity import actions
    from hesabu.identity.types import PlatformRole

    owner, _, _ = joined(business_id, "owner")
    browser, person_id = of_support(business_id)
    asks(browser, business_id)
    owner.post(at(business_id, f"/support/{consent_of(business_id)}/allow"), {"hours": "24"})
    assert browser.get(at(business_id)).status_code == 200
    actions.take_platform(person_id, PlatformRole.SUPPORT)
    assert browser.get(at(business_id)).status_code == 404
    assert browser.get("/support").status_code == 404


def test_the_page_of_support_is_not_there_for_others(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    assert owner.get("/support").status_code == 404
    assert owner.post("/support", {"business": ids.short(business_id)}).status_code == 404


def test_nobody_gives_themselves_a_role_on_the_platform(business_id: UUID) -> None:
    from hesabu.identity import actions
    from hesabu.identity.errors import NotAllowed
    from hesabu.identity.types import PlatformRole
    from hesabu.store import tenancy

    _, owner_id, _ = joined(business_id, "owner")
    with (
        tenancy.house(actor=tenancy.Actor("person", owner_id)),
        pytest.raises(NotAllowed),
    ):
        actions.grant_platform(owner_id, PlatformRole.ADMIN)


def pages_of_a_business() -> list[str]:
    """Every page of a business that stands by itself."""
    import importlib
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[2] / "house"))
    leaves = importlib.import_module("leaves")
    found = {address for address, _ in leaves.views()}
    return sorted(one for one in found if one.count("<") == 1 and "business>" in one)


def test_while_support_may_look_every_page_of_the_business_says_so_to_everybody(
    business_id: UUID,
) -> None:
    """What is no page (a file, a picture, an answer to a press) is passed over; what is one has the rail and the banner."""
    owner, _, _ = joined(business_id, "owner")
    viewer, _, _ = joined(business_id, "viewer")
    browser, _ = of_support(business_id)
    asks(browser, business_id)
    owner.post(at(business_id, f"/support/{consent_of(business_id)}/allow"), {"hours": "24"})
    seen: dict[str, int] = {"owner": 0, "viewer": 0, "support": 0}
    for address in pages_of_a_business():
        page = re.sub(r"<(str:)?business>", ids.short(business_id), address)
        for who, somebody in (("owner", owner), ("viewer", viewer), ("support", browser)):
            answer = somebody.get(page)
            kind = answer.headers.get("Content-Type", "")
            if answer.status_code != 200 or not kind.startswith("text/html"):
                continue
            text = answer.content.decode()
            if '<main id="main">' in text:
                assert "Support may look into this business until" in text, (who, page)
                seen[who] += 1
    assert seen["owner"] >= 6, seen
    assert seen["viewer"] >= 3, seen
    assert seen["support"] >= 3, seen
