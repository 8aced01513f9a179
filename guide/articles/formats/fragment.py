"""HTML that stands within Markdown → Markdown."""

from lxml import html
from markdownify import markdownify

from guide.articles.formats.convert import AS_MARKDOWN
from guide.articles.formats.tidy import tidy, tree_of


def markdown_of(fragment: str) -> str:
    """The text of some HTML as Markdown: its headings, lists and tables as such, without what isn't text."""
    tree = tree_of(f"<html><body>{fragment}</body></html>")
    tidy(tree)
    page = html.tostring(tree, encoding="unicode")
    return str(markdownify(page, **AS_MARKDOWN))
