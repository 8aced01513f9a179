"""Files to measure with: our own questions, BEIR folders, SQuAD 2.0, labelled messages."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from guide.errors import GuideError

Row = TypeVar("Row")

LABELS = ("crisis", "abuse", "professional", "none")


class DataError(GuideError):
    """A file to measure with can't be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the earlier ones of its conversation, and the words that answer it; none if nothing does."""

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    gold: tuple[str, ...]
    section: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a BEIR corpus; the title may be empty."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Beir:
    """A BEIR data set: its documents, its queries by their ids, and what is relevant to each query that was judged."""

    documents: tuple[Document, ...]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, float]]
    """Document ids with their gains, above 0, by the query's id. A query to which nothing is relevant isn't here."""


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
    """A message and what the safety gate should make of it."""

    text: str
    label: str
    subtype: str
    origin: str


def read_questions(path: Path) -> list[Question]:
    """The questions in a JSON-lines file: `id`, `kind`, `question`, `gold` (a list of texts, empty for a question that
    nothing answers), and perhaps `history` and `section`.

    Raises:
        DataError: the file can't be read, a line isn't such an object, or an id comes twice.
    """

    def question(row: dict[str, Any]) -> Question:
        return Question(
            id=_text(row, "id"),
            kind=_text(row, "kind"),
            question=_text(row, "question"),
            history=_texts(row.get("history", []), "history"),
            gold=_texts(row["gold"], "gold"),
            section=_text(row, "section", "", may_be_empty=True),
        )

    return _unique(path, _rows(path, question, "id, kind, question and gold"), lambda row: row.id)


def read_messages(path: Path) -> list[Message]:
    """The messages in a JSON-lines file: `text`, `label` (crisis, abuse, professional or none), and perhaps `subtype`
    and `origin`.

    Raises:
        DataError: the file can't be read, or a line isn't such an object.
    """

    def message(row: dict[str, Any]) -> Message:
        if row["label"] not in LABELS:
            raise ValueError(f"the label {row['label']!r} isn't one of {', '.join(LABELS)}")
        subtype, origin = (_text(row, key, "", may_be_empty=True) for key in ("subtype", "origin"))
        return Message(_text(row, "text"), row["label"], subtype, origin)

    return _held(path, _rows(path, message, "text and label"))


def read_beir(folder: Path, split: str = "test") -> Beir:
    """The BEIR data set in `folder`: corpus.jsonl, queries.jsonl and qrels/`split`.tsv.

    Raises:
        DataError: a file is missing or damaged, or a judged query or document isn't there.
    """

    def document(row: dict[str, Any]) -> Document:
        title = _text(row, "title", "", may_be_empty=True)
        return Document(_text(row, "_id"), title, _text(row, "text", may_be_empty=True))

    def query(row: dict[str, Any]) -> tuple[str, str]:
        return _text(row, "_id"), _text(row, "text")

    corpus = folder / "corpus.jsonl"
    documents = _unique(corpus, _rows(corpus, document, "_id and text"), lambda row: row.id)
    queries = dict(_rows(folder / "queries.jsonl", query, "_id and text"))
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
        articles = [_squad_article(row) for row in json.loads(_content(path))["data"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{path} isn't SQuAD 2.0 ({type(error).__name__}: {error}); "
            "it needs data › paragraphs › context and qas › question, id and is_impossible."
        ) from None
    if not articles:
        raise DataError(f"{path} holds no article; get the data set anew.")
    return articles


def _squad_article(row: dict[str, Any]) -> SquadArticle:
    questions = tuple(
        # SQuAD 1.1 has no `is_impossible`: all its questions have an answer.
        SquadQuestion(_text(qa, "id"), _text(qa, "question"), number, not qa.get("is_impossible", False))
        for number, paragraph in enumerate(row["paragraphs"])
        for qa in paragraph["qas"]
    )
    paragraphs = tuple(_text(paragraph, "context") for paragraph in row["paragraphs"])
    return SquadArticle(_text(row, "title", "", may_be_empty=True), paragraphs, questions)


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


def _rows(path: Path, read: Callable[[dict[str, Any]], Row], needed: str) -> Iterator[Row]:
    """What `read` makes of each line's object; blank lines are passed over."""
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            yield read(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            why = f"lacks {error}" if isinstance(error, KeyError) else f"can't be used: {error}"
            raise DataError(f"Line {number} of {path} {why}; it must be a JSON object with {needed}.") from None


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


def _text(row: Mapping[str, Any], key: str, default: str | None = None, *, may_be_empty: bool = False) -> str:
    if not isinstance(row, Mapping):
        raise TypeError(f"found {type(row).__name__}")
    value = row[key] if default is None else row.get(key, default)
    if not isinstance(value, str) or not (value.strip() or may_be_empty):
        raise TypeError(f"{key} is {value!r}, not a text")
    return value


def _texts(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise TypeError(f"{key} is {value!r}, not a list of texts")
    return tuple(value)
