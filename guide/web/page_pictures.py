"""Pictures of the pages that quotations stand on, drawn when somebody asks for one.

Asked for by POST: what somebody reads stands in no address, which a proxy might write down.
"""

import base64
import logging
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from guide.articles.page_marks import pages_between
from guide.chat.texts import texts_for
from guide.errors import SearchIndexError, StoreGoneError
from guide.index.state import State
from guide.recent import RecentlyRead
from guide.records import Article, Passage
from guide.validation import Record, WholeText, expected
from guide.web.kept_pdf import KeptPdf
from guide.web.question_queue import BusyError, QuestionQueue
from guide.web.reloading import ReloadingGuide
from guide.web.responses import Json, refusal

MAX_KEPT = 32
MAX_KEPT_BYTES = 16 * 1024 * 1024
"""How many pictures stay in memory, and how many bytes they may have altogether."""

MAX_PICTURE_BYTES = 4 * 1024 * 1024
MAX_WAITING = 4
"""How many may wait for a picture, of which one is drawn at a time."""

DRAWING_SECONDS = 15

log = logging.getLogger("guide.web")

_Id = Annotated[WholeText, Field(max_length=500), expected("a text of at most 500 characters")]
_POINT = re.compile(r"(\d{1,6})-(\d{1,6})")


class PageBody(Record):
    """Which page of a quotation: the ids of its article and passage, the page's number, and where the quoted points
    begin and end in the passage (`17-30 42-61`); without points, all of it is marked.
    """

    article: _Id
    passage: _Id
    page: Annotated[int, Field(ge=1, le=100_000), expected("a number of a page")]
    points: Annotated[WholeText, Field(max_length=2_000), expected("a text of at most 2,000 characters")] = ""
    language: _Id = ""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a JPEG, and whether quoted words are marked on it."""

    jpeg: bytes
    is_marked: bool


class PagePictures:
    """Draws pages of an index's PDFs, one at a time, each in a process of its own, and keeps the last ones."""

    def __init__(self) -> None:
        self._kept: RecentlyRead[PagePicture] = RecentlyRead(MAX_KEPT_BYTES, most=MAX_KEPT)
        self._pen = threading.Lock()
        self._places = threading.BoundedSemaphore(MAX_WAITING)

    def picture(self, pdf: KeptPdf, page: int, stretches: tuple[str, ...]) -> PagePicture | None:
        """The page of a PDF with the words of `stretches` marked; nothing if it can't be drawn.

        Raises:
            BusyError: too many pictures are asked for at once.
            SearchIndexError: the index's copy of the PDF isn't the file that was read, or can't be fetched.
        """
        key = (pdf.name, page, stretches)
        if kept := self._kept.find(key):
            return kept
        if not self._places.acquire(blocking=False):
            raise BusyError("Other pages are being drawn; try again in a moment.")
        try:
            with self._pen:
                found = self._kept.find(key)
                if not found:
                    with pdf.opened() as original:
                        found = _drawn(original, page, stretches)
        finally:
            self._places.release()
        if found:
            self._kept.keep(key, found, len(found.jpeg))
        return found


def _drawn(original: Path, page: int, stretches: tuple[str, ...]) -> PagePicture | None:
    """The picture that `draw_page` makes; nothing if it fails or takes too long."""
    command = [sys.executable, "-m", "guide.web.draw_page", str(original.absolute()), str(page)]
    try:
        done = subprocess.run(  # noqa: S603 - this program, with a path and a number as its arguments
            command,
            input="\n".join(stretches).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=DRAWING_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if not 1 < len(done.stdout) <= MAX_PICTURE_BYTES:
        return None
    return PagePicture(done.stdout[1:], done.stdout[:1] == b"1")


def picture_routes(queue: QuestionQueue, reloading: ReloadingGuide) -> APIRouter:
    """The route by which the chat asks for the picture of a page."""
    pictures = PagePictures()
    router = APIRouter(prefix="/chat", include_in_schema=False)

    @router.post("/page")
    def page(asked: PageBody) -> Response:
        """The picture of a page, and what to say of it to those who don't see it."""
        texts = texts_for(asked.language)
        with queue.now.reading() as state:
            article, stretches = _quoted(state, asked)
            pdf = reloading.pdf_of(state, asked.article) if article else None
        if article is None or pdf is None:
            return refusal(404, texts["page_gone"])
        try:
            found = pictures.picture(pdf, asked.page, stretches)
        except StoreGoneError:
            raise  # what went wrong is told as of a question
        except SearchIndexError as error:
            log.warning("A page isn't shown: %s", error)
            return refusal(404, texts["page_changed"])
        if found is None:
            return refusal(404, texts["page_fault"])
        alt = texts["page_alt" if found.is_marked else "page_alt_unmarked"].format(page=asked.page, title=article.title)
        jpeg = base64.b64encode(found.jpeg).decode()
        return Json({"picture": f"data:image/jpeg;base64,{jpeg}", "alt": alt})

    return router


def _quoted(index: State, asked: PageBody) -> tuple[Article | None, tuple[str, ...]]:
    """The article and the quoted words in it, if there is such a quotation on that page."""
    nothing: tuple[None, tuple[str, ...]] = (None, ())
    if not index.has([asked.article]):
        return nothing
    article = index.article(asked.article)
    passage = next((one for one in index.passages_of(asked.article) if one.id == asked.passage), None)
    if passage is None or asked.page not in pages_between(article, passage.start, passage.end):
        return nothing
    spans = _spans(passage, asked.points) or [(point.start, point.end) for point in passage.points]
    return article, tuple(" ".join(article.text[start:end].split()) for start, end in spans)


def _spans(passage: Passage, points: str) -> list[tuple[int, int]]:
    spans = [(passage.start + int(start), passage.start + int(end)) for start, end in _POINT.findall(points)]
    return [(start, end) for start, end in spans if start < end <= passage.end]
