"""What stands beside an act in the platform's log, in words: the page that was looked at, the role, what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hesabu.doors.web.platform.members import ROLES
from hesabu.doors.web.platform.notices import WAYS, WHEN
from hesabu.identity import queries

PAGES = {
    "platform": gettext_noop("Overview"),
    "platform-businesses": gettext_noop("Businesses"),
    "platform-log": gettext_noop("Log"),
    "platform-members": gettext_noop("Members"),
    "platform-notices": gettext_noop("Notices"),
    "platform-restorations": gettext_noop("Lost factors"),
    "clients": gettext_noop("Clients"),
    "merchants": gettext_noop("Merchants"),
    "support": gettext_noop("Support"),
    "support-ask": gettext_noop("asked to be let in"),
    "business": gettext_noop("Business"),
    "approvals": gettext_noop("Approvals"),
    "apps": gettext_noop("Apps"),
    "audit": gettext_noop("Audit"),
    "keys": gettext_noop("Keys"),
    "people": gettext_noop("People"),
    "privacy": gettext_noop("Privacy"),
    "settings": gettext_noop("Settings"),
    "support-here": gettext_noop("Support"),
    "ways": gettext_noop("Ways to be paid"),
}
"""Pages by the name of their address, as their headings say it. Any other is told by that name."""
ORDER = ("page", "role", "notice", "when", "way")
WORDS: dict[str, dict[str, str]] = {
    "page": PAGES,
    "role": {role.value: words for role, words in ROLES.items()},
    "when": {when.value: words for when, words in WHEN.items()},
    "way": {way.value: words for way, words in WAYS.items()},
}


def further(said: Mapping[str, Any]) -> list[str]:
    """In the order in which it is read. A word that is not known stands as it is."""
    kinds = {"notice": queries.notice_words()} if said.get("notice") else {}
    words = WORDS | kinds
    told = [(words.get(name, {}), str(said[name])) for name in ORDER if said.get(name)]
    return [_(known[one]) if one in known else one for known, one in told]
