"""Whether follow-up questions find their answers: `python benchmarks/conversation.py TURNS ANSWERS`.

TURNS and ANSWERS are JSON-lines files made of CANARD (Elgohary et al. 2019), where people have rewritten questions of
QuAC so that they stand on their own. A turn has `question`, `history` (the texts before it: a question, its answer, and
so on), `rewrite` and `gold` (ids of answers; turns without any are left out); an answer has `_id`, `text` and
`section`. Each answer becomes an article, without a title.

Printed is nDCG@10 of the last message alone, of Guide with the conversation before it, of Guide with the person's
messages alone (all that the chat passes on), and of the rewrite; over the answers of all conversations, and over those
of the turn's own section. What the conversation has answered already isn't searched. A turn needs its history if its
rewrite has other words. `--questions N` takes the first N turns of each kind, `--cache DIR` keeps the index.
"""

import argparse
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

# Before numpy is imported, as `guide ask` does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from guide.config import Config
from guide.embedding.choose import open_builder, open_encoder
from guide.errors import GuideError, QuestionError
from guide.evaluate.documents import index_documents, ranked_documents
from guide.evaluate.loaders import PublicDocument
from guide.evaluate.measures import ndcg_at
from guide.evaluate.progress import track
from guide.evaluate.report import table
from guide.evaluate.search import Asked, Collection, Remembering

DEPTH, READ = 10, 40
"""How many results are judged, and how many passages are read for them."""

ASKED = ("the last message alone", "Guide", "Guide, the person's messages alone", "a person's rewrite")
NEEDS, NEEDS_NOT, FIRST = "need their history", "don't need it", "have none"
POOL, SECTION = "all answers", "the section's answers"

TURN = {"question": str, "history": list, "rewrite": str, "gold": list}
ANSWER = {"_id": str, "text": str, "section": str}

Scores = dict[tuple[str, str, str], list[float]]
"""nDCG@10 of each turn by what the turn needs, what is searched and what is asked."""


def main() -> None:
    """Reads the files, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("turns", type=Path, metavar="TURNS")
    parser.add_argument("answers", type=Path, metavar="ANSWERS")
    parser.add_argument("--questions", type=int, metavar="N", help="only the first N turns of each kind")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep the index in this folder")
    options = parser.parse_args()
    turns, answers = list(read(options.turns, TURN)), list(read(options.answers, ANSWER))
    with TemporaryDirectory() as folder:
        try:
            print(markdown(measure(turns, answers, options.cache or Path(folder), options.questions)))
        except GuideError as error:
            raise SystemExit(str(error)) from None


def read(path: Path, keys: Mapping[str, type]) -> Iterator[dict[str, Any]]:
    """The rows of a JSON-lines file, each with these keys; what can't be read ends the program in one sentence."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path} can't be read ({error}); name a file of rows in JSON.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SystemExit(f"Line {number} of {path} isn't JSON ({error}); get the file anew.") from None
        lacking = [key for key, kind in keys.items() if not (isinstance(row, dict) and isinstance(row.get(key), kind))]
        if lacking:
            raise SystemExit(f"Line {number} of {path} lacks {lacking[0]!r}; it needs {', '.join(keys)}.")
        yield row


def measure(
    turns: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]], cache: Path, most: int | None = None
) -> Scores:
    """The scores of the turns that an answer is known of, at most so many of each kind."""
    builder = open_builder(Config())
    documents = [PublicDocument(answer["_id"], "", answer["text"]) for answer in answers]
    collection = Collection(
        index_documents(documents, builder, builder.identity, cache, "answers"),
        Remembering(open_encoder(Config(), builder.identity)),
    )
    of_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for turn in turns:
        if set(turn["gold"]) & set(collection.index.article_ids):
            of_kind[needs(turn)].append(turn)
    scores: Scores = defaultdict(list)
    for kind, those in of_kind.items():
        for turn in track(those[:most], f"turns that {kind}"):
            for searched, ids in pools(turn, answers).items():
                for asked, score in zip(ASKED, scored(turn, collection, ids), strict=True):
                    scores[kind, searched, asked].append(score)
    return scores


def needs(turn: Mapping[str, Any]) -> str:
    """Whether a turn needs its history: whether a person who made it stand on its own changed its words.

    >>> needs({"question": "Did he win?", "rewrite": "Did Ali win?", "history": ["Who is Ali?", "A boxer."]})
    'need their history'
    """
    if not turn["history"]:
        return FIRST
    asked, rewritten = (re.findall(r"\w+", turn[key].lower()) for key in ("question", "rewrite"))
    return NEEDS_NOT if asked == rewritten else NEEDS


def pools(turn: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> dict[str, set[str]]:
    """What is searched for a turn: the ids of all answers but those already given, and of its section's."""
    gold = set(turn["gold"])
    given = {one_space(text) for text in turn["history"][1::2]}
    left = [one for one in answers if one["_id"] in gold or one_space(one["text"]) not in given]
    sections = {one["section"] for one in answers if one["_id"] in gold}
    return {
        POOL: {one["_id"] for one in left},
        SECTION: {one["_id"] for one in left if one["section"] in sections},
    }


def scored(turn: Mapping[str, Any], collection: Collection, ids: set[str]) -> Iterator[float]:
    """nDCG@10 of each of `ASKED`; 0 for a question that Guide doesn't take."""
    roles = ("user", "assistant")
    history = tuple({"role": roles[place % 2], "content": text} for place, text in enumerate(turn["history"]))
    gold = dict.fromkeys(set(turn["gold"]) & ids, 1.0)
    for asked in (
        Asked(turn["question"]),
        Asked(turn["question"], history),
        Asked(turn["question"], tuple(turn["history"][::2])),
        Asked(turn["rewrite"]),
    ):
        try:
            query = collection.resolve(asked)
        except QuestionError:
            yield 0.0
            continue
        found = collection.search(query, collection.encoder.encode(query.texts), limit=READ, articles=ids)
        yield ndcg_at(DEPTH, ranked_documents(found.hits), gold)


def one_space(text: str) -> str:
    """`text` with one space for each stretch of white space."""
    return " ".join(text.split())


def markdown(scores: Scores) -> str:
    """The means as a table."""
    rows = []
    for kind in (NEEDS, NEEDS_NOT, FIRST):
        for searched in (POOL, SECTION):
            if found := [scores[kind, searched, asked] for asked in ASKED if (kind, searched, asked) in scores]:
                rows.append((kind, searched, str(len(found[0])), *(f"{fmean(values):.3f}" for values in found)))
    return table(("turns that", "searched", "turns", *ASKED), rows)


if __name__ == "__main__":
    main()
