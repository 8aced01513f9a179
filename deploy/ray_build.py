"""Embeds articles in parts on a Ray cluster, on its processors or its GPUs.

    pip install 'ray[data]'
    python deploy/ray_build.py ARTICLES --index DIR --parts 400 --at-once 8 --gpus 1
    guide build ARTICLES --index DIR

Every machine of the cluster sees the same two folders and has Guide installed. What is done stays: run it again after
a failure. The last command joins the parts.
"""

import argparse
import os
from pathlib import Path
from typing import Any

# Ray reports its use to its makers otherwise.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import ray

from guide.config import Config
from guide.embedding.choose import open_builder
from guide.embedding.encoder import Encoder, SentenceEncoder
from guide.embedding.onnx_export import measure_agreement
from guide.index.build import build_part
from guide.index.parts import BuildPart


class EmbedPart:
    """Embeds one part after the other; the model is loaded once for each that works at the same time."""

    def __init__(self, articles: Path, index: Path, parts: int, device: str) -> None:
        self._articles, self._index, self._parts = articles, index, parts
        self._encoder: Any = open_builder(Config())
        self._agreement = self._encoder.agreement
        if device != "cpu":
            reference = SentenceEncoder(Config().model)
            self._encoder = on_device(SentenceEncoder(Config().model, batch_size=512), device)
            # A build refuses what comes from vectors that are too far from the model's own.
            self._agreement = measure_agreement(reference, self._encoder)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """What came of the part of that number."""
        part = BuildPart(int(row["id"]) + 1, self._parts)
        encoder: Encoder = self._encoder
        report = build_part([self._articles], self._index, part, encoder, self._encoder.identity, self._agreement)
        skipped = [f"{one.path}: {one.reason}" for one in report.skipped]
        return {"part": str(part), "articles": report.articles, "embedded": report.embedded, "skipped": skipped}


def on_device(encoder: SentenceEncoder, device: str) -> SentenceEncoder:
    """The encoder with its model on `device`; what goes in and comes out is moved there and back."""

    def moved_in(module: Any, inputs: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        return tuple({name: value.to(device) for name, value in features.items()} for features in inputs)

    def moved_out(module: Any, inputs: Any, out: dict[str, Any]) -> dict[str, Any]:
        return {name: value.cpu() if hasattr(value, "cpu") else value for name, value in out.items()}

    encoder.model.to(device)
    encoder.model.register_forward_pre_hook(moved_in)
    encoder.model.register_forward_hook(moved_out)
    return encoder


def main() -> int:
    """0; 1 if a file was skipped."""
    parser = argparse.ArgumentParser(description="Embeds articles in parts on a Ray cluster.")
    parser.add_argument("articles", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--parts", type=int, required=True, help="how many shares, several for each that works at once")
    parser.add_argument("--at-once", type=int, required=True, help="how many work at the same time")
    parser.add_argument("--gpus", type=float, default=0, help="how many GPUs each of them takes; .5 puts two on one")
    asked = parser.parse_args()
    ray.init(include_dashboard=False, log_to_driver=False)
    made = ray.data.range(asked.parts, override_num_blocks=asked.parts).map(
        EmbedPart,
        fn_constructor_args=(
            asked.articles.absolute(),
            asked.index.absolute(),
            asked.parts,
            "cuda" if asked.gpus else "cpu",
        ),
        concurrency=asked.at_once,
        num_gpus=asked.gpus or None,
    )
    failed = False
    for row in made.iter_rows():
        print(f"part {row['part']}: {row['articles']} articles, {row['embedded']} embedded now", flush=True)
        for line in row["skipped"]:
            failed = True
            print(f"  skipped {line}", flush=True)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
