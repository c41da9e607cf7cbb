"""Signing in from WhatsApp: a link to the number, for the browser that asked. See identity's `entries`.

The answer is the same for every number, known or not. A link that was only looked at (previews do that) opens nothing: it
takes a press of the button. In another browser than the one that asked, the link asks for the code that the first one
shows, and it is the first one that goes in.

Whoever holds the phone is not yet its person: who has chosen a PIN in the chat, and no authenticator or passkey that is asked
for next, is asked for the PIN here.
"""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hesabu.doors.web import pace
from hesabu.doors.web.account import life
from hesabu.doors.web.account.forms import ByPin, ByTelephone, ShownCode
from hesabu.doors.web.desk import open_to_all, refused
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.errors import (
    EntryEnded,
    EntryUnconfirmed,
    PinLocked,
    PinNotSet,
    WrongCode,
    WrongPin,
)
from hesabu.identity.types import Asked
from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as contacts
from hesabu.messaging.types import Category, Channel, Contact, Letter, Template, Text
from hesabu.store import tenancy

COOKIE_SECONDS = 600
WAITING = "entry"
PIN_WAITS = "entry_pin"
"""In the session: who has shown their number and has yet to show their PIN, and since when."""
ENTRY_TEMPLATE, ENTRY_LANGUAGES = "sign_in_link", ("en", "sw")
"""A utility template: Meta's authentication templates carry codes alone, and no address."""


@open_to_all("signing in")
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Which number?"""
    form = ByTelephone(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "web/account/telephone.html", {"form": form})
    phone = form.cleaned_data["phone"]
    pace.keep("entry.from", pace.address_of(request), times=20, seconds=3600)
    pace.keep("entry.to", phone, times=5, seconds=3600)
    asked = _asked(phone)
    request.session[WAITING] = {"id": str(asked.id), "code": asked.code}
    answer = redirect("entry-wait")
    answer.set_cookie(
        settings.ENTRY_COOKIE_NAME,
        asked.browser,
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


@open_to_all("signing in")
@never_cache
@require_http_methods(["GET", "POST"])
def wait(request: HttpRequest) -> HttpResponse:
    """The code, for who opens the link elsewhere; and the way in, once it was typed there."""
    waiting = request.session.get(WAITING)
    if not waiting:
        return redirect("entry-ask")
    page = {"code": waiting["code"], "is_early": False}
    if request.method == "POST":
        try:
            person_id = identity.enter_confirmed(
                UUID(waiting["id"]), request.COOKIES.get(settings.ENTRY_COOKIE_NAME, "")
            )
        except EntryUnconfirmed:
            page["is_early"] = True
        except EntryEnded:
            request.session.pop(WAITING, None)
            return _ended(request)
        else:
            return _shown(request, person_id)
    return render(request, "web/account/telephone_wait.html", page)


@open_to_all("signing in")
@never_cache
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """The PIN of whoever has shown their number."""
    waits = request.session.get(PIN_WAITS)
    if not waits or clock.now().timestamp() - waits["at"] > COOKIE_SECONDS:
        request.session.pop(PIN_WAITS, None)
        return redirect("entry-ask")
    form = ByPin(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person_id = UUID(waits["person"])
        try:
            identity.check_pin(person_id, form.cleaned_data["pin"])
        except (WrongPin, PinLocked) as error:
            form.add_error("pin", refused(error))
        except PinNotSet:  # an operator has just taken it away
            request.session.pop(PIN_WAITS, None)
            return _ended(request)
        else:
            request.session.pop(PIN_WAITS, None)
            return _let_in(request, person_id, "pin")
    return render(request, "web/account/telephone_pin.html", {"form": form})


@open_to_all("signing in")
@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads. Looking changes nothing."""
    pace.keep("entry.follow", pace.address_of(request), times=60, seconds=3600)
    is_same = bool(request.COOKIES.get(settings.ENTRY_COOKIE_NAME))
    form = ShownCode(request.POST if request.method == "POST" and "code" in request.POST else None)
    page = {"token": token, "form": form, "is_same": is_same and "elsewhere" not in request.GET}
    if request.method == "GET":
        return _unreferred(render(request, "web/account/telephone_follow.html", page))
    try:
        if form.is_bound and form.is_valid():
            identity.confirm_entry(token, form.cleaned_data["code"])
            return _unreferred(render(request, "web/account/telephone_confirmed.html"))
        if not form.is_bound:
            person_id = identity.enter_by_link(
                token, request.COOKIES.get(settings.ENTRY_COOKIE_NAME, "")
            )
            return _shown(request, person_id)
    except EntryUnconfirmed:
        page["is_same"] = False
    except WrongCode as error:
        page["is_same"] = False
        form.add_error("code", _(error.title))
    except EntryEnded:
        return _ended(request)
    return _unreferred(render(request, "web/account/telephone_follow.html", page))


def _asked(phone: str) -> Asked:
    """The entry, and its link on the way to the number if it is known; the same work but for the sending."""
    with tenancy.house():
        contact = contacts.contact_by_phone(phone)
        # A number that changed hands, or was silent for half a year, lets nobody in: it may be a stranger's by now.
        is_known = contact is not None and contact.person_id is not None and not contact.is_doubted
        asked = identity.ask_entry(contact.person_id if contact and is_known else None)
        if contact is not None and is_known:
            _send(contact, asked)
        else:
            _as_if_sent(phone, asked)
    return asked


class _NotKept(Exception):
    """It was only done for the time that it takes."""


def _as_if_sent(phone: str, asked: Asked) -> None:
    """The same work for a number that nobody has, and nothing of it stays."""
    with suppress(_NotKept), tenancy.attempt():
        _send(contacts.contact(messaging.meet(phone)), asked)
        raise _NotKept


def _send(contact: Contact, asked: Asked) -> None:
    link = settings.CONFIG.public_url + reverse("entry-follow", args=[asked.token])
    with translation.override(contact.language or "en"):
        words = _(
            "Open this to sign in to Hesabu. It works once, for ten minutes. If you did not ask for it, do nothing, and tell nobody the code.\n%(link)s"
        ) % {"link": link}
        subject = _("Sign in to Hesabu")
    # Outside the window a template goes, whose button carries the link; where WhatsApp does not reach them, a text message.
    language = contact.language if contact.language in ENTRY_LANGUAGES else ENTRY_LANGUAGES[0]
    messaging.send(
        contact.id,
        Text(words),
        f"entry:{asked.id}",
        outside_window=Template(ENTRY_TEMPLATE, language, button_param=asked.token),
        letter=Letter(subject, words),
        category=Category.ENTRY,
        channel=Channel.SMS if contact.channel is Channel.SMS else None,
    )


def _shown(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """They hold the phone. The PIN comes next, where nothing stronger does."""
    request.session.pop(WAITING, None)
    if not queries.has_pin(person_id) or life.has_real_factor(person_id):
        return _let_in(request, person_id)
    request.session[PIN_WAITS] = {"person": person_id.hex, "at": clock.now().timestamp()}
    answer = redirect("entry-pin")
    answer.delete_cookie(settings.ENTRY_COOKIE_NAME)
    return answer


def _let_in(request: HttpRequest, person_id: UUID, *besides: str) -> HttpResponse:
    person = get_user_model().objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return _ended(request)
    request.session.pop(WAITING, None)
    for method in ("whatsapp", *besides):
        record_authentication(request, person, method=method)
    # The number is what was proven; an address may never have been given.
    login = Login(user=person, email_verification=EmailVerificationMethod.NONE)
    answer: HttpResponse = perform_login(request, login)
    answer.delete_cookie(settings.ENTRY_COOKIE_NAME)
    return answer


def _ended(request: HttpRequest) -> HttpResponse:
    answer = render(request, "web/account/telephone_ended.html", status=EntryEnded.status)
    answer.delete_cookie(settings.ENTRY_COOKIE_NAME)
    return _unreferred(answer)


def _unreferred(answer: HttpResponse) -> HttpResponse:
    """The address of the page is a secret while the link lives, and is told to nobody else. Not "no-referrer": browsers
    then send the form's own origin as null, and the form is refused as a forged one."""
    answer["Referrer-Policy"] = "same-origin"
    return answer
