"""Web pages in the frames of real sites: what stays, in which order and below which heading, and what is said."""

from pathlib import Path

import pytest

from guide.articles.formats.convert import to_markdown
from guide.articles.read import read_article
from guide.records import Article

ONE = "<p>A short walk in the evening makes it easier to let go of the day before you go to bed.</p>"
TWO = "<p>Many people sleep better in a cool and dark room than in a warm and bright one.</p>"


def page(body: str, head: str = "") -> str:
    about = f"<meta charset=utf-8><title>Sleep</title>{head}"
    return f"<!DOCTYPE html><html lang=en><head>{about}</head><body>{body}</body></html>"


def article_of(html: str | bytes, folder: Path) -> Article:
    path = folder / "page.html"
    path.write_bytes(html if isinstance(html, bytes) else html.encode())
    return read_article(path)


def lines(article: Article) -> list[str]:
    """The headings, marked by `#`, and the blocks, in order."""
    found = []
    for section in article.sections:
        found.append(f"# {section.path[-1]}")
        found += [article.text[block.start : block.end] for block in section.blocks]
    return found


BODY = f"""<h2>Before you sleep</h2>{ONE}<ul><li>Dim the lights.</li><li>Put the phone away.</li></ul>
<h2>The room</h2>{TWO}<h3>Noise</h3><p>Earplugs help against a loud street, and so does a steady fan.</p>
<h2>Where to find help</h2><ul><li><a href="tel:1">Sleep line</a></li><li><a href="/gp">Find a doctor</a></li>
<li><a href="/chat">Write to a nurse</a></li></ul>"""
EXPECTED = [
    "# Before you sleep",
    "A short walk in the evening makes it easier to let go of the day before you go to bed.",
    "Dim the lights.",
    "Put the phone away.",
    "# The room",
    "Many people sleep better in a cool and dark room than in a warm and bright one.",
    "# Noise",
    "Earplugs help against a loud street, and so does a steady fan.",
    "# Where to find help",
    "Sleep line",
    "Find a doctor",
    "Write to a nurse",
]
MENU = "<ul>" + "".join(f'<li><a href="/{n}">Topic number {n}</a></li>' for n in range(9)) + "</ul>"
MORE = "<h2>You may also like</h2><ul><li><a href=/a>Nine tired cats</a></li><li><a href=/b>Ten loud "
"dogs</a></li></ul>"

FRAMES = {
    "nothing around": "<h1>Sleep well</h1>{}",
    "WordPress": '<div id=page class=site><header id=masthead class=site-header><nav '
    'class=main-navigation>{menu}</nav></header>'
    '<div id=content class=site-content><main id=main class=site-main><article class="post type-post '
    'hentry"><header class='
    'entry-header><h1 class=entry-title>Sleep well</h1><div class=entry-meta>Posted on 3 May</div></header><div class='
    'entry-content>{}<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3><ul><li><a '
    'href=#>Print</a></li></ul></div>'
    '</div></article><nav class=post-navigation><a href=/old>Older post</a></nav></main><aside '
    'class=widget-area><h2>Archives'
    "</h2>{menu}</aside></div><footer class=site-footer>Proudly powered</footer></div>",
    "Drupal": '<div class=layout-container><div class="region region-primary-menu">{menu}</div><main role=main><div '
    'class='
    '"layout-content"><div class="region region-content"><h1 class=page-title>Sleep well</h1><article role=article '
    'class="node '
    'node--type-page"><div class=node__content><div class="clearfix text-formatted field '
    'field--name-body">{}</div></div>'
    '</article></div></div></main><footer role=contentinfo>{menu}</footer></div>',
    "Squarespace": '<div id=siteWrapper><header data-controller=Header>{menu}</header><main id=page><article '
    'class=sections>'
    '<section class=page-section><div class=content><div class="sqs-layout sqs-grid-12"><div class="row '
    'sqs-row"><div class='
    '"col sqs-col-12"><div class="sqs-block html-block sqs-block-html"><div class=sqs-block-content><h1>Sleep '
    'well</h1>{}'
    "</div></div></div></div></div></div></section></article></main><footer>{menu}</footer></div>",
    "Wix": '<div id=SITE_CONTAINER><div id=site-root><div id=masterPage><header id=SITE_HEADER>{menu}</header><main '
    'id='
    'PAGES_CONTAINER><div id=SITE_PAGES><div id=c1><div class=_1Q9if data-testid=richTextElement><h1 '
    'class=font_0>Sleep well'
    '</h1></div><div class=_1Q9if data-testid=richTextElement>{}</div></div></div></main><footer '
    'id=SITE_FOOTER>{menu}</footer>'
    "</div></div></div>",
    "MediaWiki": '<div id=content class=mw-body role=main><h1 id=firstHeading>Sleep well</h1><div '
    'id=bodyContent><div id='
    'siteSub>From the open encyclopedia</div><div id=mw-content-text class=mw-body-content><div '
    'class=mw-parser-output><div id='
    "toc class=toc><h2>Contents</h2>{menu}</div>{}</div></div></div></div><div id=mw-navigation><div "
    "id=mw-panel>{menu}</div></div>"
    "<footer id=footer>{menu}</footer>",
    "GOV.UK": '<header class=govuk-header role=banner>{menu}</header><div class=govuk-width-container><div '
    'class=govuk-breadcrumbs>'
    '<ol><li><a href=/>Home</a></li></ol></div><main class=govuk-main-wrapper role=main><div '
    'class=govuk-grid-row><div class='
    '"govuk-grid-column-two-thirds"><h1 class=govuk-heading-xl>Sleep well</h1><div class="gem-c-govspeak '
    'govuk-govspeak">{}</div>'
    '</div><div class=govuk-grid-column-one-third><aside class=gem-c-related-navigation><h2>Related '
    'content</h2>{menu}</aside></div>'
    "</div></main></div><footer class=govuk-footer role=contentinfo>{menu}</footer>",
    "a news site": '<div class=wrap><div class=top>{menu}</div><div class=story><h1>Sleep well</h1><div '
    'class=lead><div class='
    '"story-body">{}</div></div>{more}</div><div class=right><h3>Most read</h3>{menu}</div></div>',
    "tables": "<table width=100%><tr><td colspan=2>{menu}</td></tr><tr><td width=150>{menu}</td><td><h1>Sleep "
    "well</h1>{}</td></tr>"
    "</table>",
    "a section each": "<div class=nav>{menu}</div><main><h1>Sleep well</h1>{sections}</main>",
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_headings_lists_and_order_survive_the_frame(name: str, tmp_path: Path) -> None:
    sections = "".join(f"<section><div class=block><h2>{part}</div></section>" for part in BODY.split("<h2>")[1:])
    frame = FRAMES[name].replace("{menu}", MENU).replace("{more}", MORE).replace("{sections}", sections)
    article = article_of(page(frame.replace("{}", BODY)), tmp_path)
    assert lines(article) == EXPECTED
    assert article.title == "Sleep well"
    assert to_markdown((tmp_path / "page.html").read_bytes(), ".html").notes == ()


KEPT = {
    "details": (
        "<h2>Questions</h2><p>People ask these often.</p><details><summary>Is a nap bad?</summary><p>A short one "
        "isn't.</p>"
        "</details><details><summary>Is tea bad?</summary><p>Not at noon.</p></details><p>Ask us more at any time.</p>",
        ["# Questions", "People ask these often.", "# Is a nap bad?", "A short one isn't.", "# Is tea bad?",
         "Not at noon.", "# Questions", "Ask us more at any time."],
    ),
    "buttons in headings": (
        "<h2>Questions</h2><h3><button aria-expanded=false aria-controls=a1>Is a nap bad?</button></h3><div id=a1 "
        "hidden>"
        "<p>A short one isn't.</p></div><h3><button>Is tea bad?</button></h3><div style='display: none'><p>Not at "
        "noon.</p></div>",
        ["# Is a nap bad?", "A short one isn't.", "# Is tea bad?", "Not at noon."],
    ),
    "buttons alone": (
        "<h2>Questions</h2><div class=accordion><button class=trigger aria-controls=a1>Is a nap bad?</button><div "
        "id=a1 "
        "aria-hidden=true><p>A short one isn't.</p></div></div><h2>More</h2><p>Ask us.</p>",
        ["# Is a nap bad?", "A short one isn't.", "# More", "Ask us."],
    ),
    "a heading by its role": (
        "<div role=heading aria-level=2>Naps</div><p>A short one isn't bad.</p>",
        ["# Naps", "A short one isn't bad."],
    ),
    "boxes to tick": (
        "<h2>Check</h2><div><label><input type=checkbox> The phone is off</label><br><label><input type=checkbox> "
        "The window "
        "is open</label></div><ul><li><input type=checkbox> The light is out</li></ul>",
        ["# Check", "The phone is off", "The window is open", "The light is out"],
    ),
    "code within a sentence": (
        "<h2>Code</h2><p>Write <code>night</code> to the number and wait.</p>",
        ["# Code", "Write night to the number and wait."],
    ),
    "text after a nested list": (
        "<h2>Keys</h2><ul><li>Leave keys with <ul><li>a neighbour</li></ul> and <b>lock</b> up.</li></ul>",
        ["# Keys", "Leave keys with", "a neighbour", "and lock up."],
    ),
    "a formula": (
        "<h2>Share</h2><p>The share is <math><mn>5</mn><mo>%</mo></math> of all evenings.</p>",
        ["# Share", "The share is [formula] of all evenings."],
    ),
    "footnote marks": (
        "<h2>Survey</h2><p>In 2019<sup>3</sup> couples talked for 20<sup>4</sup> minutes<sup><a "
        "href=#n>[5]</a></sup> a day.</p>",
        ["# Survey", "In 2019 couples talked for 20 minutes a day."],
    ),
    "powers and endings": (
        "<h2>Room</h2><p>On the 1<sup>st</sup> floor, 12 m<sup>2</sup>, 10<sup>6</sup> mites and n<sup>o</sup> 5.</p>",
        ["# Room", "On the 1st floor, 12 m², 10⁶ mites and no 5."],
    ),
    "names and numbers": (
        "<h2>Numbers</h2><table><tr><td>Anna</td><td>555 01</td></tr><tr><td>Ben</td><td>555 02</td></tr></table>",
        ["# Numbers", "Anna | 555 01", "Ben | 555 02"],
    ),
    "names of rows": (
        "<h2>Hours</h2><table><tr><th>Monday</th><td>nine</td></tr><tr><th>Friday</th><td>ten</td></tr></table>",
        ["# Hours", "Monday | nine", "Friday | ten"],
    ),
    "a table of one row": (
        "<h2>Tips</h2><table><tr><td>Open the window.</td><td>Close the door.</td></tr></table>",
        ["# Tips", "Open the window.", "Close the door."],
    ),
    "a table of names alone": (
        "<h2>Tips</h2><table><thead><tr><th>Window open</th><th>Door closed</th></tr></thead></table>",
        ["# Tips", "Window open", "Door closed"],
    ),
    "two descriptions of a term": (
        "<h2>Words</h2><dl><dt>Nap</dt><dd>A short sleep.</dd><dd>A soft surface.</dd></dl>",
        ["# Words", "Nap: A short sleep.", "Nap: A soft surface."],
    ),
    "letters and other counts": (
        "<h2>Tips</h2><ol type='a'><li>Lie down.</li><li>Breathe.</li></ol><p>Then:</p><ol start='3'><li>Sleep.</li>"
        "</ol><p>Or:</p><ol reversed><li>Get up.</li></ol>",
        ["# Tips", "a. Lie down.", "b. Breathe.", "Then:", "3. Sleep.", "Or:", "Get up."],
    ),
    "typed bullets": (
        "<h2>Tips</h2><p>• Open the window.<br>• Close the door.</p><p>1. Lie down.</p><p>2. Breathe.</p>",
        ["# Tips", "Open the window.", "Close the door.", "1. Lie down.", "2. Breathe."],
    ),
    "what others say about it": (
        "<h2>Naps</h2><p>A short one isn't bad.</p><div class='post comments'><p>Great post, thanks, I slept for nine "
        "hours at my desk and nobody said a word.</p></div>",
        ["# Naps", "A short one isn't bad."],
    ),
    "a bold line with a colon": (
        "<p><b>What helps:</b></p><p>A walk helps.</p>",
        ["# What helps:", "A walk helps."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_what_a_page_says_is_kept_as_what_it_is(name: str, tmp_path: Path) -> None:
    body, expected = KEPT[name]
    around = f"<nav>{MENU}</nav><main><h1>Sleep well</h1>{ONE}{body}<h2>The room</h2>{TWO * 9}</main>"
    found = lines(article_of(page(around), tmp_path))
    assert found[2 : 2 + len(expected)] == expected
    assert found[2 + len(expected) :] == ["# The room", *[TWO[3:-4]] * 9]


ENCODINGS = {
    "UTF-8 that says GB 2312": (page("{}").replace("utf-8", "gb2312"), "utf-8", "睡前请把手机放到另一个房间"),
    "UTF-8 that says Latin-1": (page("{}").replace("utf-8", "iso-8859-1"), "utf-8", "Ein kühles Zimmer macht müde"),
    "GBK that says GB 2312": (page("{}").replace("utf-8", "gb2312"), "gbk", "睡覺前半小時請把手機放到另一個房間裡去"),
    "Windows-1252 that says Latin-1": (page("{}").replace("utf-8", "latin1"), "cp1252", "“A cool room”, it’s said"),
    "named late": (
        page("{}").replace("<head>", f"<head><!--{'x' * 3000}-->").replace("utf-8", "koi8-r"),
        "koi8-r",
        "Перед сном проветрите комнату",
    ),
    "Windows-1252 without a word": (
        page("{}").replace("<meta charset=utf-8>", ""),
        "cp1252",
        "The café’s “late” coffee keeps awake",
    ),
    "a byte-order mark before another name": (
        page("{}").replace("utf-8", "latin1"),
        "utf-8-sig",
        "Ein kühles Zimmer macht müde",
    ),
    "Shift JIS": (page("{}").replace("utf-8", "shift_jis"), "cp932", "寝る前に電話を別の部屋に置いてください①"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_page_is_read_in_the_encoding_that_browsers_take(name: str, tmp_path: Path) -> None:
    frame, encoding, words = ENCODINGS[name]
    html = frame.replace("{}", f"<h1>Sleep well</h1>{ONE}<p>{words}.</p>{TWO}")
    assert words in article_of(html.encode(encoding), tmp_path).text


LINKS = "<a href=/n>A longer evening nap</a> " * 4

NOTES = [
    (
        page(
            f"<main><h1>Sleep</h1>{ONE}<h2>Naps</h2><p>A nap at noon is "
            f"fine.</p><div>{LINKS}</div><h2>Room</h2>{TWO}</main>"
        ).encode(),
        "lost 16 of the 62 words that the page shows, in 1 of its sections; the first missing below “Naps”: “A longer "
        "evening nap A longer …”.",
    ),
    (
        "<p>The café".encode("cp1252") + page(ONE + TWO).replace("<meta charset=utf-8>", "").encode(),
        "isn't UTF-8 (byte 10 is 0xe9) and was read as Windows-1252; look whether its letters are right.",
    ),
    (
        page(f"<h1>Sleep</h1>{ONE * 40}").encode() + b"caf\xe9",
        "has 1 characters that can't be read in its encoding, utf-8; they stand as \ufffd.",
    ),
    (
        page(f"<main><h1>Sleep</h1>{ONE}<div hidden><p>One two three four five six seven eight "
        f"nine.</p></div>{TWO}</main>").encode(),
        "hides 9 words that aren't read, the first “One two three four five six …”.",
    ),
    (
        page(f"<main><h1>Sleep</h1>{ONE}<p>It takes 20<sup>4</sup> minutes.</p>{TWO}</main>").encode(),
        "has 1 raised numbers after numbers, which are left out as footnote marks, such as 4 after “It takes 20”.",
    ),
    (
        page(f"<main><h1>Sleep</h1>{ONE}<h2>Naps</h2><p>A nap at noon is fine.</p><form class=signup-box><p>A "
        f"longer nap in the "
             "evening keeps you awake at night, as many people find out.</p></form><div class=comments><p>A longer "
             "nap in "
             f"the evening keeps you awake.</p></div><h2>Room</h2>{TWO}</main>").encode(),
        "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("data", "note"), NOTES)
def test_what_is_left_out_or_unsure_is_said(data: bytes, note: str) -> None:
    assert to_markdown(data, ".html").notes == ((note,) if note else ())
