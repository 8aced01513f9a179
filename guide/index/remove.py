"""Articles taken out of an index in a folder; the others stay as they are."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from guide.errors import SearchIndexError
from guide.index.build import LARGE_SEGMENT_POINTS
from guide.index.embed import search_texts
from guide.index.index import Index, cannot_write, open_index
from guide.index.segment import Segment


def remove_articles(folder: Path, article_ids: Collection[str]) -> None:
    """Removes these articles from the index in `folder`. The files of a large index hold them until a build writes them
    anew.

    Raises:
        SearchIndexError: there is no index, it can't be written, no other article is left, or a build is writing to it.
    """
    try:
        with FileLock(folder / ".lock", timeout=0):
            index = open_index(folder)
            kept = tuple(part for segment in index.segments if (part := _without(segment, article_ids)))
            if not kept:
                raise SearchIndexError(f"No article would be left in {folder}; remove the folder itself instead.")
            Index(kept, index.model, index.recipe, index.agreement).save(folder)
    except Timeout:
        raise SearchIndexError(f"A build is writing to {folder}; wait until it ends.") from None
    except OSError as error:
        raise cannot_write(folder, error) from error


def _without(segment: Segment, article_ids: Collection[str]) -> Segment | None:
    """The segment without these articles; nothing if no other is left. A large one only notes that they are gone."""
    left = [number for number, article in segment.live_articles().items() if article.id not in article_ids]
    if not left or len(left) == len(segment.live_articles()):
        return segment if left else None
    if len(segment.embeddings.points) >= LARGE_SEGMENT_POINTS:
        held = {article.id for article in segment.articles.metadata}
        return replace(segment, deleted_ids=segment.deleted_ids | held.intersection(article_ids))
    entries = [segment.articles.entries.entry(number) for number in left]
    metadata = [segment.articles.metadata[number] for number in left]
    return Segment.of(entries, metadata, search_texts(entries), [segment.embeddings_of(number) for number in left])
