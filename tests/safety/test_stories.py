"""What the gate makes of long stories: 110 of 60 to 180 words by one author who had seen nothing of it.

Most are of ordinary distance, some of lasting distress, and some are close to these in words and tell of danger in one
or two plain facts. The model has learned from none of them. The bounds are what was measured; docs/safety.md has the
figures.
"""

import json
from pathlib import Path

import pytest

from guide.levels import at_least
from guide.safety.classifier import Classify
from guide.safety.gate import assess

DANGER = at_least("abuse")
STORIES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "everyday_stories.jsonl").read_text("utf-8").splitlines()
]
HARMLESS = [story["text"] for story in STORIES if DANGER.isdisjoint(story["allowed"])]
DANGEROUS = [story["text"] for story in STORIES if set(story["allowed"]) <= DANGER]

ALARMED, ALARMED_BY_WORDS, SEEN = 15, 8, 11
"""How many of the 90 harmless ones alarm at most, by all and by the rules alone, and how many of the 20 in danger are
seen at least."""


def test_each_story_is_whole_and_comes_once() -> None:
    assert len({story["text"] for story in STORIES}) == len(STORIES) == 110
    assert (len(HARMLESS), len(DANGEROUS)) == (90, 20)


def test_by_their_words_harmless_stories_alarm_no_oftener_than_measured() -> None:
    assert sum(assess(text).level in DANGER for text in HARMLESS) <= ALARMED_BY_WORDS


@pytest.mark.model
def test_harmless_stories_alarm_no_oftener_than_measured(classify: Classify) -> None:
    assert sum(assess(text, classify=classify).level in DANGER for text in HARMLESS) <= ALARMED


@pytest.mark.model
def test_danger_in_a_story_is_seen_as_often_as_measured(classify: Classify) -> None:
    assert sum(assess(text, classify=classify).level in DANGER for text in DANGEROUS) >= SEEN
