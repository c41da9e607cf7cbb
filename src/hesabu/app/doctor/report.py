"""All checks, one after the other; one that breaks is a finding, not the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hesabu.app.config import Config
from hesabu.app.doctor import beside, database, work
from hesabu.app.doctor.findings import Finding

Check = Callable[[Config], Iterator[Finding]]


def examine(config: Config) -> Iterator[Finding]:
    """Every finding, as it is made. Django is set up by then."""
    yield Finding("settings", "fine", f"they are sound ({config.env})")
    checks: dict[str, Check] = {
        "database": database.server,
        "roles": database.roles,
        "tenancy": database.tenancy,
        "clock": database.clock,
        "migrations": work.migrations,
        "keys": work.keys,
        "secrets": work.secrets,
        "facts": work.facts,
        "letters": work.letters,
        "jobs": work.jobs,
        "providers": work.providers,
        "calls": work.calls,
        "logs": beside.logs,
        "scanner": beside.scanner,
        "messages": work.messages,
        "live": work.live,
        "disk": work.disk,
        "backups": work.backups,
        "flags": work.switches,
    }
    for name, check in checks.items():
        try:
            yield from check(config)
        except Exception as error:  # noqa: BLE001 -- a doctor that faints helps nobody: the next check still looks
            said = f"could not be looked at: {type(error).__name__}: {str(error).strip()}"
            yield Finding(name, "wrong", said, "See the line above it, or hesabu doctor --json.")
