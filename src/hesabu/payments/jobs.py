"""Work of payments that runs by itself, each named like the acts it calls. No transaction is open
while a provider is asked."""

from __future__ import annotations

from uuid import UUID

from hesabu.kit import clock
from hesabu.payments import actions, queries
from hesabu.payments.actions.collectors import collector
from hesabu.payments.providers.port import NoAnswer, Paid
from hesabu.store import jobs, tenancy

SWEEP_BUSINESSES = 500
SWEEP_MOST = 200


@jobs.task("payments.ask", retries=5)
def ask(business_id: str, collection_id: str) -> None:
    """Send one prepared request. Run twice, it sends once."""
    business, collection = UUID(business_id), UUID(collection_id)
    with tenancy.bound(business):
        asking = actions.begin_asking(collection)
    if asking is None:
        return
    outcome = collector(asking.provider).ask(asking.account, asking.ask)
    with tenancy.bound(business, actor=tenancy.Actor("provider")):
        actions.record_outcome(collection, outcome)


@jobs.task("payments.ask_again", retries=5)
def ask_again(business_id: str, collection_id: str) -> None:
    """Ask what became of one request, if it is its turn."""
    business, collection = UUID(business_id), UUID(collection_id)
    with tenancy.bound(business):
        question = actions.begin_asking_again(collection)
    if question is None:
        return
    provider = collector(question.provider)
    answer = provider.query(question.account, question.provider_ref, clock.now())
    if question.look_back is not None and isinstance(answer, Paid | NoAnswer):
        provider.look_back(
            question.account,
            question.look_back.merchant_request_id,
            question.look_back.result_url,
            clock.now(),
        )
    with tenancy.bound(business, actor=tenancy.Actor("provider")):
        actions.record_answer(collection, answer)


@jobs.task("payments.janitor", retries=0)
def janitor() -> None:
    """Find every request whose turn it is, and give each a job of its own."""
    with tenancy.house():
        business_ids = queries.collecting_business_ids()
    for start in range(0, len(business_ids), SWEEP_BUSINESSES):
        with tenancy.bound(*business_ids[start : start + SWEEP_BUSINESSES]):
            for business_id, collection_id in queries.due_collections(clock.now(), SWEEP_MOST):
                jobs.defer(
                    "payments.ask_again",
                    key=f"payments.ask_again:{collection_id}",
                    business_id=business_id,
                    collection_id=collection_id,
                )


jobs.every("payments.janitor", cron="* * * * * */15")
