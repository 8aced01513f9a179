"""A chat whose guide says what a test wants it to: replies, choices, brief answers, parts of a long message."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fake_encoder import FakeEncoder

from guide.chat.branding import DEFAULT, Branding
from guide.guide import Guide
from guide.index.build import build
from guide.index.index import open_index
from guide.records import Answer, AskRequest, Assessment, Choice, Correction, Passage, QuotedPassage, QuotedPoint
from guide.web.application import web_app
from guide.web.reloading import ReloadingGuide
from guide.web.settings import WebSettings

STORY = (
    "We have been married for eleven years and it used to be easy. Since he lost his job in spring he comes home, "
    "eats, and goes to his computer. When I ask how his day was he says fine. I tried being kind and I tried being "
    "angry. Last week I cried in front of him and he looked at the wall. My sister says it will pass. I don't believe "
    "her. The children have begun to ask why their father doesn't laugh any more, and I have nothing to tell them. "
    "I also sleep badly. What am I supposed to do?"
)

STRATEGIES = 5


class ScriptedGuide(Guide):
    """Answers by the message's first word."""

    def answer(self, request: AskRequest) -> Answer:
        question = request.question
        made: dict[str, Any] = {"passages": (), "covered": False}
        match question.split()[0].lower().strip("?!."):
            case "hi":
                made |= {
                    "act": "greeting",
                    "reply": "Hello. I’m software that quotes an article. You can ask in your own words.",
                    "choices": (Choice("What is this?", "What is emotional detachment?"),),
                }
            case "help":
                choices = [
                    ("It’s about me", "I feel distant"),
                    ("It’s about somebody close to me", "My partner is distant"),
                ]
                choices += [("I’d like to know what causes it", "What causes emotional distance?")]
                made |= {
                    "act": "statement",
                    "reply": "Is this about you, or about somebody you love?",
                    "choices": tuple(Choice(*choice) for choice in choices),
                    "asks_back": True,
                }
            case "summarise":
                first = {passage.section[0]: passage for passage in reversed(self.passages) if passage.role != "credit"}
                made |= {
                    "act": "meta",
                    "reply": "This is the article in short, a sentence of each part.",
                    "brief": True,
                    "passages": tuple(self._quoted(passage, 0) for passage in reversed(first.values())),
                }
            case "strategies":
                listed = [
                    passage for passage in self.passages if passage.section[-1][:2] in ("1.", "2.", "3.", "4.", "5.")
                ]
                leads = {passage.section: passage for passage in reversed(listed)}
                made |= {"brief": True, "passages": tuple(self._quoted(one, 0) for one in reversed(leads.values()))}
            case "shorter":
                made |= {"act": "meta", "brief": True, "passages": (self._quoted(self._signs(), 1, 3),)}
            case "we":
                made |= {
                    "act": "story",
                    "answers": "What am I supposed to do?",
                    "also_asked": ("I also sleep badly.", "Why doesn’t their father laugh any more?"),
                    "passages": (self._quoted(self._signs(), 1, 3), self._quoted(self.passages[0], 0)),
                }
            case _:
                clam = "clam" in question and request.mend
                made |= {
                    "corrections": (Correction("clam", "calm"),) if clam else (),
                    "passages": (self._quoted(self._signs(), 1),),
                }
        made["covered"] = bool(made["passages"])
        fields = {"searched_as": "what nobody reads", "corrections": (), "not_mentioned": (), "related": ()} | made
        return Answer(question=question, confidence=0.9, safety=Assessment("none", "self", "en"), **fields)

    def _signs(self) -> Passage:
        return next(
            passage for passage in self.passages if passage.section[-1].startswith("Signs") and len(passage.points) > 4
        )

    def _quoted(self, passage: Passage, *answering: int) -> QuotedPassage:
        text = self.index.texts[passage.article_id]
        points = tuple(
            QuotedPoint(one.start, one.end, text[one.start : one.end], 0.8, one.kind, one.cells, one.columns)
            for one in (passage.points[place] for place in answering)
        )
        words = text[passage.start : passage.end]
        return QuotedPassage(
            passage.id, passage.article_id, passage.section, passage.start, passage.end, words, 0.7, points,
            passage.points, "en",
        )  # fmt: skip


@contextmanager
def scripted(
    article: Path,
    folder: Path,
    guide_of: type[Guide] = ScriptedGuide,
    branding: Branding = DEFAULT,
    frame_ancestors: str = "'none'",
) -> Iterator[str]:
    """The address of a chat over `article` that a guide of that class answers; its index goes to `folder`."""
    encoder = FakeEncoder()
    build([article], folder / "index", encoder, encoder.identity)
    guide = ReloadingGuide(folder / "index", lambda index: guide_of(open_index(index), FakeEncoder()))
    settings = WebSettings(questions_per_minute=0, frame_ancestors=frame_ancestors)
    app = web_app(guide, settings, branding=branding)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False, ws="none"))
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    while not server.started:
        if not serving.is_alive():
            raise RuntimeError("the chat ended before it was ready")
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/"
    app.state.end_streams()
    server.should_exit = True
    serving.join(timeout=30)
