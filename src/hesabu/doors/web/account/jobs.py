"""What is done about sign-in by the clock, each job named like what it calls."""

from __future__ import annotations

from hesabu.doors.web.account import first_proof, operating
from hesabu.store import jobs


@jobs.task("web.end_old_sessions", retries=0)
def end_old_sessions() -> None:
    """Delete sessions whose time is over. Run twice, it finds none."""
    operating.end_old_sessions()


@jobs.task("web.finish_restorations", retries=0)
def finish_restorations() -> None:
    """Take off the second factors of who said a day ago that they lost them. Run twice, it is done once."""
    operating.finish_restorations()


@jobs.task("web.remind_first_proofs", retries=0)
def remind_first_proofs() -> None:
    """Say once more, when the day is over, that somebody may set up a first proof. Run twice, it is said once."""
    first_proof.remind()


@jobs.task("web.finish_takings", retries=0)
def finish_takings() -> None:
    """Take the roles of admins of whom an operator said so a day ago. Run twice, it is done once."""
    operating.finish_takings()


jobs.every("web.end_old_sessions", cron="17 * * * *")
jobs.every("web.finish_restorations", cron="*/5 * * * *")
jobs.every("web.finish_takings", cron="*/5 * * * *")
jobs.every("web.remind_first_proofs", cron="*/5 * * * *")
