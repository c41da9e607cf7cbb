"""How letters from Safaricom are recognised. They are not signed: what vouches for one is the address it came from."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from hesabu.store.letters import HookRequest, OpenEndpoint, Verdict

SAFARICOM = (
    "196.201.212.69", "196.201.212.74", "196.201.212.127", "196.201.212.128", "196.201.212.129", "196.201.212.132",
    "196.201.212.136", "196.201.212.138", "196.201.213.44", "196.201.213.114", "196.201.214.200", "196.201.214.206",
    "196.201.214.207", "196.201.214.208",
)  # fmt: skip
"""The addresses that Safaricom publishes for its callbacks."""


class MpesaIntake:
    """`addresses` are single addresses or networks that callbacks may come from."""

    body_bytes_max = 16 * 1024

    def __init__(self, addresses: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(address) for address in addresses]
        self._seen: dict[str, bool] = {}

    def verify(self, endpoint: OpenEndpoint, request: HookRequest) -> Verdict:
        """Never refuses: an unvouched letter is filed too, and moves nothing before the provider was asked."""
        return Verdict(is_vouched=self._is_known(request.remote_address))

    def handshake(self, endpoint: OpenEndpoint, request: HookRequest) -> bytes | None:
        return None

    def _is_known(self, address: str) -> bool:
        known = self._seen.get(address)
        if known is None:
            try:
                found = ipaddress.ip_address(address)
            except ValueError:
                return False
            known = any(found in network for network in self._networks)
            if len(self._seen) > 4096:
                self._seen.clear()
            self._seen[address] = known
        return known
