"""Where providers bring what they have to say."""

from __future__ import annotations

import click

from hesabu.app import config as configuration

WHERE = {
    "whatsapp": "Meta for Developers → WhatsApp → Configuration",
    "360dialog": "tell them with: hesabu webhook --register",
    "africastalking": "Africa's Talking → SMS → Callback URLs",
    "mailgun": "Mailgun → Sending → Webhooks, for every kind of event",
}
PURPOSES = {
    "delivery": "Delivery reports",
    "inbound": "Incoming messages",
    "optout": "Bulk SMS opt out",
}


@click.command()
@click.option("--register", is_flag=True, help="Tell 360dialog its address: it has no page for it.")
def webhook(register: bool) -> None:
    """The addresses to register with the providers of messages."""
    from hesabu.app import postgres

    config = configuration.load()
    postgres.ensure_running(config)
    import django

    django.setup()
    from hesabu.messaging import actions

    found = actions.open_channels()
    if register:
        _register(config, [each.path for each in found if each.provider == "360dialog"])
        return
    for provider in dict.fromkeys(each.provider for each in found):
        click.echo(f"{provider}  ({WHERE[provider]})")
        for each in found:
            if each.provider == provider:
                purpose = PURPOSES.get(each.purpose, "Callback URL")
                click.echo(f"  {purpose:<18} {config.public_url}{each.path}")
        if provider == "whatsapp":
            click.echo(f"  {'Verify token':<18} as set in HESABU_WHATSAPP_VERIFY_TOKEN")
            click.echo(f"  {'Subscribe to':<18} messages")


def _register(config: configuration.Config, paths: list[str]) -> None:
    from hesabu.messaging import actions

    if not paths:
        raise click.ClickException("HESABU_WHATSAPP_PROVIDER is not 360dialog.")
    if not actions.register_webhook(config.public_url + paths[0]):
        raise click.ClickException("360dialog did not take it: is HESABU_DIALOG360_API_KEY right?")
    click.echo("360dialog brings its letters to us from now on.")
