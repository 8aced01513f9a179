"""One article of our own as a file of every kind that Guide reads, as other programs write them."""

import html
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

TITLE = "Saying no without a quarrel"

Block = tuple[str, str | list[str] | list[list[str]]]

BLOCKS: list[Block] = [
    ("p", "A no is a small word that many people swallow. This guide is about saying it early, kindly and once."),
    ("p", "Nothing here is a rule. Take what fits, and leave the rest for another day."),
    ("h2", "Why a no is hard to say"),
    ("p", "Most of us learned that a good child does as it is told. The lesson stays when the child has grown up."),
    ("ul", [
        "You fear that the other person will be angry.",
        "You want to be liked, and a yes is the quicker way.",
        "You notice only afterwards that you had no time.",
    ]),
    ("h2", "How to say no"),
    ("p", "Prepare one sentence before you need it, and say it aloud a few times when nobody listens."),
    ("h3", "In four steps"),
    ("ol", [
        "Thank the other person for asking.",
        "Say no in the first sentence & give no more than one reason.",
        "Offer something smaller only if you mean it.",
        "Leave a pause; silence is not rude.",
    ]),
    ("h3", "Words to borrow"),
    ("p", "“I can’t take this on, thank you for thinking of me.” A sentence like this needs no “because”."),
    ("h2", "A soft no and a clear no"),
    ("table", [
        ["Soft no", "Clear no"],
        ["Maybe later, I have to see", "No, I won’t be there on Friday"],
        ["I’m not sure that I’m the right one", "I don’t lend money to friends"],
        ["Let me think it over, 50% yes", "This evening I stay at home"],
    ]),
    ("p", "A soft no keeps a door open. Use it only where you want the door to be open."),
    ("h2", "When to look for professional help"),
    ("p", "Some people cannot say no without being in danger. That is not a question of skill."),
    ("ul", [
        "Somebody hurts or threatens you when you refuse.",
        "The fear of refusing keeps you from sleep or work for weeks.",
    ]),
    ("h2", "Frequently asked questions"),
    ("h3", "Is it selfish to say no?"),
    ("p", "No. A yes that you resent costs both of you more than a friendly refusal."),
    ("h3", "What if they ask again?"),
    ("p", "Say the same sentence again, in the same voice. A new reason only invites a new argument."),
]  # fmt: skip
"""What stands below the title: headings, paragraphs, lists and a table, its column names first."""

AROUND = [
    "We value your privacy",
    "Accept all cookies",
    "Sign up for our newsletter",
    "Trending now",
    "Buy one mattress",
    "Great post, thanks",
    "mybrotherjack",
    "Privacy policy",
    "All rights reserved",
    "stolen",
]
"""Words of the page around the article, none of which belong to it."""


def as_markdown() -> str:
    """The article as Markdown: what every other kind of file must come to."""
    parts = [f"# {TITLE}"]
    for kind, content in BLOCKS:
        match kind, content:
            case "table", [head, *rows]:
                lines = [head, ["---"] * len(head), *rows]
                parts.append("\n".join("| " + " | ".join(cells) + " |" for cells in lines))
            case "ul" | "ol", list():
                parts.append(
                    "\n".join(f"{'-' if kind == 'ul' else f'{n}.'} {item}" for n, item in enumerate(content, 1))
                )
            case "p", _:
                parts.append(str(content))
            case _:
                parts.append(f"{'#' * int(kind[1])} {content}")
    return "\n\n".join(parts) + "\n"


def article_html(*, header_cells: bool = True) -> str:
    """The article's elements, without its title."""
    parts = []
    for kind, content in BLOCKS:
        match kind, content:
            case "table", [head, *rows]:
                tag = "th" if header_cells else "td"
                parts.append(
                    "<table><tbody>" + _row(head, tag) + "".join(_row(row, "td") for row in rows) + "</tbody></table>"
                )
            case "ul" | "ol", list():
                items = "".join(f"<li>{html.escape(str(item))}</li>\n" for item in content)
                parts.append(f"<{kind}>\n{items}</{kind}>")
            case _:
                parts.append(f"<{kind}>{html.escape(str(content))}</{kind}>")
    return "\n".join(parts)


def _row(cells: list[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>\n"


def as_html(*, head: str = '<meta charset="utf-8">', plain: bool = False) -> str:
    """The article as a saved page: within a site's navigation, cookie banner, adverts and comments unless `plain`."""
    if plain:
        body = f"<h1>{TITLE}</h1>\n{article_html()}"
        return f"<!DOCTYPE html><html lang=en><head>{head}<title>{TITLE}</title></head><body>{body}</body></html>"
    return f"""<!DOCTYPE html>
<html lang="en"><head>{head}<title>{TITLE} | The Open Window</title>
<script>document.title = "stolen"; window.dataLayer = ["trackingpixel"];</script>
<style>.ad {{ color: red }}</style></head>
<body class="post-template">
<div id="cookie-banner" class="cookie-consent" role="dialog"><p>We value your privacy. We and our 812 partners store
 cookies.</p><button>Accept all cookies</button></div>
<header class="site-header"><nav><ul><li><a href="/">Home</a></li><li><a href="/love">Love</a></li>
<li><a href="/shop">Shop</a></li></ul></nav></header>
<main id="content"><div class="post"><h1 class="post-title">{TITLE}</h1>
<p class="byline">By <a href="/authors/1" rel="author">The editors</a></p>
<div class="share-buttons"><a href="#">Share on socials</a></div>
<div class="post-body entry-content">
{article_html().replace("<h2>How to say no</h2>", ADVERT + "<h2>How to say no</h2>")}
</div></div>
<section id="comments" class="comments"><h3>2 comments</h3><div class="comment"><b>mybrotherjack</b>
<p>Great post, thanks. I said no to my boss today and he only laughed about it.</p></div></section></main>
<aside class="sidebar"><h3>Trending now</h3><ul><li><a href="/a">Nine signs of a tired cat</a></li></ul>
<form class="newsletter"><p>Sign up for our newsletter</p><input name="email"></form></aside>
<footer class="site-footer"><a href="/privacy">Privacy policy</a> All rights reserved.</footer>
<script>alert("stolen")</script></body></html>"""


ADVERT = (
    '<div class="ad advertisement"><span>Advertisement</span><a href="https://ads.example/">Buy one mattress, get '
    "one pillow free</a></div>\n"
)


def as_epub(*, chapters: bool = False, body: str = "") -> bytes:
    """The article, or another `body`, as an e-book, whole or with each section in a file of its own."""
    whole = body or f"<h1>{TITLE}</h1>\n{article_html()}"
    texts = [whole]
    if chapters:
        first, *others = whole.split("<h2>")
        texts = [first, *("<h2>" + text for text in others)]
    names = [f"text/part{number}.xhtml" for number in range(len(texts))]
    manifest = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(names)))
    package = (
        '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{TITLE}</dc:title><dc:creator>The editors</dc:creator>'
        "<dc:language>en</dc:language></metadata><manifest>"
        '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        f"{manifest}</manifest><spine>{spine}</spine></package>"
    )
    page = (
        '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{}</title></head>'
        "<body>{}</body></html>"
    )
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<?xml version="1.0"?><container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "OEBPS/book.opf": package,
        "OEBPS/nav.xhtml": page.format("Contents", "<nav><ol><li>Table of contents</li></ol></nav>"),
    } | {f"OEBPS/{name}": page.format(TITLE, text) for name, text in zip(names, texts, strict=True)}
    return zipped(files)


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip archive of `files`."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def as_docx(*, title_style: bool = True) -> bytes:
    """The article as a word processor writes it, its title in the style Title or as a first heading."""
    from docx import Document

    document = Document()
    document.core_properties.title = TITLE
    document.core_properties.author = "The editors"
    shift = 0 if title_style else 1
    document.add_heading(TITLE, shift)
    for kind, content in BLOCKS:
        match kind, content:
            case "table", list():
                table = document.add_table(rows=0, cols=len(content[0]))
                for row in content:
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        cell.text = text
            case "ul" | "ol", list():
                for item in content:
                    document.add_paragraph(str(item), style="List Bullet" if kind == "ul" else "List Number")
            case "p", _:
                document.add_paragraph(str(content))
            case _:
                document.add_heading(str(content), int(kind[1]) - 1 + shift)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_pdf(
    *, opens_with: str = "", forbids: str = "", running: bool = False, columns: int = 1, modest: bool = False
) -> bytes:
    """The article set in pages, `opens_with` a password, or without one but with a right that it `forbids`.

    With `running`, each page has the site's name above and its number below the text; with `modest`, headings are bold
    and as large as the text, and paragraphs begin with an indent and nothing between them.
    """
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A5
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
    from reportlab.platypus import (
        BaseDocTemplate,
        Frame,
        ListFlowable,
        ListItem,
        PageTemplate,
        Paragraph,
        Spacer,
        Table,
        TableStyle,
    )

    styles = getSampleStyleSheet()
    body = ParagraphStyle("indented", parent=styles["Normal"], firstLineIndent=14) if modest else styles["BodyText"]
    bold = ParagraphStyle("bold", parent=styles["Normal"], fontName="Helvetica-Bold")
    item = styles["Normal"] if modest else styles["BodyText"]

    def text(words: str, style: ParagraphStyle) -> Paragraph:
        return Paragraph(html.escape(words), style)

    flow = [text(TITLE, styles["Title"])]
    for kind, content in BLOCKS:
        match kind, content:
            case "table", list():
                rows = [[text(cell, styles["BodyText"]) for cell in row] for row in content]
                flow.append(Table(rows, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])))
            case "ul", list():
                flow.append(
                    ListFlowable(
                        [ListItem(text(str(words), item)) for words in content], bulletType="bullet", start="•"
                    )
                )
            case "ol", list():
                flow.append(ListFlowable([ListItem(text(str(words), item)) for words in content], bulletFormat="%s."))
            case "p", _:
                flow += [text(str(content), body), Spacer(1, 0 if modest else 4)]
            case "h2", _ if modest:
                flow.append(text(str(content), styles["Heading2"]))
            case _:
                flow.append(text(str(content), bold if modest else styles[f"Heading{kind[1]}"]))

    def furniture(canvas: Any, page: Any) -> None:
        if running:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(60, 570, "The Open Window, autumn leaflets")
            canvas.drawString(200, 30, str(page.page))

    stream = BytesIO()
    width, height = (A5[0], A5[1]) if columns == 1 else (2 * A5[0], A5[1])
    wide = (width - 100) / columns
    frames = [Frame(50 + n * wide, 50, wide - (20 if columns > 1 else 0), height - 100) for n in range(columns)]
    encrypt = None
    if opens_with or forbids:
        rights = {"canCopy": forbids != "copy", "canModify": forbids != "modify"}
        encrypt = StandardEncryption(opens_with, ownerPassword="owner", strength=128, **rights)
    document = BaseDocTemplate(stream, pagesize=(width, height), title=TITLE, author="The editors", encrypt=encrypt)
    document.addPageTemplates(PageTemplate(frames=frames, onPage=furniture))
    document.build(flow)
    return stream.getvalue()


def as_scan() -> bytes:
    """A PDF whose only page is a picture."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    stream = BytesIO()
    canvas = Canvas(stream)
    canvas.drawImage(ImageReader(Image.new("RGB", (60, 80), "grey")), 0, 0, 595, 842)
    canvas.save()
    return stream.getvalue()


def pdf_at(*pages: Sequence[tuple[float, float, str]], size: float = 10) -> bytes:
    """A PDF of A4 pages, on each of them texts at places in points from the left and the top."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    stream = BytesIO()
    canvas = Canvas(stream, A4)
    for page in pages:
        canvas.setFont("Helvetica", size)
        for left, top, text in page:
            canvas.drawString(left, A4[1] - top, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def pdf_of(*flow: tuple[str, Any]) -> bytes:
    """A PDF that sets `flow`, each a kind and what it holds.

    The kinds: `h1`, `h2`, `p`, `bold` and `small` are paragraphs in reportlab's markup; `lines` and `bold lines` stand
    one below the other as they are, four spaces at their beginning as an indent; `framed`, `shaded` and `rounded` are
    boxes with a flow in them; `grid` is rows of cells with lines around each; `page` begins another page.
    """
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A5
    from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
    from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph, Table

    styles = getSampleStyleSheet()
    body = styles["BodyText"]
    looks = {
        "h1": styles["Title"],
        "h2": styles["Heading2"],
        "p": body,
        "bold": ParagraphStyle("bold", parent=body, fontName="Helvetica-Bold"),
        "small": ParagraphStyle("small", parent=body, fontSize=7),
    }
    boxes = {
        "framed": [("BOX", (0, 0), (-1, -1), 0.5, colors.black)],
        "shaded": [("BACKGROUND", (0, 0), (-1, -1), colors.lightgrey)],
        "rounded": [("BACKGROUND", (0, 0), (-1, -1), colors.lightgrey), ("ROUNDEDCORNERS", [8, 8, 8, 8])],
    }

    class Lines(Flowable):  # type: ignore[misc]
        def __init__(self, lines: list[str], font: str) -> None:
            super().__init__()
            self.lines, self.font = lines, font
            self.width, self.height = 300, 12 * len(lines)

        def draw(self) -> None:
            self.canv.setFont(self.font, 10)
            for number, line in enumerate(self.lines, 1):
                indent = 10 if line.startswith("    ") else 0
                self.canv.drawString(indent, 12 * (len(self.lines) - number) + 3, line.strip())

    def set_in(flow: Iterable[tuple[str, Any]]) -> list[Any]:
        found: list[Any] = []
        for kind, content in flow:
            if kind in looks:
                found.append(Paragraph(content, looks[kind]))
            elif kind == "page":
                found.append(PageBreak())
            elif kind == "grid":
                found.append(Table(content, style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
            elif kind in boxes:
                found.append(Table([[set_in(content)]], style=boxes[kind]))
            else:
                found.append(Lines(content, "Helvetica-Bold" if kind == "bold lines" else "Helvetica"))
        return found

    stream = BytesIO()
    document = BaseDocTemplate(stream, pagesize=A5)
    document.addPageTemplates(PageTemplate(frames=[Frame(40, 40, A5[0] - 80, A5[1] - 80)]))
    document.build(set_in(flow))
    return stream.getvalue()
