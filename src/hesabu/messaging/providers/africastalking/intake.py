"""Whose letters are Africa's Talking's. Nothing is signed: the token in the path, which only they were told, is all that
vouches for a letter. It is long, never logged, and can be changed."""

from __future__ import annotations

from hesabu.store.letters import HookRequest, NotGenuine, OpenEndpoint, Verdict

KINDS = ("delivery", "inbound", "optout")


class AfricasTalkingIntake:
    body_bytes_max = 32 * 1024

    def verify(self, endpoint: OpenEndpoint, request: HookRequest) -> Verdict:
        if request.ref.strip("/") not in KINDS:
            raise NotGenuine("africastalking: no such address")
        return Verdict(is_vouched=False)

    def handshake(self, endpoint: OpenEndpoint, request: HookRequest) -> bytes | None:
        return None
