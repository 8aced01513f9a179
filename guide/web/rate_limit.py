"""How often one client may ask."""

import ipaddress
import threading
import time
from collections.abc import Callable

REMEMBERED_CLIENTS = 10_000


class RateLimit:
    """Lets each client do `per_minute` things at once, then one each `60 / per_minute` seconds.

    The generic cell rate algorithm (ITU-T I.371): one moment is kept for each client, the one at which its allowance
    is whole again.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`per_minute` 0 means no limit."""
        self._step = 60 / per_minute if per_minute else 0.0
        self._span = 60.0
        self._clock = clock
        self._whole_again: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, client: str) -> float:
        """The seconds that `client` has to wait; 0 if it may go on, which then counts."""
        if not self._step:
            return 0.0
        with self._lock:
            now = self._clock()
            if len(self._whole_again) >= REMEMBERED_CLIENTS:
                self._forget(now)
            key = network(client)
            next_whole = max(self._whole_again.get(key, now), now) + self._step
            # A nanosecond of slack: sixty steps of a minute don't add up to it exactly.
            if (excess := next_whole - now - self._span) > 1e-9:
                return excess
            self._whole_again[key] = next_whole
            return 0.0

    async def wait_soon(self, client: str) -> float:
        """As `wait`, which takes microseconds here."""
        return self.wait(client)

    def _forget(self, now: float) -> None:
        """Drops whose allowance is whole, and all if that leaves too many: a flood may not fill the memory."""
        self._whole_again = {key: moment for key, moment in self._whole_again.items() if moment > now}
        if len(self._whole_again) >= REMEMBERED_CLIENTS:
            self._whole_again.clear()


def network(client: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that one IPv6 subscriber has.

    >>> network("203.0.113.7"), network("2001:db8:1:2:3:4:5:6"), network("testclient")
    ('203.0.113.7', '2001:db8:1:2::/64', 'testclient')
    """
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return client
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False))
