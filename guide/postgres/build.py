"""Articles → a collection in a database: each is added, or takes the place of its older self, in a transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from guide.articles.assemble import article_ids
from guide.articles.inspect import inspect
from guide.articles.passages import split
from guide.articles.sources import Gathered, article_paths, gather
from guide.embedding.encoder import Encoder
from guide.errors import ArticleError, SearchIndexError
from guide.index.article_store import metadata_of
from guide.index.build import Origin, Progress, none_readable
from guide.index.build_report import BuildReport
from guide.index.embed import embed
from guide.index.originals import Original
from guide.index.parts import BuildPart
from guide.index.recipe import index_recipe
from guide.index.writer import WrittenArticle
from guide.postgres.address import DatabaseAddress
from guide.postgres.connection import connected
from guide.postgres.faults import faults_explained
from guide.postgres.schema import CorpusOrigin, find_origin, make_tables, read_origin
from guide.postgres.writer import DatabaseWriter, writing
from guide.records import Article, Entry


def build_in_database(
    sources: Sequence[Path],
    address: DatabaseAddress,
    encoder: Encoder,
    origin: Origin,
    progress: Progress = lambda stage, done, of, file: None,
    *,
    exactly: bool = False,
    gone: Collection[str] = (),
    part: BuildPart | None = None,
) -> BuildReport:
    """The report on a build of the articles in `sources` (files or folders) into the collection at `address`, which is
    made if there is none. Articles of other sources stay, unless it shall hold `exactly` these; those of the ids in
    `gone` are removed. Of a `part` only its articles are built; the other parts may be built at the same time, here or
    elsewhere.

    An article is kept once it is embedded: a build that is stopped goes on from there.

    Raises:
        ArticleError: there is no article that can be read; the collection stays as it was then.
        SearchIndexError: the database can't be used, or the collection was built in another way.
    """
    paths = article_paths(sources)
    ids = article_ids(paths)
    if part:
        paths = [path for path in paths if part.holds(ids[path])]
    _ready(address, encoder, origin)
    with writing(address) as writer:
        known = writer.sources()
        by_id = {id: source for source, id in known.items()}
        earlier = {id: (source, partial(_unread, id)) for id, source in by_id.items()}
        gathered = gather(paths, known, earlier, partial(progress, "reading"), partial(progress, "reading pages"), ids)
        if not gathered.paths and not part:
            raise ArticleError(none_readable(gathered.skipped))
        new = _write(gathered, writer, encoder, lambda done, of: progress("embedding", done, of, ""))
        _add_originals(gathered, known, writer)
        kept = {known[source] for source in gathered.paths if source in known}
        kept |= {article.id for article in gathered.read.values()}
        if dropped := (by_id.keys() if exactly else by_id.keys() & set(gone)) - kept:
            writer.remove(dropped)
        writer.fold()
        counts = writer.totals()
    return BuildReport(
        articles=counts["articles"],
        passages=counts["passages"],
        points=counts["points"],
        questions=counts["questions"],
        embedded=len(new),
        sections=sum(len(article.sections) for article, _ in new),
        inspected=len(new),
        skipped=gathered.skipped,
        notices=tuple(inspect(new)),
    )


def _ready(address: DatabaseAddress, encoder: Encoder, origin: Origin) -> None:
    """Makes the collection where there is none, and sees that it may be added to where there is one."""
    with connected(address) as connection, faults_explained(address):
        # Builds that begin at once wait here for the first of them.
        connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [f"{address.collection} tables"])
        if find_origin(connection, address) is None:
            dimension = encoder.encode(["dimension"]).texts.shape[1]
            made = CorpusOrigin(origin.model, origin.agreement, index_recipe(), 0)
            make_tables(connection, address, made, dimension)
            return
        changed = origin.changes(read_origin(connection, address))
    if changed:
        raise SearchIndexError(
            f"The index in {address} was built by another version of {', '.join(changed)}, so nothing can be added to "
            "it; build all articles into another collection, such as …?collection=new, and name that from then on."
        )


def _write(
    gathered: Gathered, writer: DatabaseWriter, encoder: Encoder, progress: Callable[[int, int], None]
) -> list[Entry]:
    """Embeds and writes new articles, one after the other."""
    entries = {source: (article, split(article)) for source, article in gathered.read.items()}
    sizes = [
        len(passages) + sum(len(one.points) + len(one.asked) for one in passages) for _, passages in entries.values()
    ]
    done = 0
    for (source, entry), size in zip(entries.items(), sizes, strict=True):
        original = _original(gathered.paths[source])
        writer.replace(WrittenArticle(entry, metadata_of(entry[0], source), embed(*entry, encoder), original))
        done += size
        progress(done, sum(sizes))
    return list(entries.values())


def _add_originals(gathered: Gathered, known: Mapping[str, str], writer: DatabaseWriter) -> None:
    """Keeps the PDFs of articles that are there already without theirs."""
    lacking = writer.without_original()
    for source, path in gathered.paths.items():
        if known.get(source) in lacking and (original := _original(path)):
            writer.keep_original(known[source], original)


def _original(path: Path) -> Original | None:
    """The PDF in a file; none if it isn't one, or is gone since it was read: a later build adds it."""
    with suppress(OSError):
        return Original.of(path)
    return None


def _unread(id: str) -> Article:
    raise AssertionError(f"{id} is in the collection and isn't read again")
