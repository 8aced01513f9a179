"""The ways in for text that nobody has looked at before, each with the laws that hold whatever comes.

`test_fuzz_targets.py` tries them with hypothesis, `benchmarks/fuzz.py` with a coverage-guided fuzzer.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path

from fake_encoder import FakeEncoder

from guide.answering.to_json import answer_to_json
from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.articles.passages import split
from guide.articles.pieces import Parsed
from guide.articles.plain_text import parse_text
from guide.articles.read import read_article
from guide.commands.ask import answer_row
from guide.errors import AnswerError, ArticleError, GuideError, QuestionError
from guide.guide import Guide
from guide.index.build import index_of
from guide.records import Answer, Article
from guide.safety import assess
from guide.text.normalise import normalise

CORPUS = Path(__file__).parents[1] / "corpus" / "emotional-detachment.md"


@cache
def guide() -> Guide:
    """A guide over the shipped article that needs no model."""
    encoder = FakeEncoder()
    return Guide(index_of([read_article(CORPUS)], encoder, encoder.identity), encoder)


def plain_text(written: str) -> None:
    """An article of plain text."""
    _article(parse_text, written)


def markdown(written: str) -> None:
    """An article of Markdown, its front matter included."""
    _article(parse_markdown, written)


def question(written: str) -> None:
    """A question asked alone."""
    try:
        answer = guide().ask(written)
    except QuestionError:
        return
    quotes_hold(answer, written)


def history(written: str) -> None:
    """A question after the lines above it, asked and answered in turns."""
    *before, asked = written.split("\n")
    turns = [{"role": ("user", "assistant")[number % 2], "content": line} for number, line in enumerate(before)]
    try:
        answer = guide().ask(asked, turns)
    except QuestionError:
        return
    quotes_hold(answer, asked)


def message(written: str) -> None:
    """A message to the safety gate."""
    for match in assess(written).matches:
        assert written[match.start : match.end] == match.text


def batch_row(written: str) -> None:
    """A line of a batch."""
    row = answer_row(guide(), 7, written.encode("utf-8", "surrogatepass"))
    assert "covered" in row or row["line"] == 7
    assert "failed while it searched" not in row.get("error", "")
    json.dumps(row, allow_nan=False)


DOORS: dict[str, Callable[[str], None]] = {
    door.__name__: door for door in (plain_text, markdown, question, history, message, batch_row)
}


def _article(parse: Callable[[str], Parsed], written: str) -> None:
    with suppress(ArticleError):
        offsets_hold(assemble(parse(normalise(written)), article_id="any"))


def offsets_hold(article: Article) -> None:
    """Asserts that sections, blocks, cells, passages and points lie in the text, in order and inside each other."""
    text = article.text
    assert all(one.end <= two.start for one, two in pairwise(article.sections))
    for section in article.sections:
        assert 0 <= section.start <= section.end <= len(text)
        assert section.blocks
        assert all(one.end <= two.start for one, two in pairwise(section.blocks))
        for block in section.blocks:
            assert section.start <= block.start < block.end <= section.end
            assert text[block.start : block.end].strip()
            assert all(block.start <= start <= end <= block.end for start, end in block.cells)
    passages = split(article)
    assert len({passage.id for passage in passages}) == len(passages)
    for passage in passages:
        assert 0 <= passage.start < passage.end <= len(text)
        assert passage.points
        assert all(one.end <= two.start for one, two in pairwise(passage.points))
        assert all(passage.start <= point.start < point.end <= passage.end for point in passage.points)


def quotes_hold(answer: Answer, asked: str) -> None:
    """Asserts that each quotation has the article's words, and each match of the safety gate the person's."""
    texts = guide().index.texts
    for shown in answer.passages:
        text = texts[shown.article]
        assert shown.text == text[shown.start : shown.end] != ""
        assert all(point.text == text[point.start : point.end] != "" for point in shown.points)
    for match in answer.safety.matches:
        assert asked[match.start : match.end] == match.text != ""
    assert 0 <= answer.confidence <= 1
    json.dumps(answer_to_json(answer), allow_nan=False)


def survives(door: Callable[[str], None], written: str) -> None:
    """Runs `door`; a failure of Guide's own is a failure here, though it is a `GuideError`."""
    try:
        door(written)
    except AnswerError as fault:
        raise AssertionError(str(fault)) from fault
    except GuideError as error:
        raise AssertionError(f"{type(error).__name__} of another kind than the door may raise: {error}") from error
