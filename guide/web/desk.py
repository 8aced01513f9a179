"""Where every question arrives, whichever way it came: so many at once, so many waiting, so many a minute."""

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from anyio import to_thread

from guide.errors import NotNowError, QuestionError
from guide.guide import Entry, Guide
from guide.query import turns
from guide.records import Answer, Article, Assessment, Passage
from guide.safety import assess
from guide.survey import Survey
from guide.web.living import LivingGuide
from guide.web.rate_limit import RateLimit
from guide.web.settings import WebSettings

Outcome = Literal["answered", "refused", "busy", "limited", "failed"]
Record = Callable[[Outcome, float], None]
"""Told what came of a question and how many seconds it took, never a word of it."""


class BusyError(NotNowError):
    """As many questions wait as may."""


class LimitError(NotNowError):
    """This client has asked more than its share."""


class Desk:
    """A guide that takes on no more questions than it can answer soon."""

    def __init__(self, guide: LivingGuide, settings: WebSettings, records: Sequence[Record] = ()) -> None:
        self._guide = guide
        self._records = records
        self._rate = RateLimit(settings.questions_per_minute)
        self._places = threading.BoundedSemaphore(settings.in_hand)
        self._turns = threading.BoundedSemaphore(settings.at_once)

    @property
    def now(self) -> Guide:
        """The guide that answers now. Whoever needs both articles and passages takes them from one."""
        return self._guide.edition.guide

    @property
    def articles(self) -> tuple[Article, ...]:
        return self.now.articles

    @property
    def passages(self) -> Sequence[Passage]:
        return self.now.passages

    def ask(
        self,
        question: str,
        history: Sequence[Entry] = (),
        country: str | None = None,
        *,
        articles: Sequence[str] = (),
    ) -> Answer:
        """As `Guide.ask`, when its turn has come.

        Raises:
            BusyError: too many wait already; said at once, with the way to help, which needs no search.
        """
        with self._place(question, history, country), self._turns:
            return self.now.ask(question, history, country, articles=articles)

    async def ask_soon(
        self,
        question: str,
        history: Sequence[Entry] = (),
        country: str | None = None,
        articles: Sequence[str] = (),
    ) -> Answer:
        """As `ask`, for a caller that goes on with others meanwhile; it is refused without waiting for a thread."""

        def work() -> Answer:
            with self._turns:
                return self.now.ask(question, history, country, articles=articles)

        with self._place(question, history, country):
            return await to_thread.run_sync(work)

    def survey(self, answer: Answer | None = None) -> Survey:
        """As `Guide.survey`, when its turn has come."""
        with self._turns:
            return self.now.survey(answer)

    def admit(self, client: str) -> None:
        """Counts a question of `client`.

        Raises:
            LimitError: it has asked more than its share.
        """
        wait = self._rate.wait(client)
        if not wait:
            return
        for record in self._records:
            record("limited", 0.0)
        seconds = math.ceil(wait)
        error = LimitError(
            f"These are more questions than one person is likely to ask; ask again in {seconds} second"
            f"{'' if seconds == 1 else 's'}."
        )
        error.retry_after = seconds
        raise error

    @contextmanager
    def _place(self, question: str, history: Sequence[Entry], country: str | None) -> Iterator[None]:
        """A place among those that wait or are worked on, and a record of what came of it."""
        begun = time.monotonic()
        outcome: Outcome = "failed"
        try:
            if not self._places.acquire(blocking=False):
                outcome = "busy"
                error = BusyError("Guide is busy: many questions are waiting already; ask again in a moment.")
                error.safety = assessed(question, history, country)
                raise error
            try:
                yield
                outcome = "answered"
            finally:
                self._places.release()
        except QuestionError:
            outcome = "refused"
            raise
        finally:
            for record in self._records:
                record(outcome, time.monotonic() - begun)


def assessed(question: str, history: Sequence[Entry] = (), country: str | None = None) -> Assessment:
    """What the safety gate decides from the words alone: it needs no index, no model and no turn."""
    try:
        return assess(question, turns(history), country=country)
    except QuestionError:
        return assess(question, country=country)
