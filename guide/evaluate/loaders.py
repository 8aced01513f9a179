"""Files to measure with: our own questions, everyday messages, BEIR folders, SQuAD 2.0, labelled messages."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from guide.errors import GuideError, kind_of
from guide.levels import LEVELS, Level
from guide.records import Act
from guide.validation import Fault, expected, first_fault, shown

Row = TypeVar("Row")

Label = Literal["crisis", "abuse", "professional", "none"]
LABELS: tuple[Label, ...] = get_args(Label)
_ACTS: tuple[Act, ...] = get_args(Act)

_Words = Annotated[str, Field(pattern=r"\S")]
Text = Annotated[_Words, expected("a text")]
GoldTexts = Annotated[tuple[_Words, ...], expected("a list of texts")]
AnyText = Annotated[str, expected("a text")]
"""A text that may be empty."""
_Levels = Annotated[tuple[Level, ...], Field(min_length=1), expected(f"a list of levels ({', '.join(LEVELS)})")]


class DataError(GuideError):
    """A file to measure with can't be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the earlier ones of its conversation, and the words that answer it; none if nothing does."""

    id: Text
    kind: Text
    question: Text
    history: GoldTexts
    gold: GoldTexts
    section: AnyText = ""


@dataclass(frozen=True, slots=True)
class EverydayMessage:
    """A message as people send it to a chat, with what the person does by it and the words that answer it, any one of
    them; none where nothing answers, or where it asks nothing of the articles.
    """

    id: Text
    kind: Text
    text: Text
    act: Annotated[Act, expected(f"one of {', '.join(_ACTS)}")]
    gold: GoldTexts
    history: GoldTexts = ()
    """The person's earlier messages, oldest first."""
    allowed: _Levels = ()
    """The safety levels that a sensible counsellor would accept, where that is known."""
    note: AnyText = ""


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A document of a BEIR corpus; the title may be empty."""

    id: Annotated[Text, Field(alias="_id")]
    title: AnyText
    text: AnyText


@dataclass(frozen=True, slots=True)
class _Query:
    id: Annotated[Text, Field(alias="_id")]
    text: Text


@dataclass(frozen=True, slots=True)
class Beir:
    """A BEIR data set: its documents, its queries by their ids, and what is relevant to each query that was judged."""

    documents: tuple[PublicDocument, ...]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, float]]
    """The ids of relevant documents with their gains, above 0, by the query's id. A query without any isn't here."""


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question on paragraph `paragraph` of its article; unanswerable ones were written to look answerable."""

    id: str
    question: str
    paragraph: int
    answerable: bool


@dataclass(frozen=True, slots=True)
class SquadArticle:
    """An article of SQuAD 2.0."""

    title: str
    paragraphs: tuple[str, ...]
    questions: tuple[SquadQuestion, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message and what the safety gate should make of it: what it is labelled, or which levels are right."""

    text: Text
    label: Annotated[Label | None, expected(f"one of {', '.join(LABELS)}")]
    subtype: AnyText = ""
    origin: AnyText = ""
    allowed: _Levels = ()
    """The levels that a sensible counsellor would accept; empty where there is a label alone."""
    kind: AnyText = ""
    history: GoldTexts = ()
    """The person's earlier messages, oldest first."""


# The parts of a SQuAD file. SQuAD 1.1 has no `is_impossible`: all its questions have an answer.


class _Qa(BaseModel):
    id: Text
    question: Text
    is_impossible: Annotated[bool, expected("true or false")] = False


class _Paragraph(BaseModel):
    context: Text
    qas: list[_Qa]


class _Article(BaseModel):
    title: AnyText = ""
    paragraphs: list[_Paragraph]


class _Squad(BaseModel):
    data: list[_Article]


def read_questions(path: Path) -> list[Question]:
    """The questions in a JSON-lines file: `id`, `kind`, `question`, `gold` (a list of texts, empty for a question that
    nothing answers), and perhaps `history` and `section`.

    Raises:
        DataError: the file can't be read, a line isn't such an object, or an id comes twice.
    """
    rows = _rows(path, Question, "id, kind, question and gold", history=())
    return _unique(path, rows, lambda row: row.id)


def is_everyday(path: Path) -> bool:
    """Whether a JSON-lines file holds everyday messages and no questions: its first object has `text`, not `question`.

    Raises:
        DataError: the file can't be read.
    """
    try:
        first = json.loads(next(filter(str.strip, _lines(path)), ""))
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and "text" in first and "question" not in first


def read_everyday(path: Path) -> list[EverydayMessage]:
    """The everyday messages in a JSON-lines file: `id`, `kind`, `text`, `act`, `gold` (a list of texts, empty where
    nothing answers), and perhaps `history`, `allowed` (a list of levels) and `note`.

    Raises:
        DataError: the file can't be read, a line isn't such an object, or an id comes twice.
    """
    return _unique(path, _rows(path, EverydayMessage, "id, kind, text, act and gold"), lambda row: row.id)


def read_messages(path: Path) -> list[Message]:
    """The messages in a JSON-lines file: `text`, and `label` (crisis, abuse, professional or none), perhaps with
    `subtype` and `origin`, or `allowed` (a list of levels), perhaps with `kind` and `history` (the person's earlier
    messages).

    Raises:
        DataError: the file can't be read, or a line isn't such an object.
    """
    return _held(path, _rows(path, Message, "text, and label or allowed", one_of=("label", "allowed"), label=None))


def read_beir(folder: Path, split: str = "test") -> Beir:
    """The BEIR data set in `folder`: corpus.jsonl, queries.jsonl and qrels/`split`.tsv.

    Raises:
        DataError: a file is missing or damaged, or a judged query or document isn't there.
    """
    corpus = folder / "corpus.jsonl"
    documents = _unique(corpus, _rows(corpus, PublicDocument, "_id and text", title=""), lambda row: row.id)
    queries = {row.id: row.text for row in _rows(folder / "queries.jsonl", _Query, "_id and text")}
    path = folder / "qrels" / f"{split}.tsv"
    relevant: dict[str, dict[str, float]] = {}
    ids = {row.id for row in documents}
    for number, query_id, document_id, gain in _judgements(path):
        if query_id not in queries or document_id not in ids:
            absent = f"query {query_id!r}" if query_id not in queries else f"document {document_id!r}"
            raise DataError(f"Line {number} of {path} judges the {absent}, which isn't there; get the data set anew.")
        if gain > 0:
            relevant.setdefault(query_id, {})[document_id] = gain
    if not relevant:
        raise DataError(f"{path} says of no document that it is relevant; name another split with --split.")
    return Beir(tuple(documents), {query_id: queries[query_id] for query_id in relevant}, relevant)


def _judgements(path: Path) -> Iterator[tuple[int, str, str, float]]:
    """Line number, query, document and gain of each judgement; a first line of column names is passed over."""
    if not path.is_file():
        found = sorted(other.stem for other in path.parent.glob("*.tsv"))
        there = f"the splits there are {', '.join(found)}: name one with --split" if found else "it needs one"
        raise DataError(f"There are no judgements {path}; {there}.")
    for number, line in enumerate(_lines(path), start=1):
        row = line.strip().split("\t")
        if row == [""] or (number == 1 and row[0] == "query-id"):
            continue
        try:
            query_id, document_id, written = row
            gain = float(written)
        except ValueError:
            gain = math.nan
        if not math.isfinite(gain):
            raise DataError(
                f"Line {number} of {path} is no judgement; it needs a query's id, a document's and a number, "
                "with tabs between them."
            )
        yield number, query_id, document_id, gain


def read_squad(path: Path) -> list[SquadArticle]:
    """The articles of a SQuAD 2.0 file, in the official nested form.

    Raises:
        DataError: the file can't be read, isn't of that form, or holds no article.
    """
    try:
        articles = _Squad.model_validate(json.loads(_content(path))).data
    except (ValueError, RecursionError) as error:
        why = _said(first_fault(error)) if isinstance(error, ValidationError) else f"isn't JSON: {error}"
        raise DataError(
            f"{path} isn't SQuAD 2.0 (it {why}); it needs data › paragraphs › context and qas › question, id and "
            "is_impossible."
        ) from None
    if not articles:
        raise DataError(f"{path} holds no article; get the data set anew.")
    return [_squad_article(article) for article in articles]


def _squad_article(article: _Article) -> SquadArticle:
    questions = tuple(
        SquadQuestion(qa.id, qa.question, number, not qa.is_impossible)
        for number, paragraph in enumerate(article.paragraphs)
        for qa in paragraph.qas
    )
    return SquadArticle(article.title, tuple(paragraph.context for paragraph in article.paragraphs), questions)


def _lines(path: Path) -> list[str]:
    # Not splitlines(): JSON lets a text hold other line separators as they are.
    return _content(path).split("\n")


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"{path} can't be read ({error.strerror}); name a file that is there.") from None
    except UnicodeDecodeError:
        raise DataError(f"{path} isn't text in UTF-8; convert it.") from None


def _rows(path: Path, kind: type[Row], needed: str, *, one_of: Sequence[str] = (), **absent: object) -> Iterator[Row]:
    """Each line's object as a `kind`, with `absent` for the keys that it lacks, but not without any of the keys
    `one_of`; blank lines are passed over.
    """
    row = TypeAdapter(kind)
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            if one_of and isinstance(found, dict) and all(found.get(key) is None for key in one_of):
                raise DataError(f"Line {number} of {path} lacks {' or '.join(map(repr, one_of))}; it needs {needed}.")
            yield row.validate_python(absent | found if isinstance(found, dict) else found)
        except (ValueError, RecursionError) as error:
            why = _said(first_fault(error)) if isinstance(error, ValidationError) else f"can't be used: {error}"
            raise DataError(f"Line {number} of {path} {why}; it must be a JSON object with {needed}.") from None


def _said(fault: Fault) -> str:
    """What is wrong with an object, as in "lacks 'gold'"."""
    where = " › ".join(f"{part + 1}" if isinstance(part, int) else part for part in fault.place)
    if fault.problem == "missing":
        return f"lacks {where!r}"
    found = f"found {kind_of(fault.found)}" if not where else f"{where} is {shown(fault.found)}, not {fault.expected}"
    return f"can't be used: {found}"


def _held(path: Path, rows: Iterator[Row]) -> list[Row]:
    held = list(rows)
    if not held:
        raise DataError(f"{path} is empty; name a file that holds something.")
    return held


def _unique(path: Path, rows: Iterator[Row], key: Callable[[Row], str]) -> list[Row]:
    held = _held(path, rows)
    seen: set[str] = set()
    for row in held:
        if key(row) in seen:
            raise DataError(f"{path} has the id {key(row)!r} twice; give each row its own.")
        seen.add(key(row))
    return held
