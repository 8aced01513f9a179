"""What must hold of any article and its passages, and an article at a glance."""

import re

from guide.articles.passages import MAX_WORDS, TOLERANCE, split
from guide.records import Article
from guide.text.normalise import words


def obeys_the_laws(article: Article, max_words: int = MAX_WORDS) -> None:
    """Asserts all that must hold of any article and its passages."""
    text = article.text
    reached = 0
    for section in article.sections:
        assert section.blocks
        assert reached <= section.start <= section.end <= len(text)
        reached = section.start
        for block in section.blocks:
            assert reached <= block.start < block.end <= section.end
            reached = block.end
            assert len(block.cells) == len(block.columns)
            inner = block.start
            for start, end in block.cells:
                assert inner <= start <= end <= block.end
                inner = end
        assert reached == section.end

    passages = split(article, max_words=max_words)
    reached = 0
    for passage in passages:
        assert reached <= passage.start < passage.end <= len(text)
        reached = passage.end
        assert (passage.start, passage.end) == (passage.points[0].start, passage.points[-1].end)
        sizes = [len(words(text[point.start : point.end])) for point in passage.points]
        is_whole = any((s.start <= passage.start and s.end == passage.end) for s in article.sections)
        assert sum(sizes) <= max_words or len(sizes) == 1 or (is_whole and sum(sizes) <= TOLERANCE * max_words)
        inner = passage.start
        for point in passage.points:
            assert inner <= point.start < point.end
            assert text[point.start : point.end].strip()
            inner = point.end
    ids = [passage.id for passage in passages]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"p-[0-9a-f]{10}(-\d+)?", name) for name in ids)

    # Every block's words are quoted, each exactly once: no point cuts a word or leaves one out.
    points = [point for passage in passages for point in passage.points]
    blocks = [block for section in article.sections for block in section.blocks]
    quoted = [word for point in points for word in words(text[point.start : point.end])]
    assert quoted == [word for block in blocks for word in words(text[block.start : block.end])]
    assert split(article, max_words=max_words) == passages


def outline(article: Article) -> list[str]:
    """The article's sections with their roles, and below each what it holds."""
    lines = []
    for section in article.sections:
        lines.append(f"{section.role}: {' › '.join(section.path)}")
        for block in section.blocks:
            words = article.text[block.start : block.end]
            cells = [article.text[start:end] for start, end in block.cells]
            named = [f"| {column}: {cell}" for column, cell in zip(block.columns, cells, strict=True)]
            lines.append("  " + {"paragraph": words, "item": f"• {words}", "row": " ".join(named)}[block.kind])
    return lines
