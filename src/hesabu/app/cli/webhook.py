"""Where providers bring what they have to say."""

from __future__ import annotations

import click

from hesabu.app import config as configuration


@click.command()
def webhook() -> None:
    """The address to register with Meta, and the word of its handshake's setting."""
    from hesabu.app import postgres

    config = configuration.load()
    postgres.ensure_running(config)
    import django

    django.setup()
    from hesabu.messaging import actions

    click.echo(f"Callback URL   {config.public_url}/hooks/{actions.open_channel()}")
    click.echo("Verify token   as set in HESABU_WHATSAPP_VERIFY_TOKEN")
    click.echo("Subscribe to   messages")
