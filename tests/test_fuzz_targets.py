"""Whatever comes in: an answer, an article or one clear sentence, never another error, never words nobody wrote."""

from typing import Any

import pytest
from fuzz_targets import DOORS, guide, quotes_hold, survives
from hypothesis import given, settings
from hypothesis import strategies as st
from json_values import any_json

from guide.errors import QuestionError

LINES = (
    *(
        "---",
        "title: Tea",
        "# Tea",
        "## Kinds of tea",
        "Tea | Time",
        "|---|---|",
        "| Green | 2 |",
        "- a leaf",
        "1. one",
    ),
    *("  • a leaf", "By Jane Doe", "FAQs", "What is tea?", "When to seek help", "Green\tTwo minutes", "> said", "***"),
    *(
        "It is made of leaves.",
        "",
        "    ",
        "<b>Tea</b>",
        "[tea](x)",
        "```",
        "&amp;",
        "About the author",
        "(",
        "e\u0301",
    ),
    *(
        "How so?",
        "What about the second one?",
        "I want to die",
        "What are the signs of it",
        "no idea",
        "?",
        "\u202etea",
    ),
    *('{"question": "What is it?"}', '{"question": 1}', "[]", "null", '{"question": "Why?", "history": [{}]}', "9e999"),
)
TEXTS = (
    st.text(max_size=200)
    | st.lists(st.sampled_from(LINES) | st.text(max_size=30), max_size=12).map("\n".join)
    | st.lists(st.sampled_from(LINES) | st.characters(), max_size=12).map("".join)
)
JSON = any_json(st.text(max_size=20))
TURNS = JSON | st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "system"]) | JSON, "content": JSON})
tried = settings(max_examples=80)


@pytest.mark.parametrize("door", DOORS)
@tried
@given(written=TEXTS)
def test_any_text_is_taken_or_refused(door: str, written: str) -> None:
    survives(DOORS[door], written)


@tried
@given(asked=st.sampled_from(LINES), before=st.lists(TURNS, max_size=4))
def test_any_history_is_taken_or_refused(asked: str, before: list[Any]) -> None:
    try:
        answer = guide().ask(asked, before)
    except QuestionError:
        return
    quotes_hold(answer, asked)
