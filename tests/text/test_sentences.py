"""Where a sentence ends. What `sentences` makes of an article's prose is tabled in tests/articles/test_passages.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.text.sentences import ends_sentence, message_sentences, sentences

MESSAGES = [
    ("i can't sleep. he left", ["i can't sleep.", "he left"], "before a lower-case letter"),
    ("he left\nand now\n\n  nothing ", ["he left", "and now", "nothing"], "each line, without a full stop"),
    ("“Why?” I asked. 'No.' ok", ["“Why?”", "I asked.", "'No.'", "ok"], "behind closing quotation marks"),
    ("he said (why?) and left", ["he said (why?)", "and left"], "behind a bracket"),
    ("well… then no!! really?!", ["well…", "then no!!", "really?!"], "an ellipsis and several marks"),
    ("Ask Dr. Roe.", ["Ask Dr.", "Roe."], "an abbreviation: better too often than too seldom"),
    ("it's 3.50 at example.org", ["it's 3.50 at example.org"], "no space behind it"),
    ("a: b, c; d - e", ["a: b, c; d - e"], "clauses end none"),
    ("...", ["..."], "marks alone"),
    (" \n ", [], "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "expected", "why"), MESSAGES, ids=[why for _, _, why in MESSAGES])
def test_message_sentences(message: str, expected: list[str], why: str) -> None:
    assert message_sentences(message) == expected


def test_without_quoted_a_closing_mark_keeps_a_sentence_open() -> None:
    message = "She said “leave me be.” How (why?) can I. Well… yes\nno"
    kept = ["She said “leave me be.” How (why?) can I.", "Well…", "yes", "no"]
    assert message_sentences(message, quoted=False) == kept


TEXTS = st.text(alphabet='aB1 .?!…"”)]\n’é', max_size=60)


@given(TEXTS)
def test_no_character_but_spaces_is_lost_or_said_twice(text: str) -> None:
    bare = "".join(text.split())
    assert "".join("".join(message_sentences(text)).split()) == bare
    spans = list(sentences(text))
    assert "".join("".join(text[start:end] for start, end in spans).split()) == bare
    assert [text[start:end].strip() for start, end in spans] == [text[start:end] for start, end in spans]
    assert spans == sorted(spans)


@given(TEXTS)
def test_every_sentence_but_the_last_one_ends(text: str) -> None:
    inner = [text[start:end] for start, end in sentences(text)][:-1]
    assert [sentence for sentence in inner if not ends_sentence(sentence)] == []


ENDS = ["Yes.", "“Yes!”", "see (1.)", "[see 1.]", "wait…", "why?"]
ENDS_NONE = ["as follows:", "a.b", "He said", "(why?) he", ""]


@pytest.mark.parametrize("text", [*ENDS, *ENDS_NONE])
def test_ends_sentence(text: str) -> None:
    assert ends_sentence(text) is (text in ENDS)
