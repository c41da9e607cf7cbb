"""What happened inside, drawn from the message down to the entries in the ledger."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from hesabu.sandbox.inside import Found, NotShown
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.panels import panel
from hesabu.sandbox.page.words import clock_time
from hesabu.sandbox.world import World

FACTS_MAX = 40
DEPTH_MAX = 3
PROVIDERS = {"whatsapp": "WhatsApp", "mpesa": "M-PESA", "daraja": "M-PESA"}
DONE = ("done", "succeeded", "settled", "read", "processed")
WRONG = ("failed", "set_aside", "aborted", "refused")


async def inside(world: World, message_id: str = "") -> Html:
    """Of one message, or of the last thing somebody did."""
    return panel(
        "What happened inside",
        _whence(message_id),
        el("div", await _flow(world, message_id), cls="flow", data_live="inside"),
        is_open=True,
    )


def _whence(message_id: str) -> Html:
    if message_id:
        return el(
            "p",
            "What one message set off. ",
            el("a", "Show the latest", href="/#inside", data_inside=""),
            cls="note",
        )
    return el("p", "What the last act on these phones set off, live.", cls="note")


async def _flow(world: World, message_id: str) -> Child:
    try:
        if message_id:
            found = await world.inside.of_message(message_id)
        else:
            found = await world.inside.since_last_act()
    except NotShown as error:
        return _nothing(str(error)) if world.inside.is_open else _lesson()
    if not any(found[part] for part in ("letters", "facts", "jobs", "entries")):
        return el("p", "Nothing yet. Say something, and watch.", cls="empty")
    return drawn(found)


def _nothing(why: str) -> Html:
    return el("p", f"Nothing can be seen: {why}.", cls="empty")


def _lesson() -> Html:
    """No product is connected: say what would be here."""
    steps = (
        ("letter", "A letter", "The webhook is checked, filed and answered; it is read later."),
        ("fact", "Facts", "What became true, in the past tense, each with its cause."),
        ("job", "Jobs", "What is done about it afterwards: messages, documents, reports."),
        ("entry", "Entries", "Money in double entry: what is owed, what came in."),
    )
    return el(
        "div",
        el(
            "ol",
            [
                el("li", el("b", name), el("span", words, cls="note"), cls=f"node {kind}")
                for kind, name, words in steps
            ],
            cls="steps",
        ),
        el(
            "p",
            "Start the box together with the product (",
            el("code", "make up"),
            ") and what a message sets off is drawn here.",
            cls="note",
        ),
    )


def drawn(found: Found) -> Html:
    """Letters, then the facts as a tree by cause with the jobs they gave rise to, then the books."""
    facts = found["facts"][-FACTS_MAX:]
    known = {fact["id"] for fact in facts}
    jobs_of: dict[str, list[dict[str, Any]]] = {}
    for job in found["jobs"]:
        jobs_of.setdefault(str(job["id"]), []).append(job)
    children: dict[str, list[dict[str, Any]]] = {}
    roots: list[dict[str, Any]] = []
    letters = {str(letter["id"]) for letter in found["letters"]}
    for fact in facts:
        cause = str(fact.get("cause") or "")
        if cause in known or cause in letters:
            children.setdefault(cause, []).append(fact)
        else:
            roots.append(fact)
    nodes = [_letter(letter, children, jobs_of) for letter in found["letters"]]
    nodes += [_fact(fact, children, jobs_of, 0) for fact in roots]
    loose = [job for job_id, jobs in jobs_of.items() if job_id not in known for job in jobs]
    if loose:
        nodes.append(el("li", el("b", "Jobs"), _jobs(loose), cls="node job"))
    nodes += [_entry(entry) for entry in found["entries"]]
    return el("ol", nodes, cls="steps")


def _letter(letter: dict[str, Any], children: Any, jobs_of: Any) -> Html:
    name = PROVIDERS.get(letter["provider"], letter["provider"])
    return el(
        "li",
        el("b", f"Letter from {name}"),
        _state(str(letter["state"])),
        _when(letter),
        _below(str(letter["id"]), children, jobs_of, 0),
        cls="node letter",
    )


def _fact(fact: dict[str, Any], children: Any, jobs_of: Any, depth: int) -> Html:
    fact_id = str(fact["id"])
    subject, _, subject_id = str(fact["subject"]).partition(":")
    room, _, kind = str(fact["kind"]).rpartition(".")
    return el(
        "li",
        el("b", words_of(kind)),
        el("span", f"{room} …{subject_id[-4:]}", cls="subject", title=f"{subject} {subject_id}"),
        _when(fact),
        _jobs(jobs_of.get(fact_id, [])),
        _below(fact_id, children, jobs_of, depth + 1),
        cls="node fact" if depth < DEPTH_MAX else "node fact deep",
    )


def _below(cause: str, children: Any, jobs_of: Any, depth: int) -> Html | None:
    facts = children.get(cause, [])
    if not facts:
        return None
    return el("ol", [_fact(fact, children, jobs_of, depth) for fact in facts], cls="steps")


def _jobs(jobs: list[dict[str, Any]]) -> Html | None:
    if not jobs:
        return None
    return el(
        "ul",
        [
            el(
                "li",
                el("code", str(job["name"]).removeprefix("hesabu.")),
                _state(str(job["state"])),
                f" {job['attempts']} tries" if int(job.get("attempts") or 0) > 1 else None,
            )
            for job in jobs
        ],
        cls="jobs",
    )


def _entry(entry: dict[str, Any]) -> Html:
    lines = [
        el(
            "tr",
            el("td", el("span", line["code"], cls="code"), " ", line["name"]),
            el("td", line["amount"] if line.get("side") != "credit" else ""),
            el("td", line["amount"] if line.get("side") == "credit" else ""),
        )
        for line in entry["lines"]
    ]
    head = el(
        "thead",
        el(
            "tr",
            el("th", "Account", scope="col"),
            el("th", "Debit", scope="col"),
            el("th", "Credit", scope="col"),
        ),
    )
    room, _, kind = str(entry["kind"]).rpartition(".")
    title = f"Entry {entry['seq']}: {words_of(kind).lower()}"
    return el(
        "li",
        el("b", title),
        el("span", " ".join(filter(None, (room, f"on {entry['booked_on']}"))), cls="subject"),
        el("table", el("caption", title, cls="unseen"), head, el("tbody", lines)),
        cls="node entry",
    )


def _state(state: str) -> Html:
    kind = "good" if state in DONE else "bad" if state in WRONG else "waiting"
    return el("span", state.replace("_", " "), cls=f"state {kind}")


def _when(thing: dict[str, Any]) -> Html | None:
    written = thing.get("at")
    return clock_time(datetime.fromisoformat(written).timestamp()) if written else None


def words_of(name: str) -> str:
    """`InvoiceIssued` → Invoice issued."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", name)
    return apart[:1].upper() + apart[1:].lower()
