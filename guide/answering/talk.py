"""A message about the conversation or the article, with what it takes to answer it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from guide.answering.compose import items_shown, quoted_passage, related_to
from guide.conversation.replies import Reply, move_reply
from guide.index.state import State
from guide.records import ROLES, Answer, AskRequest, Assessment, Choice, Hit, Passage, Query, Turn
from guide.retrieval.retrieve import Retrieval
from guide.safety.visibility import may_show, roles_shown

FEW_ARTICLES = 12
"""Up to how many articles are all looked through for a heading; of more, those that a search finds."""

MAX_QUESTIONS_OFFERED = 2


class Search(Protocol):
    """Searches the articles of a request."""

    def __call__(
        self, question: str, history: Sequence[Turn] = (), *, limit: int = 5, everything: bool = False
    ) -> tuple[Query, Retrieval]:
        """What `question` is searched as after `history`, and what is found: of the sections that may be shown, or of
        `everything`.

        Raises:
            QuestionError: the question can't be searched for.
        """


@dataclass(frozen=True, slots=True)
class Talk:
    """A request, what the safety gate decided on it, the articles, and how they are searched."""

    request: AskRequest
    safety: Assessment
    index: State
    search: Search

    @property
    def article_ids(self) -> tuple[str, ...]:
        """The ids of the articles that the request may be answered from, in the index's order."""
        named = self.request.articles
        return tuple(id for id in self.index.article_ids if not named or id in named)

    @property
    def holds_back(self) -> bool:
        """Whether some sections may not be shown."""
        return roles_shown(self.safety) != frozenset(ROLES)

    def may_quote(self, passage: Passage) -> bool:
        """Whether `passage` may be shown, given what the safety gate decided."""
        return may_show(passage, self.safety)

    def say(self, key: str, **filled: object) -> Reply:
        """The reply of this key at this place of the conversation."""
        said = sum(turn.role == "user" for turn in self.request.history)
        return move_reply(key, said, self.safety.language, **filled)

    def quote(
        self,
        hits: Sequence[Hit],
        *,
        like: Answer | None = None,
        brief: bool = False,
        reply: Reply | None = None,
        shown: Sequence[str] | None = None,
        related: bool = True,
    ) -> Answer:
        """The answer that quotes those of `hits` that may be shown. Where some may not, its reply says so.

        It is as sure as the answer `like` that it goes back to, and searched for the same; without one it is chosen by
        the article's structure, of which Guide is certain: 1.0. `shown` is what “the second one” means after it, by
        default the first passage's points.
        """
        kept = [hit for hit in hits if self.may_quote(hit.passage)]
        reply = reply or Reply()
        if len(kept) < len(hits):
            reply = self.also_held_back(reply) if kept else self.say("held_back")
        question, asked = self.request.question, [turn.content for turn in self.request.history]
        sure = like.confidence if like else 1.0
        return Answer(
            question=question,
            searched_as=like.searched_as if like else " ".join(question.split()),
            corrections=like.corrections if like else (),
            covered=bool(kept),
            confidence=sure if kept else 0.0,
            not_mentioned=(),
            passages=tuple(quoted_passage(hit, self.index) for hit in kept),
            related=related_to(question, kept, self.index, self.safety, asked) if related else (),
            safety=self.safety,
            reply=reply.text,
            choices=reply.choices,
            brief=brief and bool(kept),
            shown=tuple(shown) if shown is not None and kept else items_shown(kept, self.index),
        )

    def also_held_back(self, reply: Reply) -> Reply:
        """`reply`, and that advice is left out."""
        said = self.say("partly_held_back")
        return replace(reply, text=" ".join(filter(None, (reply.text, said.text))))

    def reply_alone(self, reply: Reply, *, asks_back: bool = False, shown: Sequence[str] = ()) -> Answer:
        """The answer that quotes nothing and says `reply`."""
        answer = self.quote(())
        return replace(
            answer, reply=reply.text, choices=reply.choices, asks_back=asks_back, shown=tuple(shown), related=()
        )

    def begin(self, key: str) -> Answer:
        """The reply of this key, with ways to begin as choices: an overview, and questions that an article answers."""
        overview = self.say("overview").text
        choices = [Choice(overview, overview), *(Choice(question, question) for question in self._questions())]
        reply = self.say(key)
        return self.reply_alone(replace(reply, choices=(*reply.choices, *choices)))

    def _questions(self) -> list[str]:
        """The first questions that the headings of the first article ask and that may be answered."""
        asked = {turn.content.casefold().strip() for turn in self.request.history}
        found: dict[str, None] = {}
        for id in self.article_ids[:1]:
            for passage in self.index.passages_of(id):
                heading = passage.section[-1]
                if heading.endswith("?") and heading.casefold() not in asked and self.may_quote(passage):
                    found[heading] = None
        return list(found)[:MAX_QUESTIONS_OFFERED]


@dataclass(frozen=True, slots=True)
class LastShown:
    """What was shown last in a conversation, and what it goes back to."""

    answer: Answer
    """What was shown last."""
    base: Answer
    """The answer to the last message that asked for something of its own: `answer` itself, or what it goes on from."""
    topic: str
    """What that message was about, as it is searched for."""
    seen: frozenset[str]
    """The ids of the passages that were quoted in full."""
    further: tuple[Hit, ...] | None = None
    """What can be shown after `base`, best first; where it isn't known, `topic` is searched for."""
    summed_up: str = ""
    """The id of the article that `answer` is an overview of; empty if it is none."""
