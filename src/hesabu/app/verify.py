"""`hesabu verify`: every sum and every hash computed again, from the rows up.

For each business: the ledger's own proof (numbers, balance of each entry, the chain, the balances), then what rooms must agree
on with it: document numbers without gaps, receivables equal to what is owed, customers' credit and suspense equal to the
money that has no invoice or no owner, every payment in the book; and the chain over the business's facts. The house's own
facts have a chain too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")

import django


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one business."""

    business_id: UUID
    entry_count: int
    head: str
    faults: Sequence[str]
    fact_count: int = 0
    facts_head: str = ""
    """The head of the chain over the facts; keep it elsewhere, and nobody can write the log anew unseen."""


def main(*, as_json: bool = False) -> int:
    """Print the verdict; 0 when all is sound."""
    django.setup()
    findings = [*verify_all(), verify_house()]
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], default=str))
    else:
        for finding in findings:
            word = "sound" if not finding.faults else f"{len(finding.faults)} faults"
            print(
                f"{finding.business_id}  {finding.entry_count:>7} entries  {finding.head[:16]:<16}"
                f"  {finding.fact_count:>8} facts  {finding.facts_head[:16]}  {word}"
            )
            for fault in finding.faults:
                print(f"    {fault}")
        print(f"{len(findings) - 1} books, {sum(len(f.faults) for f in findings)} faults")
    _tell(findings)
    return 1 if any(f.faults for f in findings) else 0


def _tell(findings: Sequence[Finding]) -> None:
    """What does not hold, the platform's people are told of. Once it is printed, so that nothing hides it."""
    from hesabu.identity import actions as identity

    for finding in findings:
        if finding.faults:
            identity.tell_broken(finding.business_id, len(finding.faults))


def against(text: str, *, as_json: bool = False) -> int:
    """Whether the heads of a list that was mailed are still in their chains; 0 when all are."""
    django.setup()
    from hesabu.app import heads

    kept = heads.read(text)
    faults = heads.faults(kept)
    if not heads.is_ours(text):
        faults = [
            "the list was changed, or is of another installation or an older blind key",
            *faults,
        ]
    if as_json:
        print(json.dumps({"heads": len(kept), "faults": faults}))
        return 1 if faults else 0
    for fault in faults:
        print(f"    {fault}")
    print(f"{len(kept)} heads that were kept elsewhere, {len(faults)} faults")
    return 1 if faults else 0


def verify_all() -> list[Finding]:
    from hesabu.app.books import businesses

    return [verify_one(business_id) for business_id in businesses()]


def verify_one(business_id: UUID) -> Finding:
    from hesabu.invoicing import queries as invoicing
    from hesabu.ledger import queries as ledger
    from hesabu.payments import queries as payments
    from hesabu.store import seals, tenancy

    with tenancy.bound(business_id, actor=tenancy.Actor("operator")):
        verdict = ledger.verify(business_id)
        chain = seals.verify(business_id)
        faults = [*verdict.faults, *payments.disagreements(), *invoicing.disagreements()]
    return Finding(
        *(business_id, verdict.entry_count, verdict.head, [*faults, *chain.faults]),
        *(chain.fact_count, chain.head),
    )


def verify_house() -> Finding:
    """What happened to no business: people who registered, and whatever the house did."""
    from hesabu.store import seals, tenancy

    with tenancy.house(actor=tenancy.Actor("operator")):
        chain = seals.verify(tenancy.HOUSE)
    return Finding(tenancy.HOUSE, 0, "", chain.faults, chain.fact_count, chain.head)
