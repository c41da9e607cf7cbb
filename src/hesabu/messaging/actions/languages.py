"""Templates by language: the provider approves each by itself, so one may be there in English and not yet in Swahili.

Where it is not, the English one goes: it says the same, and silence says nothing. Those who run the house are told once which
template is missing in which language, and again after a month if it still is. Who gets it in their own language again closes
the gap.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from hesabu.kit import clock, ids
from hesabu.messaging import rules
from hesabu.messaging.facts import TemplateMissed
from hesabu.messaging.models import Message, TemplateGap
from hesabu.messaging.types import Channel, Content, Letter, Template
from hesabu.store import sql
from hesabu.store.facts import publish

log = structlog.get_logger(__name__)
ENGLISH = "en"
AGAIN_AFTER = timedelta(days=30)

_KEEP = """
INSERT INTO messaging_template_gap AS g (id, name, language, code, told_at) VALUES (%(id)s, %(name)s, %(language)s, %(code)s, %(now)s)
ON CONFLICT (name, language) DO UPDATE SET told_at = %(now)s, code = %(code)s WHERE g.told_at < %(before)s
RETURNING g.id
"""


def in_its_language(row: Message, content: Content) -> Content:
    """What goes out: a template in English, days and all, where it could not go in the contact's language."""
    if not row.goes_in_english or not isinstance(content, Template):
        return content
    return replace(content, language=ENGLISH, params=content.english or content.params)


def template_of(row: Message) -> Template | None:
    """The template that this message goes as now, in the language it goes in."""
    if row.channel != Channel.WHATSAPP:
        return None
    content = rules.content_from(row.fallback if row.goes_as_template else row.content)
    content = in_its_language(row, content)
    return content if isinstance(content, Template) else None


def can_turn_to_english(row: Message) -> bool:
    template = template_of(row)
    return template is not None and not template.language.startswith(ENGLISH)


def keep_gap(row: Message, code: str) -> None:
    """The provider does not send this message's template in its language: told once."""
    template = template_of(row)
    if template is None:
        return
    now = clock.now()
    values = {
        "id": ids.new_id(),
        "name": template.name,
        "language": template.language,
        "code": code,
        "now": now,
        "before": now - AGAIN_AFTER,
    }
    with sql.cursor() as cursor:
        cursor.execute(_KEEP, values)
        kept = cursor.fetchone()
    if kept is None:
        return
    log.error(
        "messaging.template_missed", template=template.name, language=template.language, code=code
    )
    publish(
        TemplateMissed(
            business_id=row.business_id,
            subject_id=kept[0],
            template_name=template.name,
            language=template.language,
            code=code,
        )
    )


def close_gap(words: Content | Letter) -> None:
    """The provider took it in this language: nothing is missing there any more."""
    if isinstance(words, Template):
        TemplateGap.objects.filter(name=words.name, language=words.language).delete()
