"""Pages of codes by text message: set them up, take them off, use them to come in, and to show once more that it is you."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.mfa.internal.flows.add import redirect_if_add_not_allowed
from allauth.mfa.recovery_codes.internal.flows import auto_generate_recovery_codes
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hesabu.doors.web import pace
from hesabu.doors.web.account import first_proof, life, texted
from hesabu.doors.web.desk import open_to_all, signed_in
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.types import TextPurpose
from hesabu.kit import phones


def shown(person_id: Any) -> dict[str, Any]:
    """What the page of second factors says of codes by text."""
    number = queries.text_factor_of(person_id)
    return {
        "may_have": texted.may_have(person_id),
        "number": phones.masked(number) if number else "",
        "is_asked": texted.is_second_step(person_id),
        "is_reachable": texted.reachable(person_id) is not None,
    }


@signed_in
@redirect_if_add_not_allowed  # type: ignore[untyped-decorator]
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Which of the numbers that are proven to be theirs."""
    person_id = request.user.pk
    assert person_id is not None
    numbers = texted.numbers_of(person_id) if texted.may_have(person_id) else []
    has_another_way_in = texted.has_another_way_in(request.user)  # type: ignore[arg-type]
    page = {
        "may_have": texted.may_have(person_id),
        "has_another_way_in": has_another_way_in,
        "numbers": [(str(one.id), phones.masked(one.phone)) for one in numbers if one.phone],
    }
    if request.method == "POST" and has_another_way_in:
        chosen = next((one for one in numbers if str(one.id) == request.POST.get("number")), None)
        if chosen is not None:
            try:
                texted.send(request, person_id, chosen, TextPurpose.SET_UP)
            except pace.TooOften:
                page["wrong"] = _too_often()
            else:
                return redirect("text-confirm")
        else:
            page["wrong"] = _("Choose one of your numbers.")
    return render(request, "mfa/text/set_up.html", page)


@signed_in
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The code that went to the number; right, it is their second step."""
    user = request.user
    assert user.pk is not None
    if texted.ASKED not in request.session:
        return redirect("text-set-up")
    form = texted.TextCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = texted.check(request, user.pk, form.cleaned_data["code"], TextPurpose.SET_UP)
        except forms.ValidationError as error:
            form.add_error("code", error)
        else:
            return _kept(request, number)
    return render(request, "mfa/text/confirm.html", {"form": form})


def _kept(request: HttpRequest, number: str) -> HttpResponse:
    user = request.user
    assert user.pk is not None
    theirs = [one.phone for one in texted.numbers_of(user.pk)]
    if number not in theirs or not texted.may_have(user.pk):
        return redirect("text-set-up")
    with first_proof.using(request):
        identity.keep_text_factor(user.pk, number)
    record_authentication(request, user, "mfa", type=texted.WAY)
    life.forget_standing(request)
    end_other_sessions(request, user)
    identity.note_second_factor(user.pk, texted.WAY, is_added=True, has_one=True)
    get_adapter().send_notification_mail("mfa/email/text_added", user)
    if auto_generate_recovery_codes(request):
        return redirect("mfa_view_recovery_codes")
    return redirect("mfa_index")


@signed_in
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """No codes by text any more."""
    user = request.user
    assert user.pk is not None
    if request.method == "GET":
        return render(request, "mfa/text/remove.html", {"text": shown(user.pk)})
    if identity.drop_text_factor(user.pk):
        life.forget_standing(request)
        life.drop_dangling_recovery_codes(user.pk)
        identity.note_second_factor(
            user.pk, texted.WAY, is_added=False, has_one=life.has_factor(user.pk)
        )
        get_adapter().send_notification_mail("mfa/email/text_removed", user)
    return redirect("mfa_index")


@open_to_all("signing in: whoever made the first step")
@login_stage_required(stage=texted.TextStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest) -> HttpResponse:
    """The second step of coming in."""
    stage: texted.TextStage = request._login_stage  # type: ignore[attr-defined]
    if not stage.still_stands():
        return stage.end()
    user = stage.login.user
    by_number = texted.came_by_number(request, user)
    to = None if by_number else texted.reachable(user.pk)
    takes = {
        "takes_text": to is not None,
        "takes_password": by_number and user.has_usable_password(),
    }
    page: dict[str, Any] = {
        "number": phones.masked(to.phone) if to and to.phone else "",
        "by_number": by_number,
        "is_sent": texted.ASKED in request.session,
    }
    if request.method == "POST" and request.POST.get("action") == "send" and to is not None:
        try:
            texted.send(request, user.pk, to, TextPurpose.SIGN_IN)
            page["is_sent"] = True
        except pace.TooOften:
            page["wrong"] = _too_often()
    elif request.method == "POST":
        form = texted.TextStepForm(request.POST, **takes)
        if form.is_valid() and _is_shown(request, user, form, takes_text=to is not None):
            answer: HttpResponse = stage.exit()
            return answer
        return render(request, "mfa/text/step.html", page | {"form": form})
    return render(request, "mfa/text/step.html", page | {"form": texted.TextStepForm(**takes)})


def _is_shown(request: HttpRequest, user: Any, form: forms.Form, *, takes_text: bool) -> bool:
    """Whether the second step was made; else the form says what was wrong."""
    code = "".join(str(form.cleaned_data.get("code", "")).split())
    password = form.cleaned_data.get("password", "")
    try:
        if password:
            texted.check_password(request, user, password)
            record_authentication(request, user, "password")
        elif takes_text and len(code) == texted.FIGURES:
            texted.check(request, user.pk, code, TextPurpose.SIGN_IN)
            record_authentication(request, user, "mfa", type=texted.WAY)
        else:
            texted.check_recovery(request, user.pk, code)
            record_authentication(request, user, "mfa", type="recovery_codes")
    except forms.ValidationError as error:
        form.add_error("password" if password else "code", error)
        return False
    return True


class Again(BaseReauthenticateView):  # type: ignore[misc]
    """Before something dangerous: a code by text once more."""

    form_class = texted.TextCodeForm
    template_name = "mfa/text/again.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert request.user.pk is not None
        to = texted.reachable(request.user.pk)
        if request.POST.get("action") == "send" and to is not None:
            try:
                texted.send(request, request.user.pk, to, TextPurpose.ONCE_MORE)
            except pace.TooOften:
                return self._seen(wrong=_too_often())
            return self._seen(is_sent=True)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def _seen(self, **more: Any) -> HttpResponse:
        page = self.get_context_data(form=self.form_class()) | more
        answer: HttpResponse = self.render_to_response(page)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.request.user.pk is not None
        to = texted.reachable(self.request.user.pk)
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return found | {
            "number": phones.masked(to.phone) if to and to.phone else "",
            "is_sent": texted.ASKED in self.request.session,
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        user = self.request.user
        try:
            texted.check(self.request, user.pk, form.cleaned_data["code"], TextPurpose.ONCE_MORE)
        except forms.ValidationError as error:
            form.add_error("code", error)
            answer: HttpResponse = self.form_invalid(form)
            return answer
        record_authentication(self.request, user, "mfa", type=texted.WAY, reauthenticated=True)
        led: HttpResponse = super().form_valid(form)
        return led


again = signed_in(never_cache(Again.as_view()))


def _too_often() -> str:
    return _("Five codes went to that number within the hour. Use a recovery code, or wait.")
