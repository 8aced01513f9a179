"""Counts of what each client asks that several servers share, in Valkey or Redis; and a rate limit over them."""

import asyncio
import logging
import threading
import time
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from guide.errors import GuideError
from guide.web.rate_limit import RateLimit, network

if TYPE_CHECKING:
    from limits import RateLimitItem

log = logging.getLogger("guide.web")

ANSWER_SECONDS = 0.25
"""How long the store may take to answer: a question waits no longer for being counted."""

AWAY_SECONDS = 5.0
"""For how long a store that didn't answer isn't asked again."""

STORE_SCHEMES = {
    "valkey": "valkey",
    "redis": "valkey",
    "valkeys": "valkeys",
    "rediss": "valkeys",
    "valkey+unix": "valkey+unix",
    "redis+unix": "valkey+unix",
}
"""The schemes of an address, and what the client calls each of them; Valkey's client speaks with both servers."""


class Limit(Protocol):
    """Says how long a client has to wait before it does one thing more."""

    def wait(self, client: str) -> float:
        """The seconds that the client at that address has to wait; 0 if it may go on, which then counts."""

    async def wait_soon(self, client: str) -> float:
        """As `wait`, for a caller that goes on with others meanwhile."""


class SharedCounts:
    """How often each client did something in the last minute, counted together by all servers that name this store.

    A count that is a minute old is forgotten. The moments are those of the servers' own clocks.
    """

    def __init__(self, address: str) -> None:
        """`address` is that of the store, such as `valkey://:password@host:6379/0`.

        Raises:
            GuideError: it is no such address, or the library that speaks with the store isn't installed.
        """
        self.place = without_password(address)
        try:
            from limits.storage import storage_from_string
            from limits.strategies import MovingWindowRateLimiter
            from valkey.backoff import NoBackoff
            from valkey.retry import Retry
        except ImportError:
            raise GuideError(
                "GUIDE_RATE_LIMIT_STORE is set, and the library that speaks with the store isn't installed; "
                "run `pip install 'quoted-guide[replicas]'`, or unset it to have each server count for itself."
            ) from None
        scheme, _, rest = address.partition("://")
        try:
            storage = storage_from_string(
                f"{STORE_SCHEMES[scheme]}://{rest}",
                wrap_exceptions=True,
                key_prefix="guide",
                socket_connect_timeout=ANSWER_SECONDS,
                socket_timeout=ANSWER_SECONDS,
                # A connection that the store has closed meanwhile, at its restart say, is opened anew at once.
                retry=Retry(NoBackoff(), 1),  # type: ignore[arg-type]
            )
        except (LookupError, TypeError, ValueError):
            raise GuideError(_NO_ADDRESS) from None
        self._storage = storage
        self._limiter = MovingWindowRateLimiter(storage)
        self._lock = threading.Lock()
        self._ask_from = 0.0
        self._is_away = False

    def wait(self, item: "RateLimitItem", *names: str) -> float | None:
        """The seconds until one thing more of `names` may be done within `item`; 0 if it may be done now, which then
        counts. Nothing while the store is away.
        """
        from limits.errors import StorageError

        if not self._may_be_asked():
            return None
        try:
            waited = 0.0
            if not self._limiter.hit(item, *names):
                free = self._limiter.get_window_stats(item, *names).reset_time
                waited = min(max(free - time.time(), 0.001), float(item.get_expiry()))
        except StorageError as error:
            self._note_away(error.storage_error)
            return None
        self._note_back()
        return waited

    def answers(self) -> bool:
        """Whether the store answers now; one that was found away isn't asked again at once."""
        if not self._may_be_asked():
            return False
        if self._storage.check():
            self._note_back()
            return True
        self._note_away(None)
        return False

    def _may_be_asked(self) -> bool:
        """Whether the store is there as far as is known; of one that was away one caller at a time finds out."""
        with self._lock:
            now = time.monotonic()
            if now < self._ask_from:
                return False
            if self._is_away:
                self._ask_from = now + AWAY_SECONDS
            return True

    def _note_away(self, error: Exception | None) -> None:
        with self._lock:
            news, self._is_away = not self._is_away, True
            self._ask_from = time.monotonic() + AWAY_SECONDS
        if news:
            log.warning(
                "The rate limits' store %s doesn't answer (%s); each server counts for itself until it does.",
                self.place,
                type(error).__name__ if error else "no answer",
            )

    def _note_back(self) -> None:
        with self._lock:
            news, self._is_away = self._is_away, False
            self._ask_from = 0.0
        if news:
            log.warning("The rate limits' store %s answers again.", self.place)


_NO_ADDRESS = (
    "GUIDE_RATE_LIMIT_STORE is no address of a store; expected valkey://HOST:PORT or redis://HOST:PORT "
    "(valkeys:// and rediss:// for TLS, valkey+unix:///PATH for a socket)."
)


def without_password(address: str) -> str:
    """A store's address as it may be shown: without the name, the password and the options in it.

    >>> without_password("valkey://guide:secret@counts.example:6379/0?timeout=1")
    'valkey://counts.example:6379/0'

    Raises:
        GuideError: it is no address of a store.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise GuideError(_NO_ADDRESS) from None
    if parts.scheme not in STORE_SCHEMES or not (host or parts.scheme.endswith("+unix")):
        raise GuideError(_NO_ADDRESS)
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"


class SharedRateLimit:
    """Lets each client do `per_minute` things in any minute, counted together with the other servers.

    While the store is away this server counts for itself.
    """

    def __init__(self, name: str, per_minute: int, counts: SharedCounts) -> None:
        """`name` tells this limit from others in the store."""
        from limits import RateLimitItemPerMinute

        self._name, self._counts = name, counts
        self._item = RateLimitItemPerMinute(per_minute)
        self._alone = RateLimit(per_minute)

    def wait(self, client: str) -> float:
        """The seconds that `client` has to wait; 0 if it may go on, which then counts."""
        waited = self._counts.wait(self._item, self._name, network(client))
        return self._alone.wait(client) if waited is None else waited

    async def wait_soon(self, client: str) -> float:
        """As `wait`, in a thread: the store is another process."""
        return await asyncio.to_thread(self.wait, client)


def rate_limit_for(name: str, per_minute: int, counts: SharedCounts | None) -> Limit:
    """The limit of that name, counted in `counts` if there are any, else in this process; `per_minute` 0 means none."""
    return SharedRateLimit(name, per_minute, counts) if counts and per_minute else RateLimit(per_minute)
