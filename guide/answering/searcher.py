"""A message in its conversation → what it means to search for in one state of a corpus, and what is found there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations

from guide.answering.compose import is_spoken_of, items_shown
from guide.answering.lists import list_noun
from guide.answering.talk import FEW_ARTICLES, Search
from guide.conversation.topics import Topic, added, question_meant, topics_of
from guide.conversation.understand import ADDS, ANSWER, MAX_TURNS, Understood, understand
from guide.embedding.encoder import Encoded, Encoder
from guide.errors import QuestionError
from guide.index.state import State
from guide.query.credits import asks_for_credits, names_of
from guide.query.groups import Group, group_of
from guide.query.resolve import about_aspect, about_subject, pointed_at, resolve
from guide.query.thread import NO_SUBJECT
from guide.records import ROLES, AskRequest, Assessment, Query, SectionRole, Turn
from guide.retrieval.hubs import find_hubs
from guide.retrieval.retrieve import Retrieval, Weights, retrieve
from guide.safety.visibility import roles_shown, turns_searched
from guide.text.language import COMMON_WORD
from guide.text.lexicon import Lexicon, english, plain
from guide.text.normalise import words
from guide.text.stems import is_content_word, stems

MOST_IN_HEADING = 4
"""Up to how many words a message may have for a heading to be looked for among them."""

TOPIC_ARTICLES = 100
"""How many articles are looked at for what can be asked about: only a few topics are ever offered."""


class Searcher:
    """Searches one state of a corpus for what people mean."""

    def __init__(self, state: State, encoder: Encoder, weights: Weights) -> None:
        """`encoder` is that of the model that built the corpus's index; `weights` say how much each stage counts."""
        self._state, self._encoder, self._weights = state, encoder, weights

    def query(self, request: AskRequest) -> Query:
        """What to search for when `request` is asked.

        Raises:
            QuestionError: the question is empty or too long.
        """
        found = understand(request.question, request.history, known=self.lexicon)
        group = group_of(request.question)
        named = group.named if group and self._is_unspoken_of(group, request) else ""
        if meant := self._meant(request, found):
            query = resolve(meant, lexicon=self.lexicon, mend=False)
            return replace(query, question=request.question, group=named)
        history = self._with_items_shown(request)
        said = added(request.question) if found.by == ADDS else request.question
        query = about_subject(resolve(said, history, lexicon=self.lexicon, mend=request.mend))
        if query.aspect and (article := self._article_of_topic(request, history)) is not None:
            query = replace(about_aspect(query), article=article)
        if group and named:
            if group.alone and (before := self._before_group(request)):
                query = self.query(before)
            else:
                query = replace(query, article=self._article_of_topic(request, history) or "")
            query = replace(query, group=named)
        return replace(query, question=request.question)

    def retrieve(
        self, query: Query, encoded: Encoded, roles: frozenset[SectionRole], articles: frozenset[str], limit: int = 5
    ) -> Retrieval:
        """What is found for `query`, whose texts are `encoded`: at most `limit` passages of sections of these `roles`.

        `articles` are the ids of the articles to search, all of them without any.
        """
        self._state.raise_if_damaged()
        return retrieve(
            query,
            self._state,
            encoded,
            limit=limit,
            weights=self._weights,
            roles=roles,
            articles=frozenset({query.article}) if query.article else articles,
            hubs=self.hubs,
        )

    def roles(self, query: Query, shown: frozenset[SectionRole]) -> frozenset[SectionRole]:
        """The roles of the sections that may answer: credits only where they are asked for."""
        return shown if asks_for_credits(query.text, self._authors) else shown - {"credit"}

    def search_for(self, request: AskRequest, safety: Assessment) -> Search:
        """Searches as for `request`, for another message of its conversation; the same one is searched for once."""

        @cache
        def searched(
            question: str, history: tuple[Turn, ...], limit: int, roles: frozenset[SectionRole]
        ) -> tuple[Query, Retrieval]:
            query = self.query(replace(request, question=question, history=history))
            encoded, answering = self._encoder.encode(query.texts), self.roles(query, roles)
            return query, self.retrieve(query, encoded, answering, request.articles, limit)

        def search(
            question: str, history: Sequence[Turn] = (), *, limit: int = 5, everything: bool = False
        ) -> tuple[Query, Retrieval]:
            turns = turns_searched(history, safety)
            return searched(question, turns, limit, frozenset(ROLES) if everything else roles_shown(safety))

        return search

    def topics(self, request: AskRequest) -> Sequence[Topic]:
        """What the articles that `request` searches can be asked about."""
        return [topic for name in sorted(request.articles) or [""] for topic in self._topics_in(name)]

    def credit_question(self, request: AskRequest) -> str:
        """A question that the articles answer by saying who wrote them; empty where none does."""
        passage = self._state.first_of_role("credit", request.articles)
        return next(iter(passage.questions), passage.section[-1]) if passage else ""

    @property
    def lexicon(self) -> Lexicon:
        """The words that misspelt ones are mended to."""
        return self._state.lexicon

    def names_subject(self, message: str) -> bool:
        """Whether `message` names something that the articles are about, and has otherwise words of theirs or of
        everyday English: a whole heading stands in it, or a word that is typical of the articles.
        """
        said = [plain(word) for word in words(message) if is_content_word(word)]
        if not all(word in self.lexicon or english().counts.get(word, 0) >= COMMON_WORD for word in said):
            return False
        if self._names_heading(message, said):
            return True
        return all(word in self.lexicon for word in said) and any(map(self.lexicon.is_typical, said))

    def _names_heading(self, message: str, said: Sequence[str]) -> bool:
        """Whether `message` is a heading, or all content words of one are among the few that it has, `said`."""
        if len(said) > MOST_IN_HEADING:
            return False
        named = {stem for word in said for stem in stems(word)}
        among = (frozenset(some) for size in range(1, len(named) + 1) for some in combinations(named, size))
        return frozenset(stems(message)) in self._headings or not self._headings.isdisjoint(among)

    @property
    def hubs(self) -> Mapping[str, float]:
        """The passages that resemble whatever people write, and how much less they score for it."""
        return self._state.once("hubs", lambda: find_hubs(self._state, self._encoder))

    @property
    def languages(self) -> frozenset[str]:
        """The languages in which its articles are written."""
        return frozenset(self._state.spoken)

    def _topics_in(self, name: str) -> tuple[Topic, ...]:
        """What the article of the id `name` can be asked about, and for `""` what the first of all can."""

        def find() -> tuple[Topic, ...]:
            if not name:
                return topics_of(self._state.entries(limit=TOPIC_ARTICLES))
            return topics_of([(self._state.article(id), self._state.passages_of(id)) for id in self._state.has([name])])

        return self._state.once(f"topics of {name}", find)

    @property
    def _headings(self) -> frozenset[frozenset[str]]:
        """The stems of each title and each heading of a section that can be asked about."""

        def find() -> frozenset[frozenset[str]]:
            headings = [*self._state.titles.values(), *(topic.heading for topic in self._topics_in(""))]
            return frozenset(frozenset(stems(heading)) for heading in headings) - {frozenset()}

        return self._state.once("headings", find)

    @property
    def _authors(self) -> frozenset[str]:
        return self._state.once("authors", lambda: names_of(self._state.authors))

    def _meant(self, request: AskRequest, found: Understood) -> str:
        """The question to search for, where the message stands for another one: an answer to what Guide asked back, or
        a question about who wrote all this.
        """
        if found.by == ANSWER:
            before = next(turn.content for turn in reversed(request.history) if turn.role == "user")
            return question_meant(request.question, before, self.topics(request))
        if found.reply == "identity_author":
            return self.credit_question(request)
        return ""

    def _with_items_shown(self, request: AskRequest) -> Sequence[Turn]:
        """The history, its turns with what the person did in them, and what they were answered with where the question
        needs it, as far as the caller hasn't kept it.
        """
        history = _with_acts(request.history, self.lexicon)
        for place in pointed_at(request.question, history, lexicon=self.lexicon, mend=request.mend):
            turn = history[place]
            try:
                query = resolve(turn.content, history[:place], lexicon=self.lexicon, mend=request.mend)
            except QuestionError:
                continue
            found = self.retrieve(
                query, self._encoder.encode(query.texts), self.roles(query, frozenset(ROLES)), request.articles
            )
            if is_spoken_of(query, found, self._state, told=False):
                history[place] = replace(turn, shown=items_shown(found.hits, self._state))
        return history

    def _before_group(self, request: AskRequest) -> AskRequest | None:
        """The request as it was when something was last asked or told, before one group after the other was named."""
        history = _with_acts(request.history, self.lexicon)
        for place in range(len(history) - 1, -1, -1):
            turn = history[place]
            if turn.role != "user" or not turn.content.strip() or group_of(turn.content):
                continue
            asked = turn.content
            if turn.act == "meta" and understand(asked, known=self.lexicon).move == "list":
                # “And for kids?” after a list asks for what is on it.
                asked = f"the {list_noun(asked)}"
            elif turn.act in NO_SUBJECT:
                continue
            return replace(request, question=asked, history=tuple(history[:place]))
        return None

    def _is_unspoken_of(self, group: Group, request: AskRequest) -> bool:
        """Whether no article that is searched speaks of `group`: of many articles, whether none has its words."""
        searched = self._articles_searched(request)
        if len(searched) > FEW_ARTICLES:
            return not self._state.knows(stems(group.named))
        return not any(group.stands_in(self._state.texts[name]) for name in searched)

    def _articles_searched(self, request: AskRequest) -> Sequence[str]:
        """The ids of the articles that `request` searches."""
        return sorted(self._state.has(request.articles)) if request.articles else self._state.article_ids

    def _article_of_topic(self, request: AskRequest, history: Sequence[Turn]) -> str | None:
        """The id of the article that speaks of what the last message asked or told, empty where only that one does is
        known; None where no article does.
        """
        searched = self._articles_searched(request)
        for place in range(len(history) - 1, -1, -1):
            turn = history[place]
            if turn.quoted:
                of_few = searched if 1 < len(searched) <= FEW_ARTICLES else ()
                return next((id for id in of_few if self._holds(id, turn.quoted)), "")
            if turn.role != "user" or turn.act in NO_SUBJECT:
                continue
            try:
                query = resolve(turn.content, history[:place], lexicon=self.lexicon, mend=request.mend)
            except QuestionError:
                continue
            encoded = self._encoder.encode(query.texts)
            found = self.retrieve(query, encoded, self.roles(query, frozenset(ROLES)), request.articles)
            told = turn.act in ("statement", "story")
            if not is_spoken_of(query, found, self._state, told=told):
                return None
            # What is only likely to be about the subject doesn't say which article is.
            sure = not told or is_spoken_of(query, found, self._state, told=False)
            return found.hits[0].passage.article_id if sure else ""
        return None

    def _holds(self, article_id: str, passage_ids: Sequence[str]) -> bool:
        return any(passage.id in passage_ids for passage in self._state.passages_of(article_id))


def _with_acts(history: Sequence[Turn], known: Lexicon) -> list[Turn]:
    """The turns, each of the person's last ones with its act, by its words alone where the caller hasn't kept it."""
    return [
        replace(turn, act=understand(turn.content, known=known).act)
        if turn.role == "user" and turn.act is None and place >= len(history) - MAX_TURNS
        else turn
        for place, turn in enumerate(history)
    ]
