"""The records that one stage of Guide hands to the next.

All are frozen and slotted. Offsets count characters (Unicode code points) of `Article.text`, end exclusive, and are set
once, while the article is parsed. A score is a similarity: higher is better.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from guide.levels import Level

Role = Literal["user", "assistant"]
Audience = Literal["self", "other"]
BlockKind = Literal["paragraph", "item", "row"]
PointKind = Literal["sentence", "item", "row"]
Offer = Literal["", "professional", "abuse", "crisis"]
SectionRole = Literal["body", "advice", "help", "faq", "credit"]
Act = Literal[
    "question",
    "statement",
    "story",
    "greeting",
    "thanks",
    "goodbye",
    "identity",
    "capability",
    "ack",
    "meta",
    "smalltalk",
    "abuse_of_bot",
    "gibberish",
    "other_language",
]
"""What a person does with a message: asks, tells, tells at length, greets, …; `identity` asks who or what Guide is,
`capability` what it can do, `ack` answers shortly to what was said or asked before (“yes”, “since a year”), `meta` asks
for something to be done with the conversation or the article (“shorter”, “the second one”).
"""

ROLES: tuple[SectionRole, ...] = ("body", "advice", "help", "faq", "credit")
"""Every role of a section, in the order in which an index numbers them."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation."""

    role: Role
    content: str
    level: Level | None = None
    """What the safety gate decided on it, where that is known: its meaning isn't looked at again."""
    shown: tuple[str, ...] = ()
    """What a person's message was answered with, `Answer.shown`, where that is known: what “the second one” can mean
    afterwards. Where it isn't known, Guide finds it out anew.
    """
    withdrawn: bool = False
    """Whether the person said afterwards that the help offered for it wasn't what it meant: its meaning doesn't count
    then, and what its plain words say keeps help within reach and no more.
    """
    act: Act | None = None
    """What the person did with it, `Answer.act`, where that is known."""
    quoted: tuple[str, ...] = ()
    """The ids of the passages that were quoted for it without a tap, where that is known."""
    asked_back: bool = False
    """Whether it was answered with a question of Guide's own, `Answer.asks_back`: the next message may answer that."""


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question with all that its answer depends on."""

    question: str
    """The message as it was written."""
    history: tuple[Turn, ...] = ()
    """The turns before it, oldest first."""
    country: str | None = None
    """Whose help lines to show: ISO 3166-1 alpha-2. Without one, those that help anywhere."""
    articles: frozenset[str] = frozenset()
    """The ids of the articles to search; all of them without any."""
    mend: bool = True
    """Whether misspelt words are mended before the search."""
    withdrawn: bool = False
    """Whether the person has said of this very message that the help offered for it wasn't what it meant, as
    `Turn.withdrawn`."""


# ── the article ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, one list item or one table row; a row knows its cells' spans and its columns' names."""

    kind: BlockKind
    start: int
    end: int
    cells: tuple[tuple[int, int], ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks under one heading; `path` holds the headings from the outermost to its own.

    `role` says what the section is for: `advice` tells the reader what to do, `help` says when to seek professional
    help, `faq` is one question (the last of `path`) with its answer, `credit` says who wrote the article. `questions`
    are everyday questions that the section answers, from the article's front matter.
    """

    path: tuple[str, ...]
    role: SectionRole
    start: int
    end: int
    blocks: tuple[Block, ...]
    questions: tuple[str, ...] = ()


QuestionOrigin = Literal["front matter", "file", "model"]
"""Who wrote a question that words of an article answer: their author in the front matter, people in a file beside the
article, or a language model."""


@dataclass(frozen=True, slots=True)
class PassageQuestion:
    """A question that people ask, and where in the article's text the words stand that answer it. A search matches it;
    it is never quoted.
    """

    text: str
    start: int
    end: int
    origin: QuestionOrigin


@dataclass(frozen=True, slots=True)
class Article:
    """A parsed article. `text` is the normalised source in which every offset of every other record counts.

    `notes` say what its reader noticed, such as what was left out: ends of sentences that begin with the article's id.
    `asked` are the questions in the files beside it.
    """

    id: str
    title: str
    author: str
    source: str
    language: str
    text: str
    sections: tuple[Section, ...]
    licence: str = ""
    notes: tuple[str, ...] = ()
    asked: tuple[PassageQuestion, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()
    """Of a PDF, where the words of each page begin: offset and number of the page, counted from 1, in the order of the
    text. Footnotes stand at the end of it, so that a page may be named twice.
    """


@dataclass(frozen=True, slots=True)
class Point:
    """The smallest thing worth quoting: a sentence, a list item or a table row."""

    start: int
    end: int
    kind: PointKind = "sentence"
    cells: tuple[tuple[int, int], ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """What is shown: a section or a part of one. Its `id` is a valid HTML id and stays when other text changes.

    `questions` are those that the article's front matter names for the section; `asked` are all that a search matches:
    these, and those in the files beside the article whose words stand in the passage.
    """

    id: str
    article_id: str
    section: tuple[str, ...]
    role: SectionRole
    start: int
    end: int
    points: tuple[Point, ...]
    questions: tuple[str, ...] = ()
    asked: tuple[PassageQuestion, ...] = ()


Entry = tuple[Article, tuple[Passage, ...]]
"""An article with its passages."""


# ── safety ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Match:
    """Why a level was decided: the rule, the words of the message (offsets in the message as written) and the
    reason.
    """

    rule: str
    start: int
    end: int
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A help-seeking criterion that the message meets. Without a `passage_id` the words aren't an article's."""

    id: str
    quote: str
    passage_id: str = ""
    start: int = 0
    end: int = 0


Purpose = Literal["emergency", "crisis", "abuse", "poison", "bereaved", "directory"]
"""What a help line is for; `bereaved` are those bereaved by suicide."""


@dataclass(frozen=True, slots=True)
class Helpline:
    """One way to reach help; empty strings stand for what the service doesn't have."""

    name: str
    country: str
    """ISO 3166-1 alpha-2, or `*` for anywhere."""
    purpose: Purpose
    phone: str
    sms: str
    sms_text: str
    url: str
    hours: str
    language: str
    source: str
    """The page on which the number was seen."""
    seen: str
    """The date on which it was seen there, ISO 8601."""


RouteKind = Literal["public service", "low cost", "couples and family", "directory"]
"""What a way to a professional is, above all."""


@dataclass(frozen=True, slots=True)
class ProfessionalRoute:
    """One way to find a psychologist, a counsellor, or a couples' or family therapist; empty strings stand for none."""

    name: str
    country: str
    """ISO 3166-1 alpha-2, or `*` for anywhere."""
    kind: RouteKind
    for_whom: str
    url: str
    phone: str
    cost: str
    """What it costs, in plain words."""
    ask: str
    """How to ask: by oneself or with a referral, and of whom."""
    language: str
    source: str
    """The page on which it was seen."""
    seen: str
    """The date on which it was seen there, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the safety gate decided about a message within its conversation, and what to show because of it."""

    level: Level
    audience: Audience
    language: str
    """ISO 639-1 code of the message's language, as far as the gate knows it; `en` otherwise."""
    matches: tuple[Match, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    message: str = ""
    """The words of the help card, paragraphs separated by a blank line; empty when there is nothing to say."""
    helplines: tuple[Helpline, ...] = ()
    earlier: Level = "none"
    """The gravest level of the earlier turns that is sure: said in plain words, or meant more than once."""
    also_earlier: Level = "none"
    """`abuse` where the earlier turns told of that beside something graver."""
    taken_back: bool = False
    """Whether the person has said of all that `earlier` comes from that it wasn't meant so, as `Turn.withdrawn`."""
    offer: Offer = ""
    """The level whose help is offered in one quiet line under the answer, where no card is called for; or nothing."""
    offer_message: str = ""
    """The words of that line; empty without an offer."""


# ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of the question as written, and as it was searched."""

    written: str
    searched: str


@dataclass(frozen=True, slots=True)
class QueryPart:
    """A text that is searched for beside a query's own, and how much it counts: the query's own counts 1."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for: the question as asked, the text to search, and what was mended on the way."""

    question: str
    text: str
    corrections: tuple[Correction, ...] = ()
    also_asked: tuple[str, ...] = ()
    """The message's other questions, in its order, which are not searched for."""
    parts: tuple[QueryPart, ...] = ()
    """Further texts that have a say in which passages answer. Which of their points do, the text alone decides."""
    answers: str = ""
    """Of a long message, the words that the text is taken from; empty where that is the whole message."""
    aspect: str = ""
    """Of a bare message such as “why?”, the plain question for what it asks; empty otherwise."""
    article: str = ""
    """The id of the article to search alone, where a bare message goes on from what that has answered; else empty."""
    group: str = ""
    """The people for whom the message asks and of whom no article speaks, in its own words; empty without any."""

    @property
    def texts(self) -> list[str]:
        """All that is to be embedded, in one batch: the text, then that of each part."""
        return [self.text, *(part.text for part in self.parts)]


@dataclass(frozen=True, slots=True)
class PointHit:
    """A point and its similarity to the query."""

    point: Point
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that retrieval found, with the points of it that answer, best first."""

    passage: Passage
    points: tuple[PointHit, ...]
    score: float


@dataclass(frozen=True, slots=True)
class QuotedPoint:
    """The exact words of a point, or of one cell of a table's row."""

    start: int
    end: int
    text: str
    score: float
    kind: PointKind = "sentence"
    cells: tuple[tuple[int, int], ...] = ()
    """Of a table's row, the span of each cell."""
    columns: tuple[str, ...] = ()
    """Of a table's row, the name of each cell's column."""


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """The exact words of a passage, where they stand, and which of them answer (best first)."""

    id: str
    article: str
    section: tuple[str, ...]
    start: int
    end: int
    text: str
    score: float
    points: tuple[QuotedPoint, ...]
    whole: tuple[Point, ...] = ()
    """All points of the passage, in reading order: its paragraphs, lists and tables, for whoever renders it."""
    language: str = ""
    """The article's language, as a tag (BCP 47) such as `en` or `pt-BR`."""
    pages: tuple[int, ...] = ()
    """Of a PDF, the numbers of the pages on which the words stand, counted from 1."""


@dataclass(frozen=True, slots=True)
class Related:
    """A question that the passage `passage_id` answers."""

    question: str
    passage_id: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a person can say next with one tap: what is written on it, and the message that it sends."""

    label: str
    message: str


@dataclass(frozen=True, slots=True)
class PhrasedSentence:
    """A sentence that a language model wrote, and the passages that support it."""

    text: str
    passage_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """All that an interface needs to show: the command line, JSON and the chat only render it.

    When `covered` is false, `passages` are the nearest ones, not an answer. At the levels `crisis` and `emergency`
    there are none.
    """

    question: str
    searched_as: str
    corrections: tuple[Correction, ...]
    covered: bool
    confidence: float
    not_mentioned: tuple[str, ...]
    passages: tuple[QuotedPassage, ...]
    related: tuple[Related, ...]
    safety: Assessment
    also_asked: tuple[str, ...] = ()
    """Further parts of the same message, in its own words, which this answer doesn't go into."""
    phrased: tuple[PhrasedSentence, ...] = ()
    """Sentences that connect the passages, where the operator has named a language model."""
    reply: str = ""
    """What Guide says in its own words: instead of quoting, or in a sentence before the quotations."""
    act: Act = "question"
    """What the person did with the message."""
    choices: tuple[Choice, ...] = ()
    """What the person can say next with one tap, from a `reply`."""
    asks_back: bool = False
    """Whether `reply` is a question, which the next message may answer."""
    answers: str = ""
    """Of a long message, the words that the passages answer; empty where they answer the whole message."""
    brief: bool = False
    """Whether the points that answer are wanted alone, without the rest of their passages."""
    closest: tuple[QuotedPassage, ...] = ()
    """Where Guide isn't sure which passage is meant, what to show first in place of one passage whole: the first
    passages, each with no more than its best points. Empty where it is sure.
    """
    shown: tuple[str, ...] = ()
    """What “the second one” means right after this answer: the points that the first passage answers with, in reading
    order, or the headings of the sections that it only announces; of a reply, the choices that it offers.
    """

    @property
    def in_view(self) -> tuple[QuotedPassage, ...]:
        """The passages that are read without a tap, each with the points that answer; none where nothing does."""
        if not self.covered:
            return ()
        return self.closest or (self.passages if self.brief else self.passages[:1])

    @property
    def points_alone(self) -> bool:
        """Whether of the passages in view only the points that answer are shown."""
        return self.brief or bool(self.closest)


History = Sequence[Turn]
