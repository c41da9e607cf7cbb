"""The message templates that WhatsApp has approved in the box. Add a row, and it exists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hesabu.sandbox.whatsapp.errors import Refused

LANGUAGES = ("en", "en_US", "en_GB", "sw")


@dataclass(frozen=True)
class Words:
    """What a template says in another language than English; each language is approved by itself."""

    body: str
    url_title: str = ""
    replies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    name: str
    body: str
    """With {{1}}, {{2}} … or {{name}} where the parameters go."""
    header: str = ""
    """`document` or `image` when the template opens with a file, or a text."""
    url: str = ""
    """The address of its button, with {{1}} at the end where the parameter goes."""
    url_title: str = ""
    replies: tuple[str, ...] = ()
    category: str = "utility"
    languages: tuple[str, ...] = LANGUAGES
    otherwise: Mapping[str, Words] = field(default_factory=dict)
    """Its words by language, where they are not these."""

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(re.findall(r"\{\{(\w+)\}\}", self.body)))

    @property
    def has_file_header(self) -> bool:
        return self.header in ("document", "image", "video")


def approved(product_url: str) -> dict[str, Template]:
    page = f"{product_url.rstrip('/')}/p/{{{{1}}}}"
    rows = (
        Template(
            "invoice_ready",
            "*{{1}}* has sent you an invoice for *{{2}}*: {{3}}, due {{4}}.",
            header="document",
            replies=("Pay with M-PESA",),
            url=page,
            url_title="View invoice",
            otherwise={
                "sw": Words(
                    "*{{1}}* wamekutumia ankara ya *{{2}}*: {{3}}. Mwisho wa kulipa: {{4}}.",
                    url_title="Fungua ankara",
                    replies=("Lipa na M-PESA",),
                )
            },
        ),
        Template(
            "payment_received",
            "Thank you. *{{1}}* has received *{{2}}* for {{3}}.",
            url=page,
            url_title="View invoice",
            otherwise={
                "sw": Words(
                    "Asante. *{{1}}* wamepokea *{{2}}* ya {{3}}.", url_title="Fungua ankara"
                )
            },
        ),
        Template(
            "payment_reminder",
            "A reminder from *{{1}}*: {{2}} for {{3}} is due {{4}}.",
            replies=("Pay with M-PESA",),
            url=page,
            url_title="View invoice",
            otherwise={
                "sw": Words(
                    "Kikumbusho kutoka *{{1}}*: {{2}} ya {{3}}. Mwisho wa kulipa: {{4}}.",
                    url_title="Fungua ankara",
                    replies=("Lipa na M-PESA",),
                )
            },
        ),
        Template(
            "business_update",
            "News from Hesabu: {{1}}",
            otherwise={"sw": Words("Habari kutoka Hesabu: {{1}}")},
        ),
        Template(
            "sign_in_link",
            "Open this to sign in to Hesabu. It works once, for ten minutes. If you did not ask for it, do nothing, and tell nobody the code.",
            url=f"{product_url.rstrip('/')}/account/t/{{{{1}}}}",
            url_title="Sign in",
            otherwise={
                "sw": Words(
                    "Fungua hapa kuingia Hesabu. Kinafanya kazi mara moja, kwa dakika kumi. Kama hukuomba, usifanye lolote, wala usimwambie mtu msimbo.",
                    url_title="Ingia",
                )
            },
        ),
        Template(
            "hello",
            "Hello {{1}}, there is news for you. Answer to read it.",
            otherwise={"sw": Words("Habari {{1}}, kuna habari zako. Jibu ili uzisome.")},
        ),
        Template("hello_world", "Welcome and congratulations! This message works."),
    )
    return {row.name: row for row in [*rows, *map(_without_mpesa, (rows[0], rows[2]))]}


def _without_mpesa(template: Template) -> Template:
    """The same, for money that M-PESA does not carry: its quick reply only asks how to pay."""
    swahili = template.otherwise["sw"]
    return replace(
        template,
        name=f"{template.name}_without_mpesa",
        replies=("How to pay",),
        otherwise={"sw": replace(swahili, replies=("Jinsi ya kulipa",))},
    )


def found(templates: dict[str, Template], name: str, language: str) -> Template:
    template = templates.get(name)
    if template is None or language not in template.languages:
        raise Refused(132001, f"template name ({name}) does not exist in {language}")
    said = template.otherwise.get(language)
    if said is None:
        return template
    return replace(template, body=said.body, url_title=said.url_title, replies=said.replies)


def require_english(asked: Mapping[str, Any]) -> None:
    """While nothing else is approved."""
    name, language = asked.get("name"), asked.get("language")
    code = str(language.get("code", "")) if isinstance(language, dict) else ""
    if code and not code.startswith("en"):
        raise Refused(132001, f"template name ({name}) does not exist in {code}")


def filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda m: values.get(m[1], m[0]), text)
