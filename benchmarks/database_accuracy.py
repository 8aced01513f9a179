"""Real text in a folder and in a database: `python benchmarks/database_accuracy.py CORPUS QUESTIONS [EVERY]`.

CORPUS is a `corpus.jsonl` as BEIR has it (`_id`, `title`, `text`); each line of QUESTIONS has a `question` and `gold`,
the ids of the documents that answer it. Of EVERY questions one is asked; without it all are. Printed are nDCG@10 of
both, how many questions get the same first three passages, and the recall of candidates at the shipped settings.
"""

import json
import sys
import tempfile
from pathlib import Path

from engine import recall, server  # sets what numpy is to be told before it is imported

from guide.config import Config
from guide.embedding.choose import open_builder
from guide.evaluate.documents import index_documents, ranked_documents
from guide.evaluate.loaders import PublicDocument
from guide.evaluate.measures import ndcg_at
from guide.index.state import Store
from guide.postgres.address import DatabaseAddress
from guide.postgres.store import DatabaseStore
from guide.records import Query
from guide.retrieval.hubs import find_hubs
from guide.retrieval.retrieve import RERANKED, retrieve
from guide.store import copy_index


def main(corpus: Path, questions: Path, every: int = 1) -> None:
    """Prints the figures."""
    documents = [PublicDocument(row["_id"], row.get("title", ""), row["text"]) for row in _rows(corpus)]
    rows = _rows(questions)[::every]
    encoder = open_builder(Config())
    encoded = encoder.encode([row["question"] for row in rows])
    with tempfile.TemporaryDirectory() as folder, server() as running:
        index = index_documents(documents, encoder, encoder.identity, Path(folder), corpus.stem)
        [saved] = Path(folder).iterdir()
        address = DatabaseAddress.of(running.address())
        copy_index(saved, address)
        store = DatabaseStore(address)
        gains, first = {}, {}
        kept: dict[str, Store] = {"folder": index, "database": store}
        for name, where in kept.items():
            with where.reading() as state:
                hubs = state.once("hubs", lambda state=state: find_hubs(state, encoder))
            gains[name], first[name] = [], []
            for place, row in enumerate(rows):
                query = Query(row["question"], row["question"])
                with where.reading() as state:
                    hits = retrieve(query, state, encoded.only(place), limit=RERANKED, hubs=hubs).hits
                gains[name].append(ndcg_at(10, ranked_documents(hits), dict.fromkeys(row["gold"], 1.0)))
                first[name].append([hit.passage.id for hit in hits[:3]])
        found = recall(index, store, encoded)
    same = sum(one == other for one, other in zip(first["folder"], first["database"], strict=True))
    print(f"{len(documents)} documents, {index.counts.points} points, {len(rows)} questions")
    for name, each in gains.items():
        share = found[f"{name}, recall@10 of candidates"]
        print(f"{name}: nDCG@10 {sum(each) / len(each):.4f}, recall@10 of candidates {share}")
    print(f"the same first three passages: {same} of {len(rows)}")


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:4]))
