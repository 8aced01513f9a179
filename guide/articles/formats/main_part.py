"""A page's tree → the part of it that is the article, in the page's own order and with its own headings.

A library says which of the page's words belong to the article; where these stand in the tree says which element is the
article's. All of that element is kept, save what names itself as something else: what a library rebuilds loses
headings, lists of links and their order.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from guide.articles.formats.document import HEADINGS
from guide.text.normalise import words

_LEAVES = "p li dt dd td th pre blockquote figcaption caption summary address h1 h2 h3 h4 h5 h6".split()
_CONTAINERS = "div section article main ul ol dl table tbody tr details figure aside body form fieldset center".split()
_NO_TEXT = ("script", "style", "noscript", "template")
_ASIDES = {"nav", "footer", "dialog", "menu"}
_ASIDE_ROLES = {"navigation", "complementary", "contentinfo", "banner", "search", "dialog", "alertdialog", "menu",
                "menubar", "toolbar", "tablist"}  # fmt: skip
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:"
    r"nav(?:bar|igation)?|menu|breadcrumbs?|toc|table-of-contents|pagination|pager|post-?(?:navigation|meta|tags)"
    r"|widgets?|sidebar|footer|page-?footer|site-?(?:footer|header)|skip-?(?:link|to-content|nav)|popup|modal"
    r"|share|sharing|sharedaddy|social(?:-?(?:media|links|share|icons))?|addtoany|comments?|respond|disqus\w*|rating"
    r"|related(?:-?(?:posts?|articles?|content|links|stories|pages))?|recommend(?:ed|ations?)?|teaser-?list|tags"
    r"|tag-?cloud|jp-relatedposts|outbrain|taboola|feedback|cookies?(?:-?(?:banner|consent|notice|bar))?|gdpr|consent"
    r"|newsletter|subscribe|signup|buybox|promo(?:tion)?|adverts?|advertisement|ads?|adsbygoogle|sponsor(?:ed)?"
    r"|editsection|mw-editsection|navbox|catlinks|printfooter"
    r")(?:$|[\s_-])",
    re.I,
)
_LEADS_ELSEWHERE = re.compile(
    r"^(?:"
    r"you (?:may|might|could|will|['’]ll) (?:also )?(?:like|enjoy|be interested in)"
    r"|(?:more|read) (?:like this|from)\b.*"
    r"|related(?: (?:articles?|posts?|stories|content|pages|topics|reading|links|guides))?|read (?:next|more|also)"
    r"|recommended(?: for you)?|most (?:read|popular)|trending(?: now)?|popular (?:posts|articles)|up next|keep reading"
    r"|(?:more|latest) (?:stories|articles|news|posts)|also (?:on|in)\b.*|don['’]t miss|share (?:this(?: \w+)?|on\b.*)"
    r"|leave a (?:reply|comment)|(?:\d+ )?comments?(?: \(\d+\))?|(?:sign up|subscribe)\b.*newsletter.*"
    r"|on this page|in this article|table of contents|contents"
    r"|mehr zum thema|verwandte (?:artikel|themen)|weitere (?:artikel|beiträge|themen)\b.*|auch interessant"
    r"|neueste (?:artikel|beiträge)|das könnte (?:dich|sie|ihnen)\b.*|(?:à )?lire aussi|sur le même (?:sujet|thème)"
    r"|articles? (?:liés|similaires)|(?:también )?te puede interesar|artículos relacionados|leggi anche"
    r"|potrebbe\b.* interessar\w+|lees ook|leia (?:também|mais)"
    r")\W*$",
    re.I,
)
"""What stands over lists that lead to other pages, or over what isn't the article's."""

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""A word, or a sign of Chinese or Japanese, which have no spaces."""

_OFFERS_HELP = re.compile(r"\b(?:help|helplines?|hotlines?|support|contacts?|resources|emergency|urgent)\b", re.I)

_LONG = 6
"""So many runs of three words or more don't stand in two places of a page by chance."""

_NEARLY_ALL = 0.98
_MUCH = 0.1
"""The shares of the article's words that its element holds, and from which on a part isn't taken for a comment."""

Key = tuple[str, ...]


def main_part(tree: Any, found: str) -> Any:
    """The article's element, whose words are those of the text `found` or stand among them; it is cut free of what is
    around it and in it. Nothing if `found` has no words in the tree.
    """
    body = tree.find("body") if tree.tag == "html" else tree
    long, short = _kept_blocks(body, found) if body is not None else ([], [])
    if not long:
        return None
    weights = _weights(long)
    root = _common(body, weights)
    _cut(root, weights, {*weights, *_weights(short)})
    return root


def _kept_blocks(body: Any, found: str) -> tuple[list[Any], list[Any]]:
    """The blocks of text that stand in `found`: long ones by most of their runs of three words, and short ones that are
    a line of it, as may be by chance anywhere on the page.
    """
    lines, runs = set[Key](), set[Key]()
    for line in found.splitlines():
        these = _key(line)
        lines.add(these)
        runs.update(zip(these, these[1:], these[2:], strict=False))
    long, short = [], []
    for block in blocks(body):
        these = _key(text_of(block))
        near = list(zip(these, these[1:], these[2:], strict=False))
        if len(near) >= _LONG and sum(run in runs for run in near) >= 0.6 * len(near):
            long.append(block)
        elif these and these in lines:
            short.append(block)
    return long or short, short


def blocks(body: Any) -> Iterator[Any]:
    """The innermost elements that hold text of their own, in the order of the page."""
    for element in body.iter():
        if not isinstance(element.tag, str) or element.tag in _NO_TEXT:
            continue
        if element.tag in _LEAVES or (element.tag in _CONTAINERS and _own_text(element)):
            yield element


def text_of(block: Any) -> str:
    """The words of a block, without those of the blocks in it."""
    parts = [block.text or ""]
    for child in block:
        if isinstance(child.tag, str) and child.tag not in (*_NO_TEXT, *_LEAVES, *_CONTAINERS):
            parts.append(text_of(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _own_text(element: Any) -> bool:
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        return True
    inline = (child for child in element if isinstance(child.tag, str) and child.tag not in _LEAVES)
    return any(child.tag not in (*_CONTAINERS, *_NO_TEXT) and (child.text or "").strip() for child in inline)


def _key(text: str) -> Key:
    return tuple(_TOKEN.findall(text.casefold()))


def _weights(kept: Iterable[Any]) -> Counter[Any]:
    """How many words of the kept blocks each element holds."""
    weights = Counter[Any]()
    for block in kept:
        weight = max(len(words(text_of(block))), 1)
        for holder in (block, *block.iterancestors()):
            weights[holder] += weight
    return weights


def _common(body: Any, weights: Counter[Any]) -> Any:
    """The innermost element that holds nearly all words of the kept blocks."""
    root = body
    while True:
        inner = next((child for child in root if weights[child] >= _NEARLY_ALL * weights[body]), None)
        if inner is None or inner.tag in _LEAVES:
            return root
        root = inner


def _cut(root: Any, weights: Counter[Any], holds: set[Any]) -> None:
    """Takes out of `root` what names itself as no part of the article and holds little of it, and containers without a
    kept word that don't stand among those that have some.
    """
    much = _MUCH * weights[root]
    for holder in list(root.iter()):
        if holder is not root and (holder.getparent() is None or holder not in holds):
            continue
        if holder.tag in ("table", "tbody", "thead", "tfoot", "tr"):
            # Half a table would say something else.
            continue
        places = [number for number, child in enumerate(holder) if child in holds]
        for number, child in enumerate(list(holder)):
            if not isinstance(child.tag, str) or child.tag in HEADINGS or weights[child] > much:
                continue
            among = bool(places) and places[0] < number < places[-1]
            if is_around(child) or not (child in holds or _belongs(child, holds, among=among)):
                child.drop_tree()
    for heading in list(root.iter(*HEADINGS)):
        if heading.getparent() is not None and _LEADS_ELSEWHERE.match(" ".join(heading.text_content().split())):
            _cut_below(heading)


def is_around(element: Any) -> bool:
    """Whether an element names itself as navigation, advert, comment or something else around an article."""
    if element.tag in _ASIDES or element.get("role") in _ASIDE_ROLES:
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    is_block = element.tag in _CONTAINERS or element.tag in _LEAVES
    return bool(_ASIDE_NAMES.search(names)) if is_block else "editsection" in names


def _belongs(element: Any, holds: set[Any], *, among: bool) -> bool:
    """Whether an element without a kept word is the article's: `among` those with some, or as what stands before it."""
    if element.tag not in _CONTAINERS:
        return True
    before = next((one for one in element.itersiblings(preceding=True) if isinstance(one.tag, str)), None)
    if element.tag in ("ul", "ol", "dl", "table", "details"):
        # A list below a heading or a paragraph of the article goes with it.
        return before is not None and (before in holds or before.tag in HEADINGS or among)
    if among:
        return _link_share(element, len(words(element.text_content()))) <= 0.5
    heading = next(element.iter(*HEADINGS), None)
    if heading is None or before is None or before not in holds or before.tag != element.tag:
        return False
    is_linked = _link_share(element, len(words(element.text_content()))) > 0.3
    return (
        bool(_OFFERS_HELP.search(heading.text_content())) if is_linked else before.get("class") == element.get("class")
    )


def _link_share(element: Any, total: int) -> float:
    return sum(len(words(link.text_content())) for link in element.iter("a")) / max(total, 1)


def _cut_below(heading: Any) -> None:
    """Drops a heading and what follows it up to the next of its level or higher, if that is mostly links."""
    part = [heading]
    for following in heading.itersiblings():
        if following.tag in HEADINGS and following.tag <= heading.tag:
            break
        part.append(following)
    total = sum(len(words(one.text_content())) for one in part[1:])
    linked = sum(_link_share(one, 1) if total else 0 for one in part[1:])
    if not total or linked > 0.5 * total:
        for one in part:
            one.drop_tree()
