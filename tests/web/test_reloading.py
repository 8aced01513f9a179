"""A server over an index that is built anew: no question fails, and the new words come by themselves."""

import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder
from web.conftest import ARTICLE, OTHER, QUESTION, built, living, serving
from web.test_chat_server import ask_in, send

from guide.embedding.encoder import Encoded
from guide.errors import SearchIndexError
from guide.guide import Guide
from guide.index.build import build
from guide.index.index import MANIFEST, open_index
from guide.records import AskRequest
from guide.web.application import health, web_app
from guide.web.question_queue import QuestionQueue
from guide.web.reloading import ReloadingGuide
from guide.web.settings import WebSettings


def words(guide: ReloadingGuide) -> str:
    return guide.snapshot.guide.ask(QUESTION).passages[0].text


def test_the_new_index_answers_once_it_is_there(tmp_path: Path) -> None:
    guide = living(built(tmp_path))
    before = guide.snapshot
    assert not guide.look()
    built(tmp_path, OTHER)
    assert "Cool smoke" in words(guide)
    assert guide.look()
    assert "Quiet water" in words(guide)
    assert guide.snapshot.manifest_sha256 != before.manifest_sha256
    assert not guide.look()


def test_the_model_is_taken_over(tmp_path: Path) -> None:
    encoders: list[FakeEncoder] = []

    def opened(folder: Path) -> Guide:
        encoders.append(FakeEncoder())
        return Guide(open_index(folder), encoders[-1])

    guide = ReloadingGuide(built(tmp_path), opened)
    built(tmp_path, OTHER)
    guide.look()
    words(guide)
    assert len(encoders) == 1
    assert encoders[0].calls


@pytest.mark.parametrize("damage", ["manifest", "gone"])
def test_an_index_that_cannot_be_used_leaves_the_old_one_answering(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    guide = living(built(tmp_path))
    if damage == "gone":
        shutil.rmtree(tmp_path / "index")
    else:
        (tmp_path / "index" / MANIFEST).write_text("{")
    assert not guide.look()
    assert not guide.look()
    assert "Cool smoke" in words(guide)
    assert len(caplog.records) == (damage == "manifest")  # said once, not every second
    shutil.rmtree(tmp_path / "index", ignore_errors=True)
    built(tmp_path, OTHER)
    assert guide.look()
    assert "Quiet water" in words(guide)


def test_without_an_index_there_is_no_guide(tmp_path: Path) -> None:
    with pytest.raises(SearchIndexError, match="There is no index"):
        living(tmp_path / "none")


def test_questions_go_on_while_the_index_is_built_again_and_again(tmp_path: Path) -> None:
    guide = living(built(tmp_path))
    done, heard, faults = threading.Event(), set(), []

    def ask() -> None:
        while not done.is_set():
            try:
                heard.add(words(guide))
            except Exception as error:
                faults.append(error)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    for turn in range(8):
        built(tmp_path, OTHER if turn % 2 == 0 else ARTICLE)
        guide.look()
    done.set()
    for thread in asking:
        thread.join()
    assert faults == []
    assert len(heard) == 2


class RebuildingEncoder(FakeEncoder):
    """An encoder during whose work on a question the index is built anew."""

    rebuild: Callable[[], None] = staticmethod(lambda: None)

    def encode(self, texts: Sequence[str]) -> Encoded:
        rebuild, self.rebuild = self.rebuild, lambda: None
        rebuild()
        return super().encode(texts)


def test_a_question_in_hand_is_answered_whole_from_the_index_it_began_with(tmp_path: Path) -> None:
    encoder = RebuildingEncoder()
    guide = ReloadingGuide(built(tmp_path), lambda folder: Guide(open_index(folder), encoder))
    queue = QuestionQueue(guide, WebSettings())
    before = {passage.id: passage for passage in queue.passages}
    reloaded: list[bool] = []

    def rebuild() -> None:
        # Nothing of the old article is left, not even its id.
        (tmp_path / "bees.md").unlink()
        (tmp_path / "wasps.md").write_text(OTHER.replace("bees", "wasps"), encoding="utf-8")
        build([tmp_path / "wasps.md"], tmp_path / "index", FakeEncoder(), FakeEncoder().identity)
        reloaded.append(guide.look())

    encoder.rebuild = rebuild
    answer = queue.answer(AskRequest(QUESTION))
    assert reloaded == [True]
    assert [passage.article for passage in answer.passages] == ["bees"] * len(answer.passages)
    best = answer.passages[0]
    assert "Cool smoke calms bees" in best.text
    assert (best.section, best.start, best.end) == (
        before[best.id].section, before[best.id].start, before[best.id].end
    )  # fmt: skip
    assert queue.answer(AskRequest(QUESTION)).passages[0].article == "wasps"


def test_a_snapshot_is_of_one_index_though_another_is_built_while_it_is_opened(tmp_path: Path) -> None:
    others = [OTHER, ARTICLE.replace("Cool smoke", "Slow hands")]

    def opened(folder: Path) -> Guide:
        guide = Guide(open_index(folder), FakeEncoder())
        if others:
            built(tmp_path, others.pop(0))
        return guide

    guide = ReloadingGuide(built(tmp_path), opened)
    assert "Slow hands" in words(guide)
    manifest = (tmp_path / "index" / MANIFEST).read_bytes()
    assert guide.snapshot.manifest_sha256 == sha256(manifest).hexdigest()


def test_an_index_that_is_replaced_while_it_is_opened_is_no_failure(tmp_path: Path) -> None:
    others = [OTHER]

    def opened(folder: Path) -> Guide:
        if others:
            built(tmp_path, others.pop())
            raise SearchIndexError("A file that the manifest named is gone.")
        return Guide(open_index(folder), FakeEncoder())

    assert "Quiet water" in words(ReloadingGuide(built(tmp_path), opened))


def test_the_chat_quotes_and_shows_the_new_articles_without_a_restart(tmp_path: Path) -> None:
    with serving(built(tmp_path), questions_per_minute=0) as address:
        before = ask_in(address, "open-before", QUESTION)
        assert "Cool smoke" in before
        old = json.loads(send(address, "GET", "/health")[2])
        built(tmp_path, OTHER)
        until = time.monotonic() + 30
        while json.loads(send(address, "GET", "/health")[2]) == old:
            assert time.monotonic() < until
            time.sleep(0.05)
        after = ask_in(address, "open-before", QUESTION)
        assert "Quiet water" in after
        # The page that was open is told so with its next answer, once, and then fetches anew what it shows.
        told = re.compile(r'data-stamp=\\"(\d+)-en\\"')
        [edition] = told.findall(after)
        assert not told.search(ask_in(address, "open-before", QUESTION, edition))
        # Each citation leads somewhere, and what was cited before is said to be gone.
        latest = (before, after[after.index('id=\\"turn-2\\"') :])
        places = [re.findall(r'class=\\"cite\\"[^>]* href=\\"#(p-[0-9a-f]+)', turn)[0] for turn in latest]
        got = [send(address, "POST", "/chat/article", {"place": place}) for place in places]
        assert [status for status, _, _ in got] == [404, 200]
        assert json.loads(got[0][2]) == {"error": "This is no longer in the articles: they have changed since."}
        assert 'class="point">Quiet water' in json.loads(got[1][2])["html"]


def test_health_opens_nothing_and_tells_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = living(built(tmp_path))
    manifest = (tmp_path / "index" / MANIFEST).read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("health opened a file")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("io.open", refuse)
    told = health(guide)
    monkeypatch.undo()
    assert told["status"] == "ok"
    assert told["index"] == {
        "answers": True,
        "manifest_sha256": sha256(manifest).hexdigest(),
        "counts": json.loads(manifest)["counts"],
    }


def test_the_server_stops_looking_when_it_ends(tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    def followers() -> int:
        return [thread.name for thread in threading.enumerate()].count("guide-index")

    before = followers()
    with TestClient(web_app(living(built(tmp_path)), WebSettings(), chat=False)):
        assert followers() == before + 1
    assert followers() == before
