"""Who an OpenID Connect provider says somebody is, believed only as far as its word proves itself.

The library follows the flow (state, PKCE, the code); here its word is held to what the specification asks of whoever takes it:
that it comes from the issuer that was set and no other, is signed by it, is for us, answers this very request (nonce), came
with this very access token (at_hash), and that the two answers of the provider are about the same person. Google is one of them.
"""

from __future__ import annotations

import base64
from typing import Any

import jwt
import requests
import structlog
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hesabu.kit import crypto

log = structlog.get_logger(__name__)
GOOGLE = "google"
"""The provider that people come back from to an address of its own, which they told Google long ago."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures by a key of which the provider keeps the secret half. `none` and those by a shared secret are not among them."""


class Claims(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """What the provider says, checked."""

    state: dict[str, Any]

    @property
    def openid_config(self) -> Any:
        """What the provider says of itself. Another issuer than the one that was set is nobody we asked."""
        found = super().openid_config
        set_to = str(self.get_provider().app.settings["server_url"]).partition("/.well-known/")[0]
        if not _is_same(found.get("issuer"), set_to):
            raise OAuth2Error("the provider names another issuer")
        return found

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = self._decode_id_token(app, kwargs["response"].get("id_token"))
        nonce = self.state.get("nonce")
        if not nonce or not crypto.same(str(nonce).encode(), str(claims.get("nonce")).encode()):
            raise OAuth2Error("the word answers another request")
        self._require_token(kwargs["response"]["id_token"], claims, token.token)
        said = self._fetch_user_info(token.token)
        if not claims.get("sub") or said.get("sub") != claims["sub"]:
            raise OAuth2Error("the provider's two answers are about two people")
        return self.get_provider().sociallogin_from_response(
            request, {"userinfo": said, "id_token": claims}
        )

    def _require_token(self, id_token: str, claims: dict[str, Any], access_token: str) -> None:
        """The word names the access token that came with it, where it names one at all: no other was put in its place."""
        if "at_hash" not in claims:
            return
        signed_by = str(jwt.get_unverified_header(id_token)["alg"])
        # Ed25519 signs over SHA-512, and has no hash of its own to ask for.
        algorithm = jwt.get_algorithm_by_name("RS512" if signed_by == "EdDSA" else signed_by)
        digest = algorithm.compute_hash_digest(access_token.encode())
        written = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
        if not crypto.same(written, str(claims["at_hash"]).encode()):
            raise OAuth2Error("the word came with another access token")

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        if self.provider_id != GOOGLE:
            return str(super().get_callback_url(request, app))
        return str(build_absolute_uri(request, reverse("google_callback")))

    def _decode_id_token(self, app: SocialApp, id_token: Any) -> dict[str, Any]:
        """Its signature is looked at though it came from the provider itself."""
        if not isinstance(id_token, str):
            raise OAuth2Error("no word of the provider")
        try:
            if jwt.get_unverified_header(id_token).get("alg") not in ALGORITHMS:
                raise OAuth2Error("an algorithm that proves nothing")
        except jwt.PyJWTError as error:
            raise OAuth2Error("unreadable") from error
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        audiences = claims.get("aud")
        several = isinstance(audiences, list) and len(audiences) > 1
        if (several or "azp" in claims) and claims.get("azp") != app.client_id:
            raise OAuth2Error("the word was given to another")
        return claims


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """Asks with a nonce, which lies in the state that the browser's session keeps."""

    oauth2_adapter_class = Claims

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: Any = None,
        data: Any = None,
        **more: Any,
    ) -> HttpResponse:
        nonce = crypto.token(24)
        more["auth_params"] = self.get_auth_params() | {"nonce": nonce}
        more["scope"] = self.get_scope()
        answer: HttpResponse = super().redirect(
            request, process, next_url, data, nonce=nonce, **more
        )
        return answer


class _Begin(OAuth2LoginView):  # type: ignore[misc]
    """The way to the provider."""


class _Return(OAuth2CallbackView):  # type: ignore[misc]
    """The way back."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        if state is not None and not self._is_of_whom_we_asked(request):
            log.warning("openid.mixed_up")
            return None, _failed(request)
        return state, answer

    def _is_of_whom_we_asked(self, request: HttpRequest) -> bool:
        """By the issuer that the answer names (RFC 9207): so no other provider's answer is taken for this one's."""
        known = self.adapter.openid_config
        named = request.GET.get("iss")
        if named is None:
            return not known.get("authorization_response_iss_parameter_supported")
        return _is_same(named, known["issuer"])


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _seen(_Begin, request, provider_id)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _seen(_Return, request, provider_id)


def _seen(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """What the provider says is read by the library, which trusts its shape: nonsense is refused here, and so is silence."""
    try:
        answer: HttpResponse = view.adapter_view(Claims(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        OAuth2Error,
        jwt.PyJWTError,
        requests.RequestException,
    ) as error:
        log.warning("openid.refused", kind=type(error).__name__)
        return _failed(request)
    return answer


def _failed(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/authentication_error.html", status=400)


def _is_same(issuer: Any, set_to: str) -> bool:
    return isinstance(issuer, str) and issuer.rstrip("/") == set_to.rstrip("/")
