"""Quoted passages → a few sentences that connect them, written by a language model that the operator names; off by
default.

Nothing that the model writes is shown unchecked. A sentence stays only if it cites a passage that was shown, most of
its words stand there, its meaning is near one of that passage's points, and its numbers and negations are the
passage's own. If little stays, the quotations stand alone.
"""

import re
from collections.abc import Sequence

import numpy as np

from guide.answering.llm_endpoint import complete
from guide.config import Endpoint
from guide.embedding.encoder import Encoder
from guide.levels import gravest, is_danger
from guide.records import Answer, PhrasedSentence, QuotedPassage, Turn
from guide.text.sentences import sentences
from guide.text.stems import stems

LEAST_SUPPORT = 0.6
"""The least similarity of a sentence to a point of a passage it cites; see docs/phrasing.md for how it was measured."""

LEAST_SHARED_STEMS = 0.6
"""The least share of a sentence's stems that stand in the passages it cites."""

LEAST_KEPT_SHARE = 0.5
"""The share of its sentences that must stay for the model's text to be shown."""

MAX_EARLIER = 5
"""How many of the person's earlier messages the model is given, the latest ones."""

MAX_EARLIER_CHARACTERS = 400
"""How much of each of them: the first characters."""

MAX_PHRASED_SENTENCES = 5
MAX_PHRASED_PASSAGES = 3

_CITED = re.compile(r"\s*\[(\d+(?:\s*,\s*\d+)*)\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NOT = re.compile(r"\b(?:not|no|never|nobody|nothing|none|neither|nor|without|cannot|hardly)\b|n['’]t\b", re.I)

PROMPT = """\
Answer the question in at most four short, kind sentences. Use only what the numbered passages say, in their own words
as far as you can; add nothing, advise nothing that they don't advise. End each sentence with the number of the passage
that it is from, such as [1]. If the passages don't answer the question, write nothing.

{passages}

{earlier}Question: {question}"""

EARLIER = """\
Earlier the same person wrote, oldest first:
{messages}

"""


def phrase(
    answer: Answer, endpoint: Endpoint, encoder: Encoder, history: Sequence[Turn] = ()
) -> tuple[PhrasedSentence, ...]:
    """The sentences of the model that the answer's passages support; none if it wrote little else.

    The model is given the question as the person wrote it, and what they wrote before it in `history`.
    None either where a person may be in danger: there nothing but reviewed words is shown.
    """
    if is_danger(gravest([answer.safety.level, answer.safety.earlier])) or not answer.covered:
        return ()
    passages = answer.passages[:MAX_PHRASED_PASSAGES]
    numbered = "\n\n".join(f"[{number}] {shown.text}" for number, shown in enumerate(passages, start=1))
    prompt = PROMPT.format(passages=numbered, earlier=_earlier(history), question=answer.question)
    written = _sentences(complete(endpoint, prompt))
    kept = supported(written, passages, encoder)
    return kept if len(kept) >= LEAST_KEPT_SHARE * max(len(written), 1) else ()


def _earlier(history: Sequence[Turn]) -> str:
    """The person's last messages of `history` for the prompt, each on a line of its own; nothing without any."""
    messages = [line for turn in history if turn.role == "user" and (line := " ".join(turn.content.split()))]
    lines = "\n".join(f"- {line[:MAX_EARLIER_CHARACTERS]}" for line in messages[-MAX_EARLIER:])
    return EARLIER.format(messages=lines) if lines else ""


def supported(
    written: Sequence[tuple[str, tuple[int, ...]]], passages: Sequence[QuotedPassage], encoder: Encoder
) -> tuple[PhrasedSentence, ...]:
    """Those of the sentences, each with the numbers it cites, that the passages they cite support."""
    claims = [(text, [passages[number - 1] for number in cited]) for text, cited in written if _are(cited, passages)]
    points = [[line for passage in cited for line in _lines(passage)] for _, cited in claims]
    if not claims:
        return ()
    vectors = encoder.encode([text for text, _ in claims] + [line for lines in points for line in lines]).texts
    ends = np.cumsum([len(claims), *(len(lines) for lines in points)])
    kept = []
    for row, (text, cited) in enumerate(claims):
        near = vectors[ends[row] : ends[row + 1]] @ vectors[row]
        best = points[row][int(near.argmax())]
        if near.max() >= LEAST_SUPPORT and _stands_in(text, best, " ".join(passage.text for passage in cited)):
            kept.append(PhrasedSentence(text, tuple(passage.id for passage in cited)))
    return tuple(kept)


def _stands_in(sentence: str, point: str, passages: str) -> bool:
    """Whether the words of `sentence` stand in `passages`, and its negations in the `point` it is nearest to."""
    said, there = stems(sentence), set(stems(passages))
    shared = sum(stem in there for stem in said) / max(len(said), 1)
    numbers = set(_NUMBER.findall(sentence)) <= set(_NUMBER.findall(passages))
    return shared >= LEAST_SHARED_STEMS and numbers and bool(_NOT.search(sentence)) == bool(_NOT.search(point))


def _lines(passage: QuotedPassage) -> list[str]:
    """The sentences of a passage, line by line."""
    lines = [line.strip() for line in passage.text.splitlines() if line.strip()]
    return [line[start:end] for line in lines for start, end in sentences(line)]


def _are(cited: Sequence[int], passages: Sequence[QuotedPassage]) -> bool:
    return bool(cited) and all(1 <= number <= len(passages) for number in cited)


def _sentences(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """The first sentences of the model's text, each with the numbers it cites."""
    # A citation may stand before or after the full stop: it is moved before it, so that sentences end where they end.
    flat = re.sub(r"([.!?])((?:\s*\[[\d,\s]+\])+)", r"\2\1", " ".join(text.split()))
    found = []
    for start, end in sentences(flat):
        sentence = flat[start:end]
        cited = [int(number) for group in _CITED.findall(sentence) for number in group.split(",")]
        plain = _CITED.sub("", sentence).strip()
        if plain:
            found.append((plain, tuple(dict.fromkeys(cited))))
    return found[:MAX_PHRASED_SENTENCES]
