"""Who sent a request: the nearest address that is no proxy of ours. From anybody else X-Forwarded-For is a claim, and ignored."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable


class Proxies:
    """The reverse proxies whose word is taken: addresses or networks."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(one.strip()) for one in trusted if one.strip()]

    def sender(self, address: str, forwarded_for: str) -> str:
        """The sender, from the connection's address and the header as it came."""
        if not self._networks or not forwarded_for or not self.is_ours(address):
            return address
        for hop in reversed([part.strip() for part in forwarded_for.split(",")]):
            if not self.is_ours(hop):
                return hop
        return address

    def is_ours(self, address: str) -> bool:
        """Whether that is a proxy whose word is taken."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)
