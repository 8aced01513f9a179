"""The development questions stay true to the article: every gold text is the article's own words."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "data" / "questions.jsonl"
ARTICLE = ROOT / "corpus" / "emotional-detachment.md"
OTHER_QUESTIONS = ROOT / "tests" / "data" / "questions-boundaries.jsonl"
OTHER = ROOT / "corpus" / "healthy-boundaries.md"

UNANSWERABLE = {"near_unanswerable", "out_of_scope"}
AT_LEAST = {
    "direct": 30,
    "paraphrase": 25,
    "first_person": 20,
    "colloquial": 20,
    "misspelt": 15,
    "keywords": 15,
    "follow_up": 20,
    "near_unanswerable": 25,
    "out_of_scope": 20,
}

_, FRONT_MATTER, BODY = ARTICLE.read_text(encoding="utf-8").split("---\n", 2)
ROWS: list[dict[str, Any]] = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def _sections(body: str) -> Iterator[tuple[str, list[str]]]:
    """Each heading with its lines as plain text: no heading or list marks, no emphasis, a table's cells one by one."""
    for part in re.split(r"^#+ ", body, flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        text = re.sub(r"^- ", "", text.replace("**", ""), flags=re.MULTILINE)
        yield heading, [cell.strip() for line in text.splitlines() for cell in line.split("|") if cell.strip(" -")]


SECTIONS = dict(_sections(BODY))
OTHER_SECTIONS = dict(_sections(OTHER.read_text(encoding="utf-8").split("---\n", 2)[2]))
OTHER_ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in OTHER_QUESTIONS.read_text(encoding="utf-8").splitlines()
]
"""Questions on the second article. What both articles answer stands among the first one's, with the words of both."""


def _stands(gold: str, line: str) -> bool:
    """Whether `gold` is a whole line of the article, or whole sentences of it."""
    return bool(re.search(rf"(?:^|[.!?] ){re.escape(gold)}(?:$| )", line))


def test_ids_are_unique() -> None:
    assert [name for name, times in Counter(row["id"] for row in [*ROWS, *OTHER_ROWS]).items() if times > 1] == []


def test_every_kind_has_enough_questions() -> None:
    counts = Counter(row["kind"] for row in ROWS)
    assert set(counts) == set(AT_LEAST)
    assert {kind: counts[kind] for kind, least in AT_LEAST.items() if counts[kind] < least} == {}


@pytest.mark.parametrize("row", [*ROWS, *OTHER_ROWS], ids=lambda row: row["id"])
def test_row(row: dict[str, Any]) -> None:
    assert set(row) - {"history"} == {"id", "kind", "question", "gold", "section"}
    for message in (*row.get("history", []), row["question"]):
        # What a person types: no mark-up of the file's making at either end.
        assert re.fullmatch(r"\w.*[\w.?!]", message), message
    # A question counts as unanswerable by its empty gold alone, so the kind has to agree.
    assert (row["gold"] == []) == (row["kind"] in UNANSWERABLE)
    assert row["kind"] != "follow_up" or row["history"]
    sections = {**OTHER_SECTIONS, **SECTIONS}
    for gold in row["gold"]:
        assert any(
            _stands(gold, line) for part in (SECTIONS, OTHER_SECTIONS) for lines in part.values() for line in lines
        )
    if row["gold"]:
        assert any(_stands(row["gold"][0], line) for line in sections[row["section"]]), row["section"]
    else:
        assert row["section"] == ""


def test_every_section_is_asked_about() -> None:
    asked = [gold for row in ROWS for gold in row["gold"]]
    unasked = [
        heading
        for heading, lines in SECTIONS.items()
        if lines and not any(_stands(gold, line) for gold in asked for line in lines)
    ]
    assert unasked == []


def test_no_question_is_one_that_helps_retrieval() -> None:
    """The front matter's questions are searched as well: one of them here would measure itself."""
    listed = {q.casefold() for questions in yaml.safe_load(FRONT_MATTER)["questions"].values() for q in questions}
    assert [row["id"] for row in ROWS if row["question"].casefold() in listed] == []


def test_no_question_is_asked_twice() -> None:
    asked = Counter((row["question"].casefold(), tuple(row.get("history", []))) for row in ROWS)
    assert [question for question, times in asked.items() if times > 1] == []
