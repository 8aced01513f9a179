"""What Guide and other libraries keep of web pages: `python benchmarks/pages.py FOLDER`.

FOLDER is `test/test-pages` of a copy of https://github.com/mozilla/readability (Apache 2.0), whose folders each hold a
saved page (`source.html`) and what its makers hold to be the article in it (`expected.html`). Counted are headings and
words, each as often as it stands there. Beside these the frames of real sites in tests/articles/test_pages.py are read,
whose headings, paragraphs and items must come out as what they are. Libraries that aren't installed are left out:
`pip install readability-lxml resiliparse` adds them. docs/formats.md has the table.
"""

import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "articles"))

from test_pages import BODY, EXPECTED, FRAMES, MENU, MORE, page

from guide.articles.decoding import decode_page
from guide.articles.formats.document import HEADINGS
from guide.articles.formats.html import read
from guide.articles.formats.tidy import tree_of
from guide.text.normalise import words

Extract = Callable[[bytes], str]


def guide(data: bytes) -> str:
    return read(data).html


def trafilatura(**settings: bool) -> Extract:
    def extract(data: bytes) -> str:
        from trafilatura import extract

        found = extract(data, output_format="html", include_comments=False, include_formatting=True, **settings)
        return found or ""

    return extract


def readability(data: bytes) -> str:
    from readability import Document

    return str(Document(decode_page(data)[0]).summary())


def resiliparse(data: bytes) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(decode_page(data)[0], main_content=True, preserve_formatting="minimal_html"))


CANDIDATES: dict[str, Extract] = {
    "**Guide**": guide,
    "trafilatura": trafilatura(),
    "trafilatura, more text": trafilatura(favor_recall=True),
    "trafilatura, less text": trafilatura(favor_precision=True),
    "readability-lxml": readability,
    "resiliparse": resiliparse,
}


def headings_and_words(html: str) -> tuple[Counter[str], Counter[str]]:
    """The headings and the words of some HTML, each with how often it stands there."""
    tree = tree_of(html)
    for element in list(tree.iter("script", "style", "noscript")):
        element.drop_tree()
    headings = Counter(_bare(heading.text_content()) for heading in tree.iter(*HEADINGS))
    return Counter({name: times for name, times in headings.items() if name}), Counter(
        word.casefold() for word in words(spaced(tree))
    )


def _bare(heading: str) -> str:
    """A heading's letters, without the links to itself that sites put there."""
    return re.sub(r"(?:edit|source)+$", "", re.sub(r"\W+", "", heading.casefold()))


def spaced(tree: Any) -> str:
    """The text of a tree, with white space between its blocks."""
    for block in list(tree.iter(*HEADINGS, "p", "div", "li", "td", "th", "br")):
        block.tail, block.text = f" {block.tail or ''}", f" {block.text or ''}"
    return str(tree.text_content())


def in_frames(extract: Extract) -> tuple[int, int]:
    """How many headings and blocks of one article are kept as what they are in the frames, and how many others are."""
    right = others = 0
    sections = "".join(f"<section><div class=block><h2>{part}</div></section>" for part in BODY.split("<h2>")[1:])
    for frame in FRAMES.values():
        around = frame.replace("{menu}", MENU).replace("{more}", MORE).replace("{sections}", sections)
        tree = tree_of(extract(page(around.replace("{}", BODY)).encode()) or "<p></p>")
        found = Counter(
            ("# " if element.tag in HEADINGS else "") + " ".join(element.text_content().split())
            for element in tree.iter(*HEADINGS, "p", "li")
            if next(element.iterancestors("li"), None) is None
        )
        right += (found & Counter(EXPECTED)).total()
        others += (found - Counter([*EXPECTED, "", "# Sleep well"])).total()
    return right, others


def main(folder: Path) -> None:
    """Prints the table."""
    logging.disable(logging.CRITICAL)
    pages = sorted(path for path in folder.iterdir() if (path / "source.html").exists())
    size = sum((path / "source.html").stat().st_size for path in pages) / 1e6
    print(
        "| read with | pages read | headings | other headings | words kept | of what is kept | in frames | others "
        "| s/MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, extract in CANDIDATES.items():
        total = Counter[str]()
        seconds = 0.0
        try:
            for path in pages:
                expected, shown = headings_and_words((path / "expected.html").read_text("utf-8"))
                start = time.process_time()
                try:
                    found, kept = headings_and_words(extract((path / "source.html").read_bytes()))
                    total["read"] += bool(kept)
                except ImportError:
                    raise
                except Exception:
                    found, kept = Counter(), Counter()
                seconds += time.process_time() - start
                total["headings"] += expected.total()
                total["found"] += (found & expected).total()
                total["others"] += (found - expected).total()
                total["shown"] += shown.total()
                total["kept"] += kept.total()
                total["right"] += (kept & shown).total()
        except ImportError:
            continue
        right, around = in_frames(extract)
        print(
            f"| {name} | {total['read']} of {len(pages)} | {total['found']} of {total['headings']} | {total['others']} "
            f"| {total['right'] / total['shown']:.1%} | {total['right'] / total['kept']:.1%} "
            f"| {right} of {len(FRAMES) * len(EXPECTED)} | {around} | {seconds / size:.2f} |"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
