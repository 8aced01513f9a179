"""Counts and timings, for Prometheus and for the log; no word of a question is ever handed to either."""

import logging
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

from guide.web.question_queue import Outcome
from guide.web.reloading import IndexSnapshot

log = logging.getLogger("guide.web")

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
OUTCOMES: tuple[Outcome, ...] = ("answered", "refused", "busy", "limited", "failed")


class Metrics:
    """What Prometheus reads; a registry of its own, so that several servers in one process don't add up."""

    def __init__(self, snapshot: Callable[[], IndexSnapshot]) -> None:
        self._snapshot = snapshot
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._questions = Counter(
            "guide_questions", "Questions by what came of them", ["outcome"], registry=self._registry
        )
        for outcome in OUTCOMES:
            self._questions.labels(outcome)
        self._seconds = Histogram(
            "guide_question_seconds", "Time to answer, waiting included", buckets=BUCKETS, registry=self._registry
        )
        self._size = Gauge("guide_index_size", "What the index holds", ["kind"], registry=self._registry)

    def record(self, outcome: Outcome, seconds: float) -> None:
        """Counts a question; the time of those that were answered is kept too."""
        self._questions.labels(outcome).inc()
        if outcome == "answered":
            self._seconds.observe(seconds)

    def page(self) -> bytes:
        """What `/metrics` shows, in Prometheus' text format."""
        for kind, count in self._snapshot().counts.items():
            self._size.labels(kind).set(count)
        return generate_latest(self._registry)


def log_question(outcome: Outcome, seconds: float) -> None:
    """Writes a line of the log: what came of a question, and how long it took."""
    log.info("question %s in %.0f ms", outcome, seconds * 1000)
