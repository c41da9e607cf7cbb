"""People of the platform: who is admin, support, agent or partner."""

from __future__ import annotations

from uuid import UUID

import click

from hesabu.app import config as configuration

ROLES = click.Choice(["admin", "support", "agent", "partner"])


@click.group()
def people() -> None:
    """Roles on the platform, across businesses. The first admin is made here; admins invite the others on their pages."""


@people.command("grant-platform")
@click.argument("email")
@click.argument("role", type=ROLES)
def grant(email: str, role: str) -> None:
    """Give whoever signs in with that address a role on the platform. They need a second factor from then on."""
    from hesabu.identity import actions
    from hesabu.identity.types import PlatformRole
    from hesabu.store import tenancy

    person_id = _person(email)
    with tenancy.house(actor=tenancy.Actor("operator")):
        actions.grant_platform(person_id, PlatformRole(role))
    click.echo(f"They are {role} of the platform.")


@people.command("take-platform")
@click.argument("email")
@click.argument("role", type=ROLES)
@click.option("--stop", is_flag=True, help="Do not take an admin's role after all.")
def take(email: str, role: str, stop: bool) -> None:
    """Take a role on the platform back: at once, but an admin's a day after all admins were told, any of whom can stop it."""
    from hesabu.doors.web.account import operating
    from hesabu.identity import actions
    from hesabu.identity.types import PlatformRole
    from hesabu.store import tenancy

    person_id = _person(email)
    with tenancy.house(actor=tenancy.Actor("operator")):
        if stop:
            is_stopped = actions.drop_taking(person_id)
            click.echo("Stopped." if is_stopped else "Nothing of that kind is under way.")
            return
        begun = operating.begin_taking(person_id) if role == PlatformRole.ADMIN else None
        if begun is None:
            actions.take_platform(person_id, PlatformRole(role))
    if begun is None:
        click.echo(f"They are {role} of the platform no more.")
    else:
        click.echo(
            f"All admins are told. The role goes at {begun.due_at:%Y-%m-%d %H:%M} UTC, unless one of them stops it."
        )


def _person(email: str) -> UUID:
    """Whose proved address that is."""
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    import django

    django.setup()
    from allauth.account.models import EmailAddress

    found = EmailAddress.objects.filter(email=email.strip().lower(), verified=True).first()
    if found is None:
        raise click.UsageError("nobody who signs in has proved that address")
    return UUID(str(found.user_id))
