"""Work of payments that runs by itself, each named like the acts it calls. No transaction is open
while a provider is asked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hesabu.kit import clock
from hesabu.payments import actions, queries
from hesabu.payments.actions.collectors import collector
from hesabu.payments.providers.port import NoAnswer, Paid
from hesabu.store import jobs, tenancy

SWEEP_BUSINESSES = 500
SWEEP_MOST = 200
PAGES_APART_SECONDS = 2


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


@jobs.task("payments.list", retries=5)
def read_list(business_id: str, account_id: str) -> None:
    """Read a page of the provider's list of what came, if it is its turn; the next one a little later."""
    business, account = UUID(business_id), UUID(account_id)
    read = actions.read_list(business, account)
    if not read.is_done:
        with tenancy.bound(business):
            defer_list(business, account, PAGES_APART_SECONDS)


@jobs.task("payments.lists", retries=0)
def read_lists() -> None:
    """Find every list whose turn it is, and give each a job of its own; a number that two businesses collect by is left out."""
    with tenancy.house():
        business_ids = queries.collecting_business_ids()
    shared = queries.shared_numbers()
    for start in range(0, len(business_ids), SWEEP_BUSINESSES):
        with tenancy.bound(*business_ids[start : start + SWEEP_BUSINESSES]):
            for business_id, account_id, number in queries.due_lists(clock.now(), SWEEP_MOST):
                if number not in shared:
                    defer_list(business_id, account_id)


def defer_list(business_id: UUID, account_id: UUID, wait_seconds: int = 0) -> None:
    jobs.defer(
        "payments.list",
        run_at=clock.now() + timedelta(seconds=wait_seconds) if wait_seconds else None,
        key=f"payments.list:{account_id}",
        business_id=business_id,
        account_id=account_id,
    )


@jobs.task("payments.look_up", retries=5)
def look_up(business_id: str, account_id: str, receipt: str) -> None:
    """Ask the provider's books for money that was told of and answers nothing; what they say comes as a letter."""
    actions.look_up(UUID(business_id), UUID(account_id), receipt)


jobs.every("payments.janitor", cron="* * * * * */15")
jobs.every("payments.lists", cron="*/10 * * * *")
