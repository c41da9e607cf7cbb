"""Mails and the boxes they lie in."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from html import unescape
from typing import Any

HELD_MAX = 2_000
HELD_BYTES_MAX = 256 * 1024 * 1024
BOX_MAX = 200


class NoSuchMail(LookupError):
    """No mail has that id any more."""


@dataclass(frozen=True)
class Attachment:
    filename: str
    mime_type: str
    content: bytes
    content_id: str = ""
    """Set on what is shown within the mail."""


@dataclass
class Mail:
    id: str
    at: float
    via: str
    """`mailgun` or `smtp`."""
    sender: str
    to: str
    """The one recipient this copy is for: the bare address, in lower case."""
    subject: str
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    message_id: str = ""
    domain: str = ""
    """The Mailgun domain that sent it."""
    is_opened: bool = False
    is_spam: bool = False
    is_unsubscribed: bool = False
    tags: tuple[str, ...] = ()
    variables: dict[str, Any] = field(default_factory=dict)
    tracks_opens: bool = True

    @property
    def size(self) -> int:
        written = len(self.text) + len(self.html) + len(self.subject)
        return written + sum(len(each.content) for each in self.attachments)

    @property
    def words(self) -> str:
        """What a person reads: the text, or what is left of the HTML without its marks."""
        return self.text or text_of_html(self.html)

    def header(self, name: str) -> str:
        wanted = name.lower()
        return next((v for k, v in self.headers.items() if k.lower() == wanted), "")

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "at": self.at,
            "via": self.via,
            "from": self.sender,
            "to": self.to,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "headers": dict(self.headers),
            "message_id": self.message_id,
            "is_opened": self.is_opened,
            "is_spam": self.is_spam,
            "is_unsubscribed": self.is_unsubscribed,
            "tags": list(self.tags),
            "variables": dict(self.variables),
            "attachments": [
                {
                    "filename": each.filename,
                    "mime_type": each.mime_type,
                    "bytes": len(each.content),
                    "url": f"/control/mail/{self.id}/attachments/{ordinal}",
                }
                for ordinal, each in enumerate(self.attachments)
            ],
        }


class MailBoxes:
    """Every box; bounded, oldest mail out."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Mail] = OrderedDict()
        self._boxes: dict[str, deque[str]] = {}
        self._bytes = 0

    def keep(self, mail: Mail) -> None:
        self._held[mail.id] = mail
        self._bytes += mail.size
        self._boxes.setdefault(mail.to, deque(maxlen=BOX_MAX)).append(mail.id)
        while len(self._held) > HELD_MAX or self._bytes > HELD_BYTES_MAX:
            _, gone = self._held.popitem(last=False)
            self._bytes -= gone.size

    def find(self, mail_id: str) -> Mail:
        found = self._held.get(mail_id)
        if found is None:
            raise NoSuchMail(mail_id)
        return found

    def of(self, address: str) -> list[Mail]:
        """Oldest first."""
        ids = self._boxes.get(address.lower(), ()) if address else ()
        return [self._held[mail_id] for mail_id in ids if mail_id in self._held]

    def unread_in(self, address: str) -> int:
        return sum(1 for mail in self.of(address) if not mail.is_opened)

    def addresses(self) -> list[str]:
        return sorted(address for address in self._boxes if self.of(address))


def bare(address: str) -> str:
    """`Jane <Jane@x.test>` → `jane@x.test`; empty for what is not an address."""
    found = parseaddr(address)[1].strip().lower()
    return found if re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*", found) else ""


def read_mime(content: bytes) -> dict[str, Any]:
    """Subject, text, html, attachments, headers and message id of a mail as it travels."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy makes EmailMessage")
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    attachments = [
        Attachment(
            part.get_filename() or "attachment",
            part.get_content_type(),
            _content(part),
            str(part.get("content-id", "")).strip("<>"),
        )
        for part in message.walk()
        if not part.is_multipart()
        and (part.get_content_disposition() == "attachment" or part.get("content-id"))
    ]
    return {
        "sender": str(message.get("from", "")),
        "subject": str(message.get("subject", "")),
        "text": str(plain.get_content()) if plain is not None else "",
        "html": str(rich.get_content()) if rich is not None else "",
        "attachments": tuple(attachments),
        "headers": {name: str(value) for name, value in message.items()},
        "message_id": str(message.get("message-id", "")).strip().strip("<>"),
    }


def _content(part: EmailMessage) -> bytes:
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def text_of_html(html: str) -> str:
    without = re.sub(r"(?is)<(style|script|head)\b.*?</\1>", "", html)
    broken = re.sub(r"(?i)<(br|/p|/div|/tr|/h\d|/li)\b[^>]*>", "\n", without)
    bare_text = unescape(re.sub(r"<[^>]+>", "", broken))
    return re.sub(r"\n\s*\n\s*", "\n\n", re.sub(r"[ \t]+", " ", bare_text)).strip()
