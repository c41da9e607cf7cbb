"""Two people with phones, played through the sandbox's control desk over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

POLL_SECONDS = 0.15


class Waited(Exception):
    """What should have come did not come in time."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the transcript."""

    at: float
    phone: str
    """Whose phone it is on."""
    who: str
    """Who speaks: the phone's owner, the clerk, or M-PESA."""
    text: str
    buttons: tuple[str, ...] = ()

    def said(self) -> str:
        body = self.text.replace("\n", "\n" + " " * 21)
        tail = f"  {' '.join(f'[{title}]' for title in self.buttons)}" if self.buttons else ""
        return f"{self.phone:>9.9} │ {self.who + ':':<8} {body}{tail}"


@dataclass
class Box:
    """The sandbox's control desk."""

    url: str
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))

    def get(self, path: str) -> dict[str, Any]:
        return self._asked(self.client.get(self.url + path))

    def post(self, path: str, **asked: Any) -> dict[str, Any]:
        return self._asked(self.client.post(self.url + path, json=asked))

    def put(self, path: str, **asked: Any) -> dict[str, Any]:
        return self._asked(self.client.put(self.url + path, json=asked))

    def _asked(self, answer: httpx.Response) -> dict[str, Any]:
        if answer.status_code >= 400:
            raise RuntimeError(
                f"the sandbox refused {answer.request.url.path}: {answer.text[:200]}"
            )
        found: dict[str, Any] = answer.json()
        return found


@dataclass
class Phone:
    """Somebody in the sandbox."""

    box: Box
    number: str
    name: str
    phone_number_id: str
    hear: Callable[[Line], None]
    """Called once for each line that appears on this phone."""
    deadline: float
    _heard: set[str] = field(default_factory=set)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    def says(self, text: str) -> None:
        self._say(text=text)

    def taps(self, title: str, message: dict[str, Any]) -> None:
        button = next(each for each in tappable(message) if each["title"] == title)
        self._say(button_id=button["id"], reply_to=message["id"])

    def taps_what_does(self, verb: str) -> None:
        """Press the button of the newest message that has one which does this, whatever is written on it."""
        for message in reversed(self._look()):
            for button in tappable(message):
                if _does(button, verb):
                    which = "list_id" if message.get("list") else "button_id"
                    self._say(**{which: button["id"]}, reply_to=message["id"])
                    return
        raise Waited(f"{self.first_name} found no button that does “{verb}”")

    def waits_for_buttons(
        self, verbs: Sequence[str], *, seconds: float, after: int
    ) -> dict[str, Any] | None:
        """The first message behind the first `after` with a button for each of these; any message, where there are none."""

        def found() -> dict[str, Any] | None:
            for message in self._look()[after:]:
                buttons = tappable(message)
                if all(any(_does(button, verb) for button in buttons) for verb in verbs):
                    return dict(message)
            return None

        return self._waits(found, seconds)

    @staticmethod
    def titles_of(message: dict[str, Any]) -> list[str]:
        """What can be tapped below it."""
        return [button["title"] for button in tappable(message)]

    def enters_pin(self) -> None:
        self.box.post(f"/control/phones/{self.number}/prompt", action="pin")

    def reads(self, seconds: float = 5) -> None:
        """Look at the chat, as soon as what is in it counts as delivered."""
        until = time.monotonic() + seconds
        path = f"/control/phones/{self.number}/read"
        while not self.box.post(path, phone_number_id=self.phone_number_id)["read"]:
            if time.monotonic() > until:
                return
            time.sleep(POLL_SECONDS)

    def waits_for(
        self, words: Sequence[str], *, seconds: float, after: int = 0
    ) -> dict[str, Any] | None:
        """The newest message from the clerk with any of these words, among those behind the first `after`."""
        return self._waits(lambda: self._with(words, after), seconds)

    def waits_for_prompt(self, seconds: float) -> dict[str, Any] | None:
        return self._waits(self._prompt, seconds)

    def heard_count(self) -> int:
        return len(self._look())

    def reached_count(self) -> int:
        """Messages from the business by any way: chat, SMS, mail."""
        chat = len(self._look())
        return chat + len(self._seen["sms"]) + len(self._seen.get("mail", ()))

    def is_reached(self, *, seconds: float, after: int) -> bool:
        """Whether more than `after` messages have come, by any way."""

        def found() -> dict[str, Any] | None:
            return {} if self.reached_count() > after else None

        return self._waits(found, seconds) is not None

    def _waits(
        self, found: Callable[[], dict[str, Any] | None], seconds: float
    ) -> dict[str, Any] | None:
        until = min(time.monotonic() + seconds, self.deadline)
        while True:
            answer = found()
            if answer is not None:
                return answer
            if time.monotonic() >= until:
                if until >= self.deadline:
                    raise Waited("the story took too long")
                return None
            time.sleep(POLL_SECONDS)

    def _with(self, words: Sequence[str], after: int) -> dict[str, Any] | None:
        for message in reversed(self._look()[after:]):
            said = _words(message)
            if any(word in said for word in words):
                return dict(message)
        return None

    def _prompt(self) -> dict[str, Any] | None:
        self._look()
        for prompt in self._seen["prompts"]:
            if prompt["state"] == "ringing":
                found: dict[str, Any] = prompt
                return found
        return None

    def _look(self) -> list[dict[str, Any]]:
        """All that the clerk said to this phone; what is new is told."""
        self._seen = self.box.get(f"/control/phones/{self.number}")
        lines = [line for chat in self._seen["chats"] for line in chat["lines"]]
        for line in lines:
            if line["id"] not in self._heard:
                self._heard.add(line["id"])
                who = self.first_name if line["from"] == "person" else "Hesabu"
                titles = tuple(button["title"] for button in tappable(line))
                self.hear(Line(line["at"], self.first_name, who, _words(line), titles))
        for sms in self._seen["sms"]:
            mark = f"sms {sms['receipt']} {sms['at']}"
            if mark not in self._heard:
                self._heard.add(mark)
                who = "M-PESA" if sms["receipt"] else "SMS"
                self.hear(Line(sms["at"], self.first_name, who, sms["text"]))
        return [line for line in lines if line["from"] == "business"]

    def _say(self, **what: Any) -> None:
        self.box.post(
            f"/control/phones/{self.number}/say", phone_number_id=self.phone_number_id, **what
        )
        self._look()


def tappable(line: dict[str, Any]) -> list[dict[str, Any]]:
    """Buttons below a message, quick replies of a template, or the rows of a list."""
    sections = line.get("list", {}).get("sections", ())
    rows = [row for section in sections for row in section["rows"]]
    quick = [{"id": one["payload"], "title": one["text"]} for one in line.get("replies", ())]
    return [*line.get("buttons", ()), *quick, *rows]


def _does(button: dict[str, Any], verb: str) -> bool:
    """What a button does is the first word of what it brings back."""
    return str(button["id"]).partition(":")[0] == verb


def _words(line: dict[str, Any]) -> str:
    file = line.get("file")
    return "\n".join(filter(None, [f"({file['filename']})" if file else "", line.get("text", "")]))
