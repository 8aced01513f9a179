"""The questions in a file beside an article: where the words stand that answer them, and what is said of the rest."""

import json
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder

from guide.articles import question_file
from guide.articles.passages import split
from guide.articles.question_file import QuestionRow, add_model_rows
from guide.articles.read import read_article
from guide.index.build import build
from guide.index.build_report import BuildReport
from guide.index.index import Index, open_index
from guide.records import Article, PassageQuestion

TEA = """\
---
title: Tea
questions:
  Black tea: ["Can I leave the bag in?"]
---

# Tea

## Green tea

It is mild. Pour water that
no longer boils.

- two minutes
- no milk

## Black tea

It is strong. Take milk with it, or no milk.

| Time | Taste |
|---|---|
| five minutes | bitter |
"""


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    """An article in a folder of its own."""
    path = tmp_path / "articles" / "tea.md"
    path.parent.mkdir()
    path.write_text(TEA)
    return path


def beside(article: Path, *rows: tuple[str, str] | str, kind: str = "") -> Path:
    """The file beside the article that holds these rows: pairs of words and a question, or lines as they are."""
    file = article.with_name(f"tea.questions{kind}.jsonl")
    lines = [row if isinstance(row, str) else json.dumps({"words": row[0], "question": row[1]}) for row in rows]
    file.write_text("".join(f"{line}\n" for line in lines))
    return file


def placed(article: Article) -> list[tuple[str, str]]:
    """Each question with the words of the article at its place."""
    return [(asked.text, article.text[asked.start : asked.end]) for asked in article.asked]


def faults(article: Article) -> list[str]:
    """What is said of rows that can't be used."""
    before = "has questions that can't be used: "
    return [note.removeprefix(before) for note in article.notes if note.startswith(before)]


# ── where the words stand ────────────────────────────────────────────────────────────────────────────────────────────


def test_words_are_found_in_paragraphs_items_and_rows(tea: Path) -> None:
    rows = [("It is mild.", "which one for my nerves"), ("two minutes", "how long?"), ("bitter", "why so harsh")]
    beside(tea, *rows)
    article = read_article(tea)
    assert placed(article) == [(question, words) for words, question in rows]
    assert faults(article) == []


@pytest.mark.parametrize(
    "words", ["water that no longer boils", "water that\nno longer boils", "  water  that\tno longer   boils "]
)
def test_white_space_may_differ(tea: Path, words: str) -> None:
    beside(tea, (words, "may it boil"))
    [(_, found)] = placed(read_article(tea))
    assert found.split() == ["water", "that", "no", "longer", "boils"]


def test_a_question_is_written_in_one_line(tea: Path) -> None:
    beside(tea, ("It is mild.", " which  one\nfor me "))
    assert [asked.text for asked in read_article(tea).asked] == ["which one for me"]


def test_words_in_several_places_answer_in_each(tea: Path) -> None:
    beside(tea, ("no milk", "what do I leave out"))
    article = read_article(tea)
    first, second = (article.text.index("no milk"), article.text.rindex("no milk"))
    assert [(asked.start, asked.end) for asked in article.asked] == [(first, first + 7), (second, second + 7)]
    holding = [passage.section[-1] for passage in split(article) if any(q.origin == "file" for q in passage.asked)]
    assert holding == ["Green tea", "Black tea"]


def test_words_that_only_a_heading_or_two_items_together_hold_are_not_in_the_article(tea: Path) -> None:
    beside(tea, ("Green tea", "a"), ("two minutes no milk", "b"))
    article = read_article(tea)
    assert article.asked == ()
    assert len(faults(article)) == 2


def test_the_same_row_counts_once(tea: Path) -> None:
    beside(tea, ("two minutes", "how long"), ("two minutes", "how long"))
    assert len(read_article(tea).asked) == 1


def test_a_passage_has_those_of_the_front_matter_the_file_and_the_model_in_this_order(tea: Path) -> None:
    beside(tea, ("It is strong.", "to wake up"))
    beside(tea, ("It is strong.", "for the morning"), kind=".model")
    article = read_article(tea)
    green, black = split(article)
    assert green.asked == ()
    assert [(asked.text, asked.origin) for asked in black.asked] == [
        ("Can I leave the bag in?", "front matter"),
        ("to wake up", "file"),
        ("for the morning", "model"),
    ]
    strong = article.text.index("It is strong.")
    assert black.asked[0] == PassageQuestion("Can I leave the bag in?", black.start, black.end, "front matter")
    assert (black.asked[1].start, black.asked[1].end) == (strong, strong + len("It is strong."))
    assert black.questions == ("Can I leave the bag in?",), "only these are suggested"


# ── rows and files that can't be used ────────────────────────────────────────────────────────────────────────────────

USE = 'write {"words": …, "question": …}.'
FAULTY = [
    ('{"words": "It is hot.", "question": "x"}', "its words aren't in the article, “It is hot.”."),
    ('{"words": "it is mild.", "question": "x"}', "its words aren't in the article, “it is mild.”."),
    ('{"words": "It is mild."', f"isn't a JSON object; {USE}"),
    ("It is mild.", f"isn't a JSON object; {USE}"),
    ("7", f"isn't a JSON object; {USE}"),
    ('["It is mild.", "x"]', f"isn't a JSON object; {USE}"),
    ('{"words": "It is mild."}', f"`question`: Field required; {USE}"),
    ('{"question": "x"}', f"`words`: Field required; {USE}"),
    ('{"words": "It is mild.", "question": "  "}', "`question`: String should have at least 1 character; " + USE),
    ('{"words": "", "question": "x"}', "`words`: String should have at least 1 character; " + USE),
    ('{"words": "It is mild.", "question": 7}', f"`question`: Input should be a valid string; {USE}"),
]


@pytest.mark.parametrize(("line", "said"), FAULTY)
def test_a_row_that_cannot_be_used_is_named_by_its_line_and_the_others_are_used(
    tea: Path, line: str, said: str
) -> None:
    beside(tea, ("two minutes", "how long"), "", line, ("no milk", "what then"))
    article = read_article(tea)
    assert [text for text, _ in placed(article)] == ["how long", "what then", "what then"]
    assert faults(article) == [f"tea.questions.jsonl, line 3: {said}"]


def test_empty_lines_and_other_keys_are_nothing_to_speak_of(tea: Path) -> None:
    beside(tea, "", '{"words": "two minutes", "question": "how long", "by": "me"}', "   ", "")
    article = read_article(tea)
    assert (len(article.asked), faults(article)) == (1, [])


def test_a_byte_order_mark_is_no_part_of_the_first_row(tea: Path) -> None:
    file = beside(tea, ("two minutes", "how long"))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    article = read_article(tea)
    assert (len(article.asked), faults(article)) == (1, [])


def test_a_file_in_another_encoding_is_named_and_nothing_of_it_is_used(tea: Path) -> None:
    file = beside(tea, ("two minutes", "how long"))
    file.write_bytes(file.read_bytes() + '{"words": "two minutes", "question": "und für zwei?"}'.encode("latin-1"))
    article = read_article(tea)
    assert article.asked == ()
    assert faults(article) == ["tea.questions.jsonl isn't UTF-8 (byte 92); save it so. None of it is used."]


def test_a_file_that_is_too_large_is_named_and_nothing_of_it_is_used(
    tea: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = beside(tea, ("two minutes", "how long")).stat().st_size
    monkeypatch.setattr(question_file, "MAX_BYTES", size)
    assert len(read_article(tea).asked) == 1
    monkeypatch.setattr(question_file, "MAX_BYTES", size - 1)
    article = read_article(tea)
    assert article.asked == ()
    said = f"tea.questions.jsonl has {size} bytes, and may have {size - 1}; none of it is used."
    assert faults(article) == [said]


def test_of_many_faulty_rows_the_first_are_named_and_the_others_counted(tea: Path) -> None:
    beside(tea, *(("none of it", str(number)) for number in range(question_file.MAX_FAULTS + 2)))
    found = faults(read_article(tea))
    assert len(found) == question_file.MAX_FAULTS + 1
    assert found[-1] == "tea.questions.jsonl has 2 more lines that can't be used."


# ── in an index ──────────────────────────────────────────────────────────────────────────────────────────────────────


def built(article: Path, encoder: FakeEncoder) -> tuple[BuildReport, Index]:
    folder = article.parents[1] / "index"
    return build([article.parent], folder, encoder, encoder.identity), open_index(folder)


def asked_in(index: Index) -> list[str]:
    return [asked.text for passage in index.passages for asked in passage.asked]


def test_a_changed_file_of_questions_embeds_its_article_anew_and_a_removed_one_takes_its_questions_along(
    tea: Path, fake_encoder: FakeEncoder
) -> None:
    tea.with_name("pots.md").write_text("# Pots\n\n## Clay\n\nThey keep warm.\n")
    report, index = built(tea, fake_encoder)
    assert (report.embedded, report.questions, asked_in(index)) == (2, 1, ["Can I leave the bag in?"])

    file = beside(tea, ("two minutes", "how long"))
    report, index = built(tea, fake_encoder)
    assert (report.embedded, report.questions) == (1, 2)
    assert asked_in(index) == ["how long", "Can I leave the bag in?"]
    assert "how long" in fake_encoder.texts

    report, index = built(tea, fake_encoder)
    assert (report.embedded, report.questions) == (0, 2)

    beside(tea, ("two minutes", "and how long"), ("no milk", "with what"))
    report, index = built(tea, fake_encoder)
    assert (report.embedded, report.questions) == (1, 4)
    assert asked_in(index) == ["and how long", "with what", "Can I leave the bag in?", "with what"]

    file.unlink()
    report, index = built(tea, fake_encoder)
    assert (report.embedded, report.questions, asked_in(index)) == (1, 1, ["Can I leave the bag in?"])


def test_a_build_names_the_rows_that_cannot_be_used(tea: Path, fake_encoder: FakeEncoder) -> None:
    beside(tea, ("two minutes", "how long"), ("It is hot.", "x"))
    report, _ = built(tea, fake_encoder)
    assert [notice.text for notice in report.notices if notice.sign == "reading"] == [
        "has questions that can't be used: tea.questions.jsonl, line 2: its words aren't in the article, “It is hot.”."
    ]


# ── rows of a language model ─────────────────────────────────────────────────────────────────────────────────────────


def test_rows_are_added_to_the_models_own_file_after_what_stands_there(tea: Path) -> None:
    people = beside(tea, ("It is strong.", "to wake up"))
    written = people.read_bytes()
    add_model_rows(tea, [QuestionRow(words="two minutes", question="how long")])
    file = tea.with_name("tea.questions.model.jsonl")
    file.write_text(file.read_text() + '{"words": "two min')  # a line that was cut
    add_model_rows(tea, [QuestionRow(words="It is mild.", question="für mich?")])
    article = read_article(tea)
    assert [(asked.text, asked.origin) for asked in article.asked] == [
        ("to wake up", "file"),
        ("how long", "model"),
        ("für mich?", "model"),
    ]
    assert faults(article) == [f"tea.questions.model.jsonl, line 2: isn't a JSON object; {USE}"]
    assert people.read_bytes() == written
    assert sorted(path.name for path in tea.parent.iterdir()) == [
        "tea.md",
        "tea.questions.jsonl",
        "tea.questions.model.jsonl",
    ]


def test_an_article_whose_name_leaves_no_room_for_such_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / ("t" * 250 + ".md")
    path.write_text("# Tea\n\nGreen tea is mild.\n")
    assert read_article(path).asked == ()
