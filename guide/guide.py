"""`Guide`: open an index, ask a question."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from guide.answering.compose import compose, without_passages
from guide.answering.criteria import cite
from guide.answering.llm_endpoint import check
from guide.answering.phrasing import phrase
from guide.config import DEFAULT_MODEL_SHA256, Config, Endpoint
from guide.embedding.choose import open_encoder
from guide.embedding.encoder import Encoded, Encoder, ModelIdentity
from guide.errors import AnswerError, GuideError, QuestionError, SearchIndexError
from guide.index.index import Index, open_index
from guide.query.resolve import resolve, turns
from guide.records import Answer, Article, Assessment, Passage, Query, Turn
from guide.retrieval.passage_map import Survey, survey
from guide.retrieval.retrieve import WEIGHTS, Retrieval, Weights, retrieve
from guide.safety import assess
from guide.safety.combine import to_embed, with_meaning
from guide.safety.visibility import roles_shown

Entry = Turn | str | Mapping[str, str]


class Guide:
    """Answers questions from the articles of one index."""

    def __init__(
        self, index: Index, encoder: Encoder, weights: Weights = WEIGHTS, *, endpoint: Endpoint | None = None
    ) -> None:
        """`endpoint` is the language model, if any, that may connect the quoted passages in sentences of its own.

        Raises:
            GuideError: it can't be asked: what it takes isn't installed, or its address is none.
        """
        if endpoint:
            check(endpoint)
        self._index = index
        self._encoder = encoder
        self._weights = weights
        self._endpoint = endpoint
        self._lexicon = index.lexicon

    @classmethod
    def open(cls, folder: str | Path = "index", config: Config | None = None) -> "Guide":
        """The guide over the index in `folder`.

        Raises:
            SearchIndexError: there is no index, it is damaged, of another version or built with another model.
            ModelError: the model isn't here.
            GuideError: a language model is named that can't be asked.
        """
        config = config or Config.from_environment()
        index = open_index(Path(folder))
        encoder = open_encoder(config, index.model)
        _check_model(index, encoder.identity, folder)
        return cls(index, encoder, endpoint=config.endpoint)

    def over(self, folder: str | Path) -> "Guide":
        """The guide over the index in `folder`, with this one's model: only the index is read.

        Raises:
            SearchIndexError: as `open` does; also if the index was built with another model.
        """
        index = open_index(Path(folder))
        _check_model(index, self._index.model, folder)
        return type(self)(index, self._encoder, self._weights, endpoint=self._endpoint)

    @property
    def index(self) -> Index:
        """What it searches."""
        return self._index

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles it answers from."""
        return self._index.articles

    @property
    def passages(self) -> Sequence[Passage]:
        """All passages, article by article in reading order."""
        return self._index.passages

    def ask(
        self,
        question: str,
        history: Sequence[Entry] = (),
        country: str | None = None,
        *,
        mend: bool = True,
        articles: Sequence[str] = (),
    ) -> Answer:
        """The answer to `question`, asked after `history` (oldest first) by somebody in `country` (ISO 3166-1 alpha-2).

        Misspelt words are mended before the search, unless `mend` is off: the way back to the question as typed.
        `articles` are the ids of the articles to search; without any, all are searched. The safety gate decides first,
        and asks no article. If anything fails after it, the error carries its decision as `safety`.

        Raises:
            QuestionError: the question is empty or too long, the history can't be read, or an article is unknown.
            AnswerError: Guide itself failed.
        """
        try:
            earlier = turns(history)
        except QuestionError as error:
            error.safety = assess(question, country=country)
            raise
        safety = assess(question, earlier, country=country)
        try:
            return self._answer(question, earlier, safety, country, mend, frozenset(articles))
        except GuideError as error:
            error.safety = safety
            raise
        except Exception as error:
            fault = AnswerError(f"Guide failed while it searched ({type(error).__name__}: {error}); please ask again.")
            fault.safety = safety
            raise fault from error

    def survey(self, answer: Answer | None = None) -> Survey:
        """Where all passages lie, and how each fits what `answer` searched for; see `guide.retrieval.passage_map`."""
        if answer is None:
            return survey(self._index, self._encoder)
        return survey(self._index, self._encoder, answer.searched_as, answer.safety)

    def _answer(
        self,
        question: str,
        earlier: Sequence[Turn],
        safety: Assessment,
        country: str | None,
        mend: bool,
        articles: frozenset[str],
    ) -> Answer:
        if safety.level in ("crisis", "emergency"):
            # Nothing is searched, so nothing that a search needs can stand in the way.
            return without_passages(resolve(question), safety)
        _check_articles(articles, self._index)

        def shown(asked: str) -> list[str]:
            return self._shown(Query(asked, asked), safety, articles)

        query = resolve(question, earlier, lexicon=self._lexicon, shown=shown, mend=mend)
        # One batch for all that is to be understood: the query, and what the safety gate looks at.
        texts = list(dict.fromkeys([query.text, *to_embed(question, earlier)]))
        encoded = self._encoder.encode(texts)
        meant = safety
        # Only the default model's vectors say anything to the safety gate.
        if self._index.model.sha256 == DEFAULT_MODEL_SHA256:
            vectors = dict(zip(texts, encoded.texts.tolist(), strict=True))
            meant = with_meaning(safety, question, earlier, vectors, country=country)
        if meant.level in ("crisis", "emergency"):
            return without_passages(query, meant)
        found = self._retrieve(query, encoded.only(0), meant, articles)
        nearest = [hit.passage.article_id for hit in found.hits[:1]] or sorted(articles) or self._index.article_ids
        article = nearest[0]
        answer = compose(query, found, self._index, cite(meant, self._index, article), earlier)
        if self._endpoint is None:
            return answer
        return replace(answer, phrased=phrase(answer, self._endpoint, self._encoder))

    def _retrieve(self, query: Query, encoded: Encoded, safety: Assessment, articles: frozenset[str]) -> Retrieval:
        self._index.check.raise_if_damaged()
        roles = roles_shown(safety)
        return retrieve(query, self._index, encoded, weights=self._weights, roles=roles, articles=articles)

    def _shown(self, query: Query, safety: Assessment, articles: frozenset[str]) -> list[str]:
        """What "the second one" can mean after `query`: the points it is answered with, in the article's order, or the
        headings of the sections that the answer only announces.
        """
        for hit in self._retrieve(query, self._encoder.encode([query.text]), safety, articles).hits[:1]:
            depth = len(hit.passage.section)
            announced = [
                passage.section[depth]
                for passage in self._index.passages_of(hit.passage.article_id)
                if len(passage.section) > depth and passage.section[:depth] == hit.passage.section
            ]
            if announced:
                return list(dict.fromkeys(announced))
            text = self._index.texts[hit.passage.article_id]
            points = sorted((found.point for found in hit.points), key=lambda point: point.start)
            return [text[point.start : point.end] for point in points]
        return []


def _check_articles(articles: frozenset[str], index: Index) -> None:
    if articles and (unknown := sorted(articles.difference(index.article_ids))):
        named = ", ".join(repr(name[:60]) for name in unknown[:3]) + (" …" if len(unknown) > 3 else "")
        raise QuestionError(f"The index has no article {named}; `guide articles` lists those it has.")


def _check_model(index: Index, model: ModelIdentity, folder: str | Path) -> None:
    if model.sha256 != index.model.sha256:
        raise SearchIndexError(
            f"The index in {folder} was built with {index.model.name} ({index.model.sha256[:12]}…), the model in "
            f"use is {model.name} ({model.sha256[:12]}…); run `guide build` again or set GUIDE_MODEL."
        )
