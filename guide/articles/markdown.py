"""Markdown → pieces, by way of markdown-it-py's tokens."""

from guide.articles.front_matter import read_front_matter
from guide.articles.markdown_dialects import commonmark, extended, is_short_code
from guide.articles.markdown_walk import Walk
from guide.articles.pieces import Parsed, Piece
from guide.articles.template_code import said_of_template_code, without_template_code
from guide.text.normalise import words

MAX_WORDS_OF_BOLD_HEADING = 14


def parse_markdown(text: str, *, as_written: bool = True) -> Parsed:
    """The pieces of a Markdown article and what its front matter says. Markdown that Guide made of another format isn't
    taken `as_written` by people: in it only CommonMark and tables mean something.
    """
    about, body = read_front_matter(text)
    times = 0
    if as_written:
        # What stands on one line is told by the parser, which knows more of what is around it.
        body, times = without_template_code(body, is_html=False, leave=is_short_code)
    walk = Walk(commonmark())
    walk.read((extended() if as_written else commonmark()).parse(body))
    pieces = _with_bold_headings(walk.pieces) if as_written else [piece for piece, _ in walk.pieces]
    said = about.texts
    return Parsed(
        _introduced(pieces, said.get("description", "")),
        title=said.get("title", ""),
        author=said.get("author") or said.get("source_author", ""),
        source=said.get("source") or said.get("based_on", ""),
        language=said.get("language") or "en",
        licence=said.get("licence", ""),
        help_section=said.get("help_section", ""),
        advice_sections=about.advice_sections,
        questions=about.questions,
        notes=(*about.notes, *filter(None, [said_of_template_code(times)]), *walk.notes()),
    )


def _with_bold_headings(found: list[tuple[Piece, str]]) -> list[Piece]:
    """The pieces, where lines of nothing but bold type are headings if the article has no other but its title.

    `found` gives with each piece the bold words that are the first line of it.
    """
    if any(piece.kind == "heading" for piece, _ in found):
        return [piece for piece, _ in found]
    pieces: list[Piece] = []
    for number, (piece, bold) in enumerate(found):
        rest = piece.text[len(bold) :].strip()
        below = found[number + 1] if number + 1 < len(found) else None
        # Below a heading there is text, and not only the next one.
        has_text = rest or (below is not None and below[0].kind in ("paragraph", "item", "row", "columns"))
        alone = not rest and below is not None and below[1] == below[0].text and _reads_as_heading(below[1])
        if bold and piece.kind == "paragraph" and _reads_as_heading(bold) and has_text and not alone:
            pieces.append(Piece("heading", bold, 2))
            pieces += [Piece("paragraph", rest)] if rest else []
        else:
            pieces.append(piece)
    return pieces


def _reads_as_heading(text: str) -> bool:
    return 0 < len(words(text)) <= MAX_WORDS_OF_BOLD_HEADING and not text.endswith((".", ",", ";"))


def _introduced(pieces: list[Piece], description: str) -> list[Piece]:
    """The pieces, with the description below the title if the article has no introduction of its own."""
    place = next((n for n, piece in enumerate(pieces) if piece.kind not in ("title", "furniture")), len(pieces))
    begins_with_heading = place < len(pieces) and pieces[place].kind == "heading"
    if not description or not begins_with_heading or any(description in piece.text for piece in pieces):
        return pieces
    return [*pieces[:place], Piece("paragraph", description), *pieces[place:]]
