"""Where every question arrives, whichever way it came: so many at once, so many waiting, so many a minute."""

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, TypeVar

from guide.errors import NotNowError, QuestionError
from guide.guide import Guide
from guide.index.state import State
from guide.records import Answer, Article, AskRequest, Assessment, Passage
from guide.request import assess_words
from guide.retrieval.passage_map import Survey
from guide.web.reloading import ReloadingGuide
from guide.web.settings import WebSettings
from guide.web.shared_counts import SharedCounts, rate_limit_for

Outcome = Literal["answered", "refused", "busy", "limited", "failed"]
RecordOutcome = Callable[[Outcome, float], None]
"""Told what came of a question and how many seconds it took, never a word of it."""


OVERLOADED_SECONDS = 0.5
"""Seconds after a rejection during which only one slot in `OVERLOADED_SHARE` is granted."""

OVERLOADED_SHARE = 3
"""The divisor of the number of slots while the server is overloaded."""

Result = TypeVar("Result")


class BusyError(NotNowError):
    """A question is refused because as many are waiting as may."""

    kind = "busy"


class LimitError(NotNowError):
    """A question is refused because its client has asked too many in a minute."""

    kind = "too_many"


class AdmissionLimit:
    """How many questions are in hand. While some are refused only a part of the places is given out: refusing takes its
    share of the processor, and those who were accepted shall not wait longer for it.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._lock = threading.Lock()
        self._taken = 0
        self._refused = -math.inf

    def acquire(self) -> bool:
        """Takes a slot if one is free, and says whether it was."""
        now = time.monotonic()
        with self._lock:
            overloaded = now - self._refused < OVERLOADED_SECONDS
            if self._taken >= (max(1, self._count // OVERLOADED_SHARE) if overloaded else self._count):
                self._refused = now
                return False
            self._taken += 1
            return True

    def release(self) -> None:
        """Gives back a slot that `acquire` took."""
        with self._lock:
            self._taken -= 1


class QuestionQueue:
    """A guide that takes on no more questions than it can answer soon."""

    def __init__(
        self,
        guide: ReloadingGuide,
        settings: WebSettings,
        records: Sequence[RecordOutcome] = (),
        counts: SharedCounts | None = None,
    ) -> None:
        """`counts` are shared with other servers, if there are any."""
        self._guide = guide
        self._records = records
        self._rate = rate_limit_for("questions", settings.questions_per_minute, counts)
        self._admission = AdmissionLimit(settings.in_hand)
        # Its queue keeps the order in which questions came; waiters at a semaphore overtake each other.
        self._workers = ThreadPoolExecutor(settings.at_once, thread_name_prefix="answer")

    @property
    def now(self) -> Guide:
        """The guide that answers now. Whoever needs both articles and passages takes them from one."""
        return self._guide.snapshot.guide

    @property
    def articles(self) -> tuple[Article, ...]:
        return self._guide.articles

    @property
    def passages(self) -> Sequence[Passage]:
        return self._guide.passages

    def reading(self) -> AbstractContextManager[State]:
        """The one state that the corpus is in now."""
        return self.now.reading()

    def answer(self, request: AskRequest) -> Answer:
        """Answers `request` as `Guide.answer` does, once the questions before it are done.

        Raises:
            BusyError: too many wait already; said at once, with the way to help, which needs no search.
        """
        with self._place(request):
            return self._submit(lambda guide: guide.answer(request)).result()

    async def answer_soon(self, request: AskRequest) -> Answer:
        """As `answer`, for a caller that goes on with others meanwhile; it is refused without waiting for a thread."""
        with self._place(request):
            return await asyncio.wrap_future(self._submit(lambda guide: guide.answer(request)))

    async def assess_soon(self, request: AskRequest) -> Assessment:
        """Assesses `request` as `Guide.assess` does, once the questions before it are done; refused as in `answer`."""
        with self._place(request):
            return await asyncio.wrap_future(self._submit(lambda guide: guide.assess(request)))

    def survey(self, answer: Answer | None = None) -> Survey:
        """The survey that `Guide.survey` gives, once the questions before it are done."""
        return self._workers.submit(lambda: self.now.survey(answer)).result()

    def _submit(self, work: Callable[[Guide], Result]) -> "Future[Result]":
        # Which guide answers is decided when its turn comes.
        return self._workers.submit(lambda: work(self.now))

    def admit(self, client: str) -> None:
        """Counts a question of the client at the address `client` against its share.

        Raises:
            LimitError: it has asked more than its share.
        """
        self._refuse_if(self._rate.wait(client))

    async def admit_soon(self, client: str) -> None:
        """As `admit`, for a caller that goes on with others meanwhile."""
        self._refuse_if(await self._rate.wait_soon(client))

    def _refuse_if(self, wait: float) -> None:
        """Raises the error that tells a client to wait so many seconds, if there are any."""
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
    def _place(self, request: AskRequest) -> Iterator[None]:
        """A place among those that wait or are worked on, and a record of what came of it."""
        begun = time.monotonic()
        outcome: Outcome = "failed"
        try:
            if not self._admission.acquire():
                outcome = "busy"
                error = BusyError("Guide is busy: many questions are waiting already; ask again in a moment.")
                error.safety = assess_words(request.question, request.history, request.country)
                raise error
            try:
                yield
                outcome = "answered"
            finally:
                self._admission.release()
        except QuestionError:
            outcome = "refused"
            raise
        finally:
            for record in self._records:
                record(outcome, time.monotonic() - begun)
