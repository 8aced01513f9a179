"""What an operator may set about the web server."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from guide.errors import GuideError

MAX_BODY_BYTES = 256 * 1024
"""A question of 8,000 characters with a dozen like it as its history, as JSON."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the server treats those who ask. The defaults fit a computer of one's own."""

    password: str = ""
    """Asked for on every page if there is one; the name that goes with it may be anything."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose `X-Forwarded-…` headers are believed; `*` for any."""
    questions_per_minute: int = 60
    """Of one client; 0 for as many as it likes."""
    at_once: int = min(4, os.cpu_count() or 1)
    """How many questions are worked on at the same time: more than there are cores would only slow each other."""
    in_hand: int = 16
    """How many may be worked on or wait. Sixteen people at once are all answered; more would only wait longer."""
    metrics: bool = False
    """Whether `/metrics` is there."""
    log: bool = False
    """Whether a line is printed for each question: what came of it and how long it took, no word of it."""
    frame_ancestors: str = "'none'"
    """Which pages may show the chat within theirs, as the Content-Security-Policy names them."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "WebSettings":
        """The settings with what the environment says.

        Raises:
            GuideError: a variable holds what it can't.
        """
        hosted = bool(environment.get("SPACE_ID"))  # a hosted Space stands behind its host's proxy, in its page
        return cls(
            password=_password(environment),
            trusted_proxies=_proxies(environment.get("GUIDE_TRUSTED_PROXIES", "*" if hosted else "")),
            questions_per_minute=_number(environment, "GUIDE_QUESTIONS_PER_MINUTE", cls().questions_per_minute),
            at_once=_number(environment, "GUIDE_AT_ONCE", cls().at_once, least=1),
            in_hand=_number(environment, "GUIDE_IN_HAND", cls().in_hand, least=1),
            metrics=_switch(environment, "GUIDE_METRICS"),
            log=_switch(environment, "GUIDE_LOG"),
            frame_ancestors=_sources(
                environment.get("GUIDE_FRAME_ANCESTORS", "https://huggingface.co" if hosted else "'none'")
            ),
        )


def _password(environment: Mapping[str, str]) -> str:
    password = environment.get("GUIDE_PASSWORD")
    if password is not None and not password.strip():
        raise GuideError("GUIDE_PASSWORD is set but empty; give it a password, or unset it to ask for none.")
    return password or ""


def _proxies(written: str) -> tuple[str, ...]:
    proxies = tuple(filter(None, (part.strip() for part in written.split(","))))
    for proxy in proxies:
        try:
            if proxy != "*":
                ipaddress.ip_network(proxy)
        except ValueError:
            raise GuideError(
                f"GUIDE_TRUSTED_PROXIES names {proxy!r}; it must be addresses or networks such as 127.0.0.1 or "
                "10.0.0.0/8, separated by commas, or * for any."
            ) from None
    return proxies


def _number(environment: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    written = environment.get(name) or str(default)
    if not (written.isascii() and written.isdigit() and least <= int(written) <= 1_000_000):
        raise GuideError(f"{name} is {written!r}; it must be a whole number from {least} to 1,000,000.")
    return int(written)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    written = environment.get(name, "")
    if written not in ("", "0", "1"):
        raise GuideError(f"{name} is {written!r}; it must be 1 (on) or 0 (off).")
    return written == "1"


def _sources(written: str) -> str:
    if not re.fullmatch(r"'none'|'self'|(?:https://[A-Za-z0-9.*:-]+ ?)+", written):
        raise GuideError(
            f"GUIDE_FRAME_ANCESTORS is {written!r}; it must be 'none', 'self' or addresses such as https://example.org."
        )
    return written.strip()
