"""The shapes of the REST interface, as its OpenAPI document tells them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from guide.levels import Level
from guide.records import Act, Offer, Purpose, RouteKind
from guide.request import MAX_QUESTION_CHARACTERS
from guide.validation import Record, WholeText, expected

MAX_HISTORY = 200
"""How many turns a history may have: a hundred questions with their answers."""

MAX_ARTICLES = 100
"""How many articles a request may name."""

QuestionText = Annotated[
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


class TurnModel(Record):
    """An earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: WholeText
    withdrawn: bool = Field(
        default=False, description="The person said that the help offered for this message wasn't what it meant."
    )


EntryModel = Annotated[
    WholeText | TurnModel, expected("a text or an object with `role` (user or assistant) and `content`")
]


class AssessBody(Record):
    """A question, and what it was asked after."""

    question: QuestionText
    history: Annotated[
        list[EntryModel],
        Field(max_length=MAX_HISTORY, description="Earlier turns, oldest first; a text is something the person wrote."),
        expected(f"a list of at most {MAX_HISTORY} turns"),
    ] = Field([])
    country: Country = None
    withdrawn: bool = Field(
        default=False,
        description="The person says that the help offered for this question before wasn't what it meant.",
    )


class AskBody(AssessBody):
    """A question, and the articles to look for its answer in."""

    articles: Annotated[
        list[
            Annotated[WholeText, Field(max_length=200), expected("a text of at most 200 characters, an article's id")]
        ],
        Field(max_length=MAX_ARTICLES, description="The ids of the articles to search; without any, all are."),
        expected(f"a list of at most {MAX_ARTICLES} articles' ids"),
    ] = Field([])


class GradioCallBody(BaseModel):
    """A call of the chat's endpoint: the question, then perhaps the history and the country."""

    data: Annotated[
        list[Any],
        Field(min_length=1, max_length=3),
        expected("a list of the question and, if you like, the history and the country"),
    ]


class MatchModel(BaseModel):
    rule: str
    start: int
    end: int
    text: str


class CriterionModel(BaseModel):
    id: str
    quote: str
    passage_id: str
    start: int
    end: int


class HelplineModel(BaseModel):
    """One way to reach help."""

    name: str
    phone: str
    sms: str
    url: str
    hours: str
    country: str = Field(description="ISO 3166-1 alpha-2, or * for anywhere.")


class SafetyModel(BaseModel):
    """What the safety gate decided; show `message` and `helplines` first."""

    level: Level
    audience: Literal["self", "other"]
    language: str
    matches: list[MatchModel]
    criteria: list[CriterionModel]
    message: str
    earlier: Level = Field(description="The gravest sure level of the earlier turns.")
    offer: Offer = Field(
        description="The level whose help is offered in one quiet line where no card is shown; or empty."
    )
    offer_message: str = Field(description="The words of that line.")
    helplines: list[HelplineModel]


class CorrectionModel(BaseModel):
    written: str = Field(alias="from")
    searched: str = Field(alias="to")


class QuotedModel(BaseModel):
    start: int
    end: int
    text: str
    score: float


class QuotedPassageModel(QuotedModel):
    id: str
    article: str
    section: list[str]
    pages: list[int] = Field(description="Of a PDF, the pages on which the words stand, counted from 1.")
    points: list[QuotedModel]


class RelatedModel(BaseModel):
    question: str
    passage_id: str


class PhrasedModel(BaseModel):
    """A sentence of a language model, and the passages that support it."""

    text: str
    passage_ids: list[str]


class ChoiceModel(BaseModel):
    """What a person can say next with one tap: what is written on it, and the message that it sends."""

    label: str
    message: str


class AnswerModel(BaseModel):
    """The answer: exact words of the articles with where they stand."""

    version: Literal[1]
    question: str
    searched_as: str
    corrections: list[CorrectionModel]
    covered: bool
    confidence: float = Field(ge=0, le=1)
    not_mentioned: list[str]
    passages: list[QuotedPassageModel]
    related: list[RelatedModel]
    also_asked: list[str]
    phrased: list[PhrasedModel]
    act: Act
    reply: str
    choices: list[ChoiceModel]
    asks_back: bool
    answers: str
    brief: bool
    closest: list[QuotedPassageModel]
    safety: SafetyModel


class PointModel(BaseModel):
    start: int
    end: int
    text: str
    kind: Literal["sentence", "item", "row"]


class ListedPassageModel(BaseModel):
    id: str
    article: str
    section: list[str]
    role: Literal["body", "advice", "help", "faq", "credit"]
    start: int
    end: int
    text: str
    points: list[PointModel]


_NEXT = Field(description="The query of the next page at the same address, such as `?limit=100&…`; empty on the last.")


class PassagesModel(BaseModel):
    """What the articles were split into, in reading order."""

    count: int
    passages: list[ListedPassageModel]
    next: str = _NEXT


class ListedArticleModel(BaseModel):
    id: str
    title: str
    name: str = Field(description="The title, with the id after it where another article has the same.")
    author: str
    source: str
    language: str
    licence: str
    sections: int
    passages: int
    points: int


class ArticlesModel(BaseModel):
    """The articles that answers come from."""

    count: int
    articles: list[ListedArticleModel]
    next: str = _NEXT


class ListedHelplineModel(HelplineModel):
    purpose: Purpose
    sms_text: str
    language: str
    source: str
    seen: str


class HelplinesModel(BaseModel):
    """The help lines of a country, or all."""

    helplines: list[ListedHelplineModel]


class ProfessionalRouteModel(BaseModel):
    """One way to find a psychologist, a counsellor, or a couples' or family therapist."""

    name: str
    country: str = Field(description="ISO 3166-1 alpha-2, or * for anywhere.")
    kind: RouteKind
    for_whom: str
    url: str
    phone: str
    cost: str
    ask: str = Field(description="How to ask, by oneself or with a referral.")
    language: str
    source: str
    seen: str


class ProfessionalsModel(BaseModel):
    """The ways to a professional in a country, or all, and what to say on the first call."""

    routes: list[ProfessionalRouteModel]
    first_call: list[str]


class ErrorModel(BaseModel):
    """Why there is no answer, in one sentence."""

    error: str


class ErrorWithSafetyModel(ErrorModel):
    """Why there is no answer; `safety` is there as soon as a question could be read."""

    safety: SafetyModel | None = None
