"""The shapes of the REST interface, as its OpenAPI document tells them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from guide.request import MAX_QUESTION_CHARACTERS
from guide.validation import Record, WholeText, expected

MAX_HISTORY = 200
"""Turns; a conversation of a hundred questions with their answers."""

MAX_ARTICLES = 100
"""As many as anybody names one by one."""

Level = Literal["none", "professional", "abuse", "crisis", "emergency"]
Question = Annotated[
    WholeText,
    Field(
        min_length=1,
        max_length=MAX_QUESTION_CHARACTERS,
        description="What the person wrote: at least one word, at most 8,000 characters.",
        examples=["What are the signs of emotional detachment?"],
    ),
    expected(f"a text of 1 to {MAX_QUESTION_CHARACTERS:,} characters"),
]
Country = Annotated[
    str | None,
    Field(pattern="^[A-Za-z]{2}$", description="ISO 3166-1 alpha-2, for help lines.", examples=["IE"]),
    expected("a two-letter code"),
]


class Turn(Record):
    """An earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: WholeText


Entry = Annotated[WholeText | Turn, expected("a text or an object with `role` (user or assistant) and `content`")]


class Asked(Record):
    """A question, and what it was asked after."""

    question: Question
    history: Annotated[
        list[Entry],
        Field(max_length=MAX_HISTORY, description="Earlier turns, oldest first; a text is something the person wrote."),
        expected(f"a list of at most {MAX_HISTORY} turns"),
    ] = Field([])
    country: Country = None


class AskedOf(Asked):
    """A question, and the articles to look for its answer in."""

    articles: Annotated[
        list[
            Annotated[WholeText, Field(max_length=200), expected("a text of at most 200 characters, an article's id")]
        ],
        Field(max_length=MAX_ARTICLES, description="The ids of the articles to search; without any, all are."),
        expected(f"a list of at most {MAX_ARTICLES} articles' ids"),
    ] = Field([])


class Called(BaseModel):
    """A call of the chat's endpoint: the question, then perhaps the history and the country."""

    data: Annotated[
        list[Any],
        Field(min_length=1, max_length=3),
        expected("a list of the question and, if you like, the history and the country"),
    ]


class Match(BaseModel):
    rule: str
    start: int
    end: int
    text: str


class Criterion(BaseModel):
    id: str
    quote: str
    passage_id: str
    start: int
    end: int


class Line(BaseModel):
    """One way to reach help."""

    name: str
    phone: str
    sms: str
    url: str
    hours: str
    country: str = Field(description="ISO 3166-1 alpha-2, or * for anywhere.")


class Safety(BaseModel):
    """What the safety gate decided; show `message` and `helplines` first."""

    level: Level
    audience: Literal["self", "other"]
    language: str
    matches: list[Match]
    criteria: list[Criterion]
    message: str
    helplines: list[Line]


class Mended(BaseModel):
    written: str = Field(alias="from")
    searched: str = Field(alias="to")


class Quoted(BaseModel):
    start: int
    end: int
    text: str
    score: float


class QuotedPassage(Quoted):
    id: str
    article: str
    section: list[str]
    points: list[Quoted]


class Related(BaseModel):
    question: str
    passage_id: str


class Phrased(BaseModel):
    """A sentence of a language model, and the passages that support it."""

    text: str
    passage_ids: list[str]


class Answer(BaseModel):
    """The answer: exact words of the articles with where they stand."""

    version: Literal[1]
    question: str
    searched_as: str
    corrections: list[Mended]
    covered: bool
    confidence: float = Field(ge=0, le=1)
    not_mentioned: list[str]
    passages: list[QuotedPassage]
    related: list[Related]
    also_asked: list[str]
    phrased: list[Phrased]
    safety: Safety


class Place(BaseModel):
    start: int
    end: int
    text: str
    kind: Literal["sentence", "item", "row"]


class ListedPassage(BaseModel):
    id: str
    article: str
    section: list[str]
    role: Literal["body", "advice", "help", "faq", "credit"]
    start: int
    end: int
    text: str
    points: list[Place]


class Passages(BaseModel):
    """What the articles were split into, in reading order."""

    count: int
    passages: list[ListedPassage]


class ListedLine(Line):
    purpose: Literal["emergency", "crisis", "abuse", "directory"]
    sms_text: str
    language: str
    source: str
    seen: str


class Lines(BaseModel):
    """Help lines."""

    helplines: list[ListedLine]


class Fault(BaseModel):
    """Why there is no answer, in one sentence."""

    error: str


class FaultWithSafety(Fault):
    """Why there is no answer; `safety` is there as soon as a question could be read."""

    safety: Safety | None = None
