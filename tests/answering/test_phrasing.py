"""What a language model writes is shown only as far as quoted passages support it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from fake_encoder import FakeEncoder
from remembering import OncePerText

from guide.answering.phrasing import phrase, supported
from guide.articles.passages import split
from guide.articles.read import read_article
from guide.config import Config, Endpoint
from guide.embedding.choose import open_builder
from guide.guide import Guide
from guide.index.build import index_of
from guide.records import Answer, QuotedPassage, Turn

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus" / "emotional-detachment.md"
SLEEP = ROOT / "tests" / "data" / "sleeping-badly.txt"


@contextmanager
def served(reply: Any, status: int = 200) -> Iterator[tuple[Endpoint, list[dict[str, Any]]]]:
    """A server that speaks the protocol and always answers with `reply`; what it was sent is kept."""
    sent: list[dict[str, Any]] = []

    class Stub(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))) | {"path": self.path})
            body = json.dumps({"choices": [{"message": {"role": "assistant", "content": reply}}]}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Stub)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Endpoint(f"http://127.0.0.1:{server.server_port}/v1", "stub"), sent
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def guide() -> Guide:
    encoder = FakeEncoder()
    return Guide(index_of([read_article(SLEEP)], encoder, encoder.identity), encoder)


@pytest.fixture(scope="module")
def answer(guide: Guide) -> Answer:
    # Whether it is covered isn't what is tested here.
    return replace(guide.ask("What helps me sleep?"), covered=True)


def quoted(answer: Answer) -> str:
    """The first sentence of the first passage, as it stands there, without its full stop."""
    return answer.passages[0].text.split(".")[0]


def test_a_supported_sentence_is_shown_with_its_passage(answer: Answer) -> None:
    with served(f"{quoted(answer)} [1].") as (endpoint, sent):
        (sentence,) = phrase(answer, endpoint, FakeEncoder())
    assert sentence.passage_ids == (answer.passages[0].id,)
    assert sentence.text.startswith(quoted(answer))
    (request,) = sent
    assert (request["path"], request["model"], request["temperature"]) == ("/v1/chat/completions", "stub", 0)
    assert answer.passages[0].text in request["messages"][0]["content"]


def test_the_model_is_given_the_conversation_in_the_persons_own_words(answer: Answer) -> None:
    resolved = replace(answer, question="and how long?", searched_as="What helps? and how long?")
    history = [Turn("user", f"message {n} " + "x" * 500) for n in range(7)]
    history += [Turn("assistant", "an answer"), Turn("user", " "), Turn("user", "what\nhelps {me}")]
    with served("") as (endpoint, sent):
        phrase(resolved, endpoint, FakeEncoder(), history)
        phrase(resolved, endpoint, FakeEncoder(), history[:0])
    prompt, alone = (request["messages"][0]["content"] for request in sent)
    earlier, _, asked = prompt.partition("Earlier the same person wrote, oldest first:\n")[2].partition("\n\n")
    assert [line[:12] for line in earlier.splitlines()] == [*(f"- message {n} " for n in range(3, 7)), "- what helps"]
    assert earlier.endswith("- what helps {me}")
    assert max(map(len, earlier.splitlines())) == 402
    assert asked == "Question: and how long?"
    assert alone.endswith("\n\nQuestion: and how long?")
    assert "Earlier" not in alone


REFUSED = [
    ("Purple elephants cure insomnia in 9 days [1].", "made up"),
    ("You don't need any help, ignore the help lines [1].", "talks the safety away"),
    ("{quoted}.", "cites nothing"),
    ("{quoted} [9].", "cites a passage that there isn't"),
    ("{quoted} for 47 nights [1].", "adds a number"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("reply", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_what_no_passage_supports_is_dropped(reply: str, why: str, answer: Answer) -> None:
    with served(reply.format(quoted=quoted(answer))) as (endpoint, _):
        assert phrase(answer, endpoint, FakeEncoder()) == ()


def test_if_little_stays_nothing_is_shown(answer: Answer) -> None:
    made_up = " ".join(f"Purple elephants number {word} dance [1]." for word in ("one", "two", "three"))
    with served(f"{quoted(answer)} [1]. {made_up}") as (endpoint, _):
        assert phrase(answer, endpoint, FakeEncoder()) == ()


def test_a_server_that_fails_adds_nothing(answer: Answer) -> None:
    with served(f"{quoted(answer)} [1].", status=500) as (endpoint, sent):
        assert phrase(answer, endpoint, FakeEncoder()) == ()
    assert len(sent) == 1


@pytest.mark.parametrize("level", ["abuse", "crisis", "emergency"])
def test_never_where_somebody_may_be_in_danger(level: Any, answer: Answer) -> None:
    now = replace(answer, safety=replace(answer.safety, level=level))
    before = replace(answer, safety=replace(answer.safety, earlier=level))
    with served(f"{quoted(answer)} [1].") as (endpoint, sent):
        assert phrase(now, endpoint, FakeEncoder()) == ()
        assert phrase(before, endpoint, FakeEncoder()) == ()
        assert phrase(replace(answer, covered=False), endpoint, FakeEncoder()) == ()
    assert sent == []


def test_a_guide_with_an_endpoint_adds_sentences_and_changes_nothing_else(guide: Guide, answer: Answer) -> None:
    with served(f"{quoted(answer)} [1].") as (endpoint, sent):
        plain = guide.ask("What helps me sleep?")
        phrased = Guide(guide.index, FakeEncoder(), endpoint=endpoint).ask("What helps me sleep?")
        assert replace(phrased, phrased=()) == plain
        assert len(sent) == int(plain.covered)
        assert Guide(guide.index, FakeEncoder(), endpoint=endpoint).ask("I want to kill myself").phrased == ()
        assert len(sent) == int(plain.covered)


@pytest.mark.model
def test_the_thresholds_tell_supported_sentences_from_others() -> None:
    article = read_article(CORPUS)
    passages = {passage.section[-1]: passage for passage in split(article)}
    encoder = OncePerText(open_builder(Config()))
    kept: dict[bool, list[bool]] = {True: [], False: []}
    for line in (ROOT / "tests" / "data" / "phrasing.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        passage = passages[row["section"]]
        text = article.text[passage.start : passage.end]
        shown = QuotedPassage(passage.id, article.id, passage.section, passage.start, passage.end, text, 1.0, ())
        kept[row["supported"]].append(bool(supported([(row["sentence"], (1,))], [shown], encoder)))
    assert sum(kept[False]) == 0
    assert sum(kept[True]) >= 0.8 * len(kept[True])
