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
def take(email: str, role: str) -> None:
    """Take a role on the platform back, at once."""
    from hesabu.identity import actions
    from hesabu.identity.types import PlatformRole
    from hesabu.store import tenancy

    person_id = _person(email)
    with tenancy.house(actor=tenancy.Actor("operator")):
        actions.take_platform(person_id, PlatformRole(role))
    click.echo(f"They are {role} of the platform no more.")


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
