"""`Guide`: open an index, ask a question."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import replace
from time import monotonic

from guide.answering.compose import compose, quotes_again, without_passages
from guide.answering.criteria import cite_criteria
from guide.answering.llm_endpoint import check_endpoint
from guide.answering.moves import QUOTING_MOVES, answer_move
from guide.answering.of_self import own_signs_first
from guide.answering.phrasing import phrase
from guide.answering.searcher import Searcher
from guide.answering.talk import Talk
from guide.config import Config, Endpoint, GateKind
from guide.conversation.act_meaning import open_act_model
from guide.conversation.replies import MOST_CREDITED, Reply, credits_of, move_reply, reply_for
from guide.conversation.topics import asked_first
from guide.conversation.understand import (
    ActProbabilities,
    Understood,
    undecided,
    understand,
)
from guide.embedding.choose import open_encoder
from guide.embedding.encoder import Encoded, Encoder, ModelIdentity
from guide.errors import AnswerError, GuideError, QuestionError, SearchIndexError, StoreGoneError
from guide.index.state import State, Store
from guide.levels import is_danger
from guide.query.follow_up import stands_alone
from guide.query.language import unread_language
from guide.query.resolve import check_length, resolve
from guide.query.story import is_of_self
from guide.records import ROLES, Answer, Article, AskRequest, Assessment, Passage, Query
from guide.request import HistoryEntry, assess_words, read_request
from guide.retrieval.passage_map import Survey, survey
from guide.retrieval.retrieve import WEIGHTS, Weights
from guide.safety.choose import open_classifier
from guide.safety.classifier import Classify
from guide.safety.gate import assess
from guide.safety.meaning import tells_of_people
from guide.safety.message import since_danger
from guide.safety.visibility import knows_of_abuse, may_show, roles_shown, turns_searched
from guide.safety.wording import only_english
from guide.store import IndexLocation, location_of, open_store

_BESIDE = ThreadPoolExecutor(thread_name_prefix="search")
"""Where questions are embedded while the safety gate decides."""

LIGHT_ACTS = ("smalltalk", "goodbye", "abuse_of_bot", "gibberish")
LIGHT_REPLIES = ("cant_do", "cant_answer")
"""Acts and replies that would be out of place where the safety gate has something to say."""

TELLING_ACTS = ("statement", "story")
"""Acts that tell and ask nothing."""

SOON_SECONDS = 0.8
"""How soon a connection must have broken for the question to be asked once more: nobody shall wait twice."""


class Guide:
    """Answers questions from the articles of one index."""

    _index: State
    """The one state of the corpus that a question is answered from; there is none between questions."""
    _searcher: Searcher
    """What searches that state."""

    def __init__(
        self,
        index: Store,
        encoder: Encoder,
        weights: Weights = WEIGHTS,
        *,
        endpoint: Endpoint | None = None,
        classify: Classify | None = None,
        acts: ActProbabilities | None = None,
    ) -> None:
        """`index` is what it searches; `encoder` is that of the model that built it. `endpoint` is the language model,
        if any, that may connect the quoted passages in sentences of its own.

        `classify` is the safety gate's own model, by which it reads what messages mean, whatever model built the index.
        Without it the gate decides by its rules alone. `acts` says by its meaning what a short message does; without it
        rules alone do.

        Raises:
            GuideError: the language model can't be asked: what it takes isn't installed, or its address is none.
        """
        if endpoint:
            check_endpoint(endpoint)
        self._store = index
        self._encoder = encoder
        self._weights = weights
        self._endpoint = endpoint
        self._classify = classify
        self._acts = acts

    @classmethod
    def open(cls, folder: str | IndexLocation = "index", config: Config | None = None) -> "Guide":
        """The guide over the index in `folder`, or in the database of that address (`postgresql://…`).

        Raises:
            SearchIndexError: there is no index, it is damaged, of another version or built with another model.
            ModelError: the model isn't here.
            GuideError: a language model is named that can't be asked.
        """
        config = config or Config.from_environment()
        index = open_store(location_of(folder))
        encoder = open_encoder(config, index.model)
        _check_model(index, encoder.identity, folder)
        classify = None if config.gate == "rules" else open_classifier()
        return cls(index, encoder, endpoint=config.endpoint, classify=classify, acts=open_act_model())

    def over(self, folder: str | IndexLocation) -> "Guide":
        """The guide over the index in `folder`, with this one's model: only the index is read.

        Raises:
            SearchIndexError: as `open` does; also if the index was built with another model.
        """
        index = open_store(location_of(folder))
        _check_model(index, self._store.model, folder)
        return type(self)(
            index, self._encoder, self._weights, endpoint=self._endpoint, classify=self._classify, acts=self._acts
        )

    @property
    def index(self) -> Store:
        """What it searches."""
        return self._store

    def reading(self) -> AbstractContextManager[State]:
        """The one state that its corpus is in now, for whoever reads several things that belong together."""
        return self._store.reading()

    @property
    def gate(self) -> GateKind:
        """What the safety gate decides by: `model`, its rules and its model of what messages mean, or `rules` alone."""
        return "model" if self._classify else "rules"

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles it answers from."""
        with self._store.reading() as state:
            return state.articles

    @property
    def passages(self) -> Sequence[Passage]:
        """All passages, article by article in reading order."""
        with self._store.reading() as state:
            return state.passages

    def ask(
        self,
        question: str,
        history: Sequence[HistoryEntry] = (),
        country: str | None = None,
        *,
        mend: bool = True,
        articles: Sequence[str] = (),
        withdrawn: bool = False,
    ) -> Answer:
        """The answer to `question`, asked after `history` (oldest first) by somebody in `country` (ISO 3166-1 alpha-2).

        Misspelt words are mended before the search, unless `mend` is off: the way back to the question as typed.
        `articles` are the ids of the articles to search; without any, all are searched. `withdrawn` says that the help
        offered for this very question before wasn't what it meant. The safety gate decides first, and asks no article.
        Every error carries its decision as `safety`.

        Raises:
            QuestionError: the question is empty or too long, the history can't be read, or an article is unknown.
            AnswerError: Guide itself failed.
        """
        return self.answer(read_request(question, history, country, articles=articles, mend=mend, withdrawn=withdrawn))

    def answer(self, request: AskRequest) -> Answer:
        """The answer to `request`; `ask` says how, and what is raised."""
        begun = monotonic()
        try:
            return self._answer(request)
        except StoreGoneError as error:
            if not error.again or monotonic() - begun > SOON_SECONDS:
                raise
            # The connection broke at once: another one may lead to a server that is up.
            return self._answer(request)

    def _answer(self, request: AskRequest) -> Answer:
        with self._reading() as guide:
            search = _Search(lambda: guide._searcher.query(request), lambda: guide._told(request), self._encoder)
            with _help_beside_failure(request, "read"):
                safety = self._assess(request)
                turns = turns_searched(request.history, safety)
                if turns != request.history:
                    calm = replace(request, history=turns)
                    search = _Search(lambda: guide._searcher.query(calm), lambda: guide._told(request), self._encoder)
            with _help_beside_failure(request, "searched", safety):
                found = guide._unsearched(request, search, safety)
                if isinstance(found, Answer):
                    return found
                answer = guide._searched(request, search, safety, found)
        # The state isn't held while a language model writes.
        if self._endpoint is None:
            return answer
        with _help_beside_failure(request, "phrased", safety):
            return replace(answer, phrased=phrase(answer, self._endpoint, self._encoder, request.history))

    @contextmanager
    def _reading(self) -> Iterator["Guide"]:
        """This guide over the one state that its corpus is in now, for as long as a question takes."""
        with self._store.reading() as state, state.one_question():
            guide = copy(self)
            guide._index, guide._searcher = state, Searcher(state, self._encoder, self._weights)
            yield guide

    def assess(self, request: AskRequest) -> Assessment:
        """What the safety gate decides on `request`, the same as in its answer; no article is searched.

        Raises:
            AnswerError: the model failed; the error's `safety` says what the rules decide.
        """
        with _help_beside_failure(request, "read"):
            return self._assess(request)

    def survey(self, answer: Answer | None = None) -> Survey:
        """Where all passages lie, and how each fits what `answer` searched for; see `guide.retrieval.passage_map`."""
        with self._reading() as guide:
            if answer is None:
                return survey(guide._index, self._encoder)
            return survey(guide._index, self._encoder, answer.searched_as, answer.safety, guide._searcher.hubs)

    def _assess(self, request: AskRequest) -> Assessment:
        return assess(
            request.question,
            request.history,
            country=request.country,
            classify=self._classify,
            withdrawn=request.withdrawn,
        )

    def _unsearched(self, request: AskRequest, search: "_Search", safety: Assessment) -> Answer | Understood:
        """The answer to a message whose own words aren't searched for, or what the person does with one that is."""
        if is_danger(safety.level):
            # Nothing is searched, so nothing that a search needs can stand in the way.
            return without_passages(resolve(request.question), safety)
        language = unread_language(request.question, lambda: self._searcher.languages)
        if language and not self._searcher.names_subject(request.question):
            reply = only_english(language)
            return replace(without_passages(resolve(request.question), safety, reply), act="other_language")
        # What isn't searched is refused for the same reasons.
        check_length(request.question)
        _check_articles(request.articles, self._index)
        understood = self._understood(request, search, safety)
        if understood.move in ("reply", "ask_back"):
            return self._replied(request, understood, safety)
        if understood.move in QUOTING_MOVES:
            talk = Talk(request, safety, self._index, self._searcher.search_for(request, safety))
            if moved := answer_move(understood.move, talk):
                return replace(cite_criteria(moved, self._index), act=understood.act)
        return understood

    def _searched(self, request: AskRequest, search: "_Search", safety: Assessment, understood: Understood) -> Answer:
        query, encoded = search.ready()
        roles = self._searcher.roles(query, roles_shown(safety))
        if knows_of_abuse(safety):
            every = self._searcher.roles(query, frozenset(ROLES))
            nearest = self._searcher.retrieve(query, encoded, every, request.articles)
            is_covered = compose(query, nearest, self._index, safety).covered
            if is_covered and not may_show(nearest.hits[0].passage, safety):
                # What comes next to what is held back answers something else.
                said = move_reply("held_back", len(request.history), safety.language).text
                return replace(without_passages(query, safety, said), act=understood.act)
        found = self._searcher.retrieve(query, encoded, roles, request.articles)
        if is_of_self(request.question):
            found = own_signs_first(found)
        answer = cite_criteria(compose(query, found, self._index, safety, request.history), self._index)
        answer = replace(answer, act=understood.act)
        if knows_of_abuse(safety):
            # Their own words aren't told back to them as what an article lacks.
            answer = replace(answer, not_mentioned=())
        key = understood.reply or ("same_passage" if quotes_again(answer, request.history) else "")
        if key:
            answer = replace(answer, reply=self._reply(request, key, safety).text)
        return answer

    def _understood(self, request: AskRequest, search: "_Search", safety: Assessment) -> Understood:
        """What the person does, as far as the gate's decision leaves it to be read lightly: beside a card or an offer
        no message is small talk by its meaning, and none is answered as if nothing had been said.
        """
        spoken_of = safety.level != "none" or bool(safety.offer)
        meaning = None if spoken_of or not self._acts else lambda _: search.told()
        found = understand(
            request.question,
            request.history,
            meaning=meaning,
            known=self._searcher.lexicon,
            names_subject=self._searcher.names_subject,
        )
        if found.reply == "identity_author" and not self._searcher.credit_question(request):
            found = replace(found, move="reply")
        if knows_of_abuse(safety) and not safety.taken_back and found.move in ("search", "ask_back"):
            # Whatever an article says of people could be read as their own fault by somebody who is hurt.
            return replace(found, move="reply", reply="gate_speaks") if self._is_personal(request, found) else found
        is_light = found.act in LIGHT_ACTS or found.reply in LIGHT_REPLIES
        if (spoken_of or is_danger(safety.earlier)) and is_light:
            return replace(found, reply="goodbye_with_help" if found.act == "goodbye" else "gate_speaks")
        return found

    def _is_personal(self, request: AskRequest, understood: Understood) -> bool:
        """Whether a message is of the writer, tells of somebody, or goes on from nothing but what told of danger."""
        message, tells = request.question, understood.act in TELLING_ACTS
        if is_of_self(message) or (tells and tells_of_people(message)):
            return True
        followed = any(turn.role == "user" for turn in since_danger(request.history))
        return not stands_alone(message, self._searcher.lexicon) and (tells or not followed)

    def _told(self, request: AskRequest) -> Mapping[str, float]:
        """What a short message does by its meaning, where its words leave that open."""
        words = undecided(request.question, request.history, self._searcher.lexicon) if self._acts else ""
        return self._acts(words) if self._acts and words else {}

    def _replied(self, request: AskRequest, understood: Understood, safety: Assessment) -> Answer:
        reply = self._reply(request, understood.reply, safety)
        answer = without_passages(Query(request.question, request.question), safety, reply.text)
        # “The second one” may mean one of the choices.
        offered = tuple(choice.message for choice in reply.choices)
        return replace(answer, act=understood.act, choices=reply.choices, asks_back=reply.asks_back, shown=offered)

    def _reply(self, request: AskRequest, key: str, safety: Assessment) -> Reply:
        asked = [turn.content for turn in request.history if turn.role == "user"]
        roles = roles_shown(safety)
        topics = [topic for topic in self._searcher.topics(request) if topic.role in roles]
        searched = [id for id in self._index.article_ids if not request.articles or id in request.articles]
        named = [self._index.article(id) for id in searched[:MOST_CREDITED]]
        return reply_for(
            "identity_private_with_model" if key == "identity_private" and self._endpoint else key,
            len(asked),
            safety.language,
            topics=asked_first(topics, request.question) if key == "vague" else topics,
            asked=asked,
            credits=credits_of(named, safety.language, len(searched)),
        )


class _Search:
    """What a request searches for, found out and embedded beside the safety gate's decision, on a thread of its own."""

    def __init__(
        self, resolved: Callable[[], Query], told: Callable[[], Mapping[str, float]], encoder: Encoder
    ) -> None:
        """`told` finds out what the message does by its meaning."""
        self._resolved, self._encoder = resolved, encoder
        self._act = _BESIDE.submit(told)
        self._future = _BESIDE.submit(self._found)

    def _found(self) -> tuple[Query, Encoded]:
        query = self._resolved()
        return query, self._encoder.encode(query.texts)

    def told(self) -> Mapping[str, float]:
        """What the message does by its meaning; raises what went wrong on the way to it."""
        return self._act.result()

    def ready(self) -> tuple[Query, Encoded]:
        """The query with its embedding; raises what went wrong on the way to it."""
        return self._future.result()


@contextmanager
def _help_beside_failure(request: AskRequest, doing: str, safety: Assessment | None = None) -> Iterator[None]:
    """Whatever fails within is an error that a person can act on, with the way to help: `safety`, where that has been
    decided, or what the words of the request say.
    """
    try:
        yield
    except GuideError as error:
        error.safety = error.safety or safety or assess_words(request.question, request.history, request.country)
        raise
    except Exception as error:
        failure = AnswerError(f"Guide failed while it {doing} ({type(error).__name__}: {error}); please ask again.")
        failure.safety = safety or assess_words(request.question, request.history, request.country)
        raise failure from error


def _check_articles(articles: frozenset[str], index: State) -> None:
    if articles and (unknown := sorted(articles.difference(index.has(articles)))):
        named = ", ".join(repr(name[:60]) for name in unknown[:3]) + (" …" if len(unknown) > 3 else "")
        raise QuestionError(f"The index has no article {named}; `guide articles` lists those it has.")


def _check_model(index: Store, model: ModelIdentity, folder: str | IndexLocation) -> None:
    if model.sha256 != index.model.sha256:
        raise SearchIndexError(
            f"The index in {folder} was built with {index.model.name} ({index.model.sha256[:12]}…), the model in "
            f"use is {model.name} ({model.sha256[:12]}…); run `guide build` again or set GUIDE_MODEL."
        )
