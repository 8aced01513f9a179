"""The questions that people ask, in a file beside an article: each is matched to find the words that answer it, and is
never quoted.

Beside `NAME.md` (or whatever its kind) lie `NAME.questions.jsonl`, which people write, and
`NAME.questions.model.jsonl`, which `guide build --expand` writes with a language model. Each line is a JSON object of
the article's exact `words` and a `question` that these words answer. Matching questions at the time of indexing is
known as document expansion (Nogueira, Yang, Lin and Cho 2019, arXiv:1904.08375).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from guide.errors import ArticleError
from guide.records import Article, PassageQuestion, QuestionOrigin
from guide.text.normalise import excerpt, normalise

QUESTION_FILES: Mapping[QuestionOrigin, str] = {"file": ".questions.jsonl", "model": ".questions.model.jsonl"}
"""How the names of the files end, after the article's own name without its suffix, by what wrote their questions."""

MAX_BYTES = 8 * 1024 * 1024
"""How large such a file may be: some fifty thousand questions."""

MAX_FAULTS = 20
"""How many faulty lines of a file are named; the others are counted."""

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class QuestionRow(BaseModel):
    """A line of such a file."""

    model_config = ConfigDict(extra="ignore")
    words: _Text
    """Exact words of the article, of one paragraph, list item or table row."""
    question: _Text
    """What a person may write whom these words answer."""


def question_files(article: Path) -> dict[QuestionOrigin, Path]:
    """The files of questions that lie beside the article file `article`, by what wrote them."""
    beside = {origin: article.with_name(article.stem + ending) for origin, ending in QUESTION_FILES.items()}
    return {origin: path for origin, path in beside.items() if _is_file(path)}


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False  # such as a name that would be too long, beside an article whose own is just not


def read_questions_beside(path: Path, article: Article) -> tuple[tuple[PassageQuestion, ...], tuple[str, ...]]:
    """The questions in the files beside the article file `path`, in the order of the files, at the places in `article`
    of the words that answer them; and for each line that can't be used a sentence that says why.
    """
    questions: list[PassageQuestion] = []
    faults: list[str] = []
    for origin, file in question_files(path).items():
        found, wrong = _read(file, origin, article)
        questions += found
        faults += wrong[:MAX_FAULTS]
        if len(wrong) > MAX_FAULTS:
            faults.append(f"{file.name} has {len(wrong) - MAX_FAULTS} more lines that can't be used.")
    return tuple(dict.fromkeys(questions)), tuple(faults)


def add_model_rows(article: Path, rows: Sequence[QuestionRow]) -> None:
    """Adds rows to the file of a language model's questions beside the article file `article`, all of them or none.

    Raises:
        ArticleError: the file can't be written, or would be too large to be read.
    """
    file = article.with_name(article.stem + QUESTION_FILES["model"])
    written = file.with_name(f".{file.name}.new")
    try:
        before = file.read_bytes() if file.exists() else b""
        gap = b"" if not before or before.endswith(b"\n") else b"\n"
        whole = before + gap + "".join(f"{json.dumps(row.model_dump(), ensure_ascii=False)}\n" for row in rows).encode()
        if len(whole) > MAX_BYTES:
            raise ArticleError(f"{file} would have {len(whole):,} bytes, and may have {MAX_BYTES:,}; nothing is added.")
        written.write_bytes(whole)
        written.replace(file)
    except OSError as error:
        written.unlink(missing_ok=True)
        raise ArticleError(
            f"{file} can't be written ({error.strerror}); copy the articles to a folder that can, and build that."
        ) from None


def _read(file: Path, origin: QuestionOrigin, article: Article) -> tuple[list[PassageQuestion], list[str]]:
    try:
        lines = _lines(file)
    except ArticleError as error:
        return [], [str(error)]
    questions: list[PassageQuestion] = []
    faults: list[str] = []
    placed: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = QuestionRow.model_validate_json(line)
        except ValidationError as error:
            reason = error.errors()[0]
            where = ".".join(map(str, reason["loc"]))
            said = f"`{where}`: {reason['msg']}" if where else "isn't a JSON object"
            faults.append(f'{file.name}, line {number}: {said}; write {{"words": …, "question": …}}.')
            continue
        if row.words not in placed:
            placed[row.words] = list(places_of_words(row.words, article))
        if not placed[row.words]:
            faults.append(f"{file.name}, line {number}: its words aren't in the article, “{excerpt(row.words)}”.")
        asked = " ".join(normalise(row.question).split())
        questions += [PassageQuestion(asked, start, end, origin) for start, end in placed[row.words]]
    return questions, faults


def _lines(file: Path) -> list[str]:
    """The lines of a file of questions.

    Raises:
        ArticleError: it is too large, or can't be read as UTF-8.
    """
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise ArticleError(f"{file.name} has {size:,} bytes, and may have {MAX_BYTES:,}; none of it is used.")
        return file.read_bytes().decode("utf-8-sig").splitlines()
    except OSError as error:
        raise ArticleError(f"{file.name} can't be read ({error.strerror}); none of it is used.") from None
    except UnicodeDecodeError as error:
        raise ArticleError(f"{file.name} isn't UTF-8 (byte {error.start:,}); save it so. None of it is used.") from None


def places_of_words(words: str, article: Article) -> Iterator[tuple[int, int]]:
    """Where `words` stand in a paragraph, an item or a row of the article; white space may differ."""
    pattern = re.compile(r"\s+".join(map(re.escape, normalise(words).split())))
    for section in article.sections:
        for block in section.blocks:
            for found in pattern.finditer(article.text, block.start, block.end):
                yield found.span()
