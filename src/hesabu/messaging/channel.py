"""The house's channels, as settings describe them: WhatsApp always, SMS and mail where they were set up."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from hesabu.messaging.providers.africastalking.client import AfricasTalking
from hesabu.messaging.providers.mail.mailgun import Mailgun
from hesabu.messaging.providers.mail.smtp import Smtp
from hesabu.messaging.providers.port import Provider
from hesabu.messaging.providers.whatsapp.client import WhatsApp
from hesabu.messaging.providers.whatsapp.dialog360 import Dialog360
from hesabu.messaging.types import Channel

WRITERS = {
    "whatsapp": Channel.WHATSAPP,
    "360dialog": Channel.WHATSAPP,
    "africastalking": Channel.SMS,
    "mailgun": Channel.EMAIL,
}
"""Who writes letters to us, and about which channel."""


def ours() -> frozenset[Channel]:
    """The channels that this house has."""
    config = settings.CONFIG
    found = {Channel.WHATSAPP}
    if config.has_sms:
        found.add(Channel.SMS)
    if config.has_mail:
        found.add(Channel.EMAIL)
    return frozenset(found)


def writers() -> tuple[str, ...]:
    """Whose letters we await, by the providers that were chosen."""
    config = settings.CONFIG
    chosen = (
        "whatsapp" if config.whatsapp_provider == "cloud" else "360dialog",
        config.sms_provider,
        config.mail_provider,
    )
    return tuple(name for name in chosen if name in WRITERS)


def silence_seconds(channel: Channel) -> int:
    """How long a message may stay without word that it arrived before it takes the next channel."""
    config = settings.CONFIG
    seconds = {
        Channel.WHATSAPP: config.whatsapp_silence_seconds,
        Channel.SMS: config.sms_silence_seconds,
    }
    return int(seconds[channel])


def reader(name: str) -> Provider:
    """Who reads the letters of a provider, also of one that is no longer the chosen one."""
    if name == "360dialog":
        return _dialog360()
    return _cloud() if name == "whatsapp" else provider(WRITERS[name])


def provider(channel: Channel) -> Provider:
    """Who carries messages there. Raises LookupError where the house has no such channel."""
    config = settings.CONFIG
    if channel is Channel.WHATSAPP:
        return _cloud() if config.whatsapp_provider == "cloud" else _dialog360()
    if channel is Channel.SMS and config.sms_provider == "africastalking":
        return _africastalking(
            config.africastalking_base_url,
            config.africastalking_username,
            config.africastalking_api_key,
            config.africastalking_sender,
        )
    if channel is Channel.EMAIL and config.mail_provider == "mailgun":
        return _mailgun(
            config.mailgun_base_url,
            config.mailgun_domain,
            config.mailgun_api_key,
            config.mail_from,
        )
    if channel is Channel.EMAIL and config.mail_provider == "smtp":
        return Smtp(
            host=config.smtp_host,
            port=config.smtp_port,
            security=config.smtp_security,
            user=config.smtp_user,
            password=config.smtp_password,
            mail_from=config.mail_from,
        )
    raise LookupError(f"there is no {channel} here")


def register_webhook(url: str) -> bool:
    """Tell the provider of WhatsApp where to bring letters, if it can be told so; False where it did not take it."""
    return _dialog360().register(url, settings.CONFIG.dialog360_webhook_secret)


def _cloud() -> WhatsApp:
    config = settings.CONFIG
    return _cloud_of(
        config.whatsapp_base_url, config.whatsapp_token, config.whatsapp_phone_number_id
    )


def _dialog360() -> Dialog360:
    config = settings.CONFIG
    return _dialog360_of(config.dialog360_base_url, config.dialog360_api_key)


@lru_cache(maxsize=4)
def _cloud_of(base_url: str, token: str, phone_number_id: str) -> WhatsApp:
    return WhatsApp(base_url=base_url, token=token, phone_number_id=phone_number_id)


@lru_cache(maxsize=4)
def _dialog360_of(base_url: str, api_key: str) -> Dialog360:
    return Dialog360(base_url=base_url, api_key=api_key)


@lru_cache(maxsize=4)
def _africastalking(base_url: str, username: str, api_key: str, sender: str) -> AfricasTalking:
    return AfricasTalking(base_url=base_url, username=username, api_key=api_key, sender=sender)


@lru_cache(maxsize=4)
def _mailgun(base_url: str, domain: str, api_key: str, mail_from: str) -> Mailgun:
    return Mailgun(base_url=base_url, domain=domain, api_key=api_key, mail_from=mail_from)
