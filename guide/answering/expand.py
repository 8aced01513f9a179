"""Passages → questions that people may ask of them, written by a language model that the operator names.

They are kept in a file of their own beside the article, which the next build reads; what people wrote is never touched.
Nothing that the model writes is kept unchecked: the words that are to answer stand in the passage, and the question,
searched, finds the passage.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from guide.answering.llm_endpoint import complete
from guide.articles.question_file import QuestionRow, add_model_rows, places_of_words
from guide.config import Endpoint
from guide.embedding.encoder import Encoder
from guide.index.state import State
from guide.records import Article, Passage, Query
from guide.retrieval.retrieve import retrieve

LEAST_QUESTIONS = 20
"""How many questions each passage shall have, where nothing else is said."""

LEADS_BACK_AMONG = 3
"""Among how many of the first passages found for a question its own must be."""

SECONDS_FOR_A_PASSAGE = 180.0
"""How long the model may write for one passage; nobody waits for an answer meanwhile."""

MAX_SILENT = 3
"""After so many passages in a row for which the model answers nothing it isn't asked any more."""

QUESTIONS_PROMPT = """\
Below is a passage of an article. Write {count} messages that different people might type into a chat and that some
words of the passage answer: in the passage's language, in everyday words of their own rather than the passage's, some
short, some telling a little, each about one thing that the passage says. Write one JSON object a line and nothing else:
{{"words": "a sentence or list item of the passage, copied letter for letter", "question": "the message"}}
{others}
{headings}

{passage}"""

OTHERS_PROMPT = """
These are there already, write others:
{questions}
"""

_OBJECT = re.compile(r"\{[^{}]*\}")

Asking = Callable[[int, int], None]
"""Hears for how many passages the model was asked, and of how many."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """What came of asking a language model for questions."""

    written: int
    """How many questions were added to the files beside the articles."""
    refused: int
    """How many others the model wrote, which were said before, quote other words or find other passages."""
    silent: int
    """For how many passages it answered nothing, because it failed or took too long."""
    left: int
    """How many passages it wasn't asked for after it had answered nothing several times in a row."""


def expand(
    index: State,
    files: Mapping[str, Path],
    endpoint: Endpoint,
    encoder: Encoder,
    least: int = LEAST_QUESTIONS,
    progress: Asking = lambda done, of: None,
) -> Expansion:
    """What came of asking the model for questions for each passage of `index` that has fewer than `least`.

    `files` are those of the articles, by their ids; of others none are asked. Credits need no questions. Questions
    are added passage by passage, so that nothing is lost when the model fails or the program is stopped.

    Raises:
        ArticleError: a file beside an article can't be written.
    """
    short = [
        (article, passage)
        for article, passages in index.entries()
        for passage in passages
        if article.id in files and passage.role != "credit" and len(passage.asked) < least
    ]
    written = refused = silent = in_a_row = 0
    for number, (article, passage) in enumerate(short):
        progress(number, len(short))
        reply = complete(endpoint, _prompt(article, passage, least), SECONDS_FOR_A_PASSAGE)
        if not reply.strip():
            silent += 1
            in_a_row += 1
            if in_a_row == MAX_SILENT:
                return Expansion(written, refused, silent, len(short) - number - 1)
            continue
        in_a_row = 0
        rows = _rows(reply)
        good = _checked(rows, article, passage, index, encoder)[: least - len(passage.asked)]
        if good:
            add_model_rows(files[article.id], good)
        written += len(good)
        refused += len(rows) - len(good)
    progress(len(short), len(short))
    return Expansion(written, refused, silent, 0)


def _prompt(article: Article, passage: Passage, least: int) -> str:
    asked = "\n".join(f"- {question.text}" for question in passage.asked)
    return QUESTIONS_PROMPT.format(
        count=least - len(passage.asked),
        others=OTHERS_PROMPT.format(questions=asked) if asked else "",
        headings=" > ".join((article.title, *passage.section)),
        passage=article.text[passage.start : passage.end],
    )


def _rows(reply: str) -> list[QuestionRow]:
    """The rows in what the model wrote, whatever stands around them."""
    rows = []
    for found in _OBJECT.findall(reply):
        try:
            rows.append(QuestionRow.model_validate_json(found))
        except ValidationError:
            continue
    return rows


def _checked(
    rows: Sequence[QuestionRow], article: Article, passage: Passage, index: State, encoder: Encoder
) -> list[QuestionRow]:
    """Those of the rows whose words stand in the passage, whose question is new, and leads back to the passage."""
    known = {question.text.casefold() for question in passage.asked}
    new: dict[str, QuestionRow] = {}
    for row in rows:
        places = places_of_words(row.words, article)
        if row.question.casefold() not in known and any(passage.start <= start < passage.end for start, _ in places):
            new.setdefault(row.question.casefold(), row)
    if not new:
        return []
    encoded = encoder.encode([row.question for row in new.values()])
    good = []
    for number, row in enumerate(new.values()):
        query = Query(row.question, row.question)
        hits = retrieve(query, index, encoded.only(number), limit=LEADS_BACK_AMONG).hits
        if any(hit.passage.id == passage.id for hit in hits):
            good.append(row)
    return good
