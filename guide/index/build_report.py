"""What a build did, and what should be looked into."""

from collections.abc import Sequence
from dataclasses import dataclass

from guide.articles.inspect import Notice, inspect
from guide.articles.sources import Skipped
from guide.index.index import Index
from guide.records import Entry


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: the counts are those of the whole index."""

    articles: int
    passages: int
    points: int
    embedded: int
    """How many articles were embedded; the others were taken over from the last build."""
    sections: int
    """How many sections the inspected articles have."""
    inspected: int
    """How many articles `notices` is about: all, or in a large index those that were embedded."""
    skipped: tuple[Skipped, ...] = ()
    notices: tuple[Notice, ...] = ()
    embedded_unchanged: int = 0
    """How many of the embedded articles were in the index as they are, built in another way."""
    questions: int = 0
    """How many questions that people ask the passages answer: they are matched, never quoted."""
    changed_recipe: tuple[str, ...] = ()
    """In what the way they were built differs from today's, such as `splitting` or `PyStemmer (3.0.0 → 3.1.0)`."""


def report_on(
    index: Index,
    new: Sequence[Entry],
    skipped: tuple[Skipped, ...],
    *,
    whole: bool,
    embedded_unchanged: int = 0,
    changed_recipe: tuple[str, ...] = (),
) -> BuildReport:
    """The report on a build of `index`, in which `new` was embedded; the `whole` of it is inspected, or what is new."""
    entries = [entry for segment in index.segments for entry in segment.entries()] if whole else new
    return BuildReport(
        articles=len(index.article_ids),
        passages=len(index.passages),
        points=sum(segment.points for segment in index.segments),
        embedded=len(new),
        questions=sum(segment.questions for segment in index.segments),
        sections=sum(len(article.sections) for article, _ in entries),
        inspected=len(entries),
        skipped=skipped,
        notices=tuple(inspect(entries)),
        embedded_unchanged=embedded_unchanged,
        changed_recipe=changed_recipe if embedded_unchanged else (),
    )
