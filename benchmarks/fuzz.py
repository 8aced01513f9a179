"""A coverage-guided fuzzer at each way in for text: `python benchmarks/fuzz.py [--seconds 600] [DOOR ...]`.

Needs `pip install atheris` (libFuzzer for Python), which has no builds for every system and is no dependency of Guide.
Each target of `tests/fuzz_targets.py` runs in a process of its own, begun from the articles and questions here; a law
that doesn't hold stops it, and the text that broke it is kept in the folder that is named. Prints a line for each.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent / "tests"
sys.path.insert(0, str(TESTS))

SLOW_SECONDS = 10
MAX_BYTES = 4096


def fuzz(door: str, folder: Path, seconds: int) -> None:
    """Runs one door in this process until the time is over or a law is broken; doesn't return."""
    import atheris

    with atheris.instrument_imports(include=["guide", "fuzz_targets", "markdown_it", "mdit_py_plugins", "yaml"]):
        from fuzz_targets import DOORS, survives

    def one(data: bytes) -> None:
        survives(DOORS[door], data.decode("utf-8", "replace"))

    survives(DOORS[door], "What is it?")  # what is loaded late is loaded before a text is timed
    limits = [f"-max_total_time={seconds}", f"-timeout={SLOW_SECONDS}", f"-max_len={MAX_BYTES}", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", str(folder / "seeds")], one)
    atheris.Fuzz()


def seeds(folder: Path) -> None:
    """What the fuzzer begins from: the shipped articles cut to size, the tests' own, and questions."""
    folder.mkdir()
    articles = [*(HERE.parent / "corpus").glob("*.md"), *(TESTS / "data").glob("*.txt")]
    for path in articles:
        text = path.read_bytes()
        for number, start in enumerate(range(0, len(text), MAX_BYTES)):
            (folder / f"{path.stem}-{number}").write_bytes(text[start : start + MAX_BYTES])
    questions = (TESTS / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(questions[:100]):
        (folder / f"question-{number}").write_text(line, encoding="utf-8")


def main() -> int:
    """Runs each door in a process of its own; 1 if a law was broken at any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("doors", nargs="*", metavar="DOOR")
    parser.add_argument("--seconds", type=int, default=600, help="for each door")
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folder:
        fuzz(options.doors[0], options.folder, options.seconds)
    from fuzz_targets import DOORS

    broken = 0
    for door in options.doors or DOORS:
        folder = Path(tempfile.mkdtemp(prefix=f"guide-fuzz-{door}-"))
        seeds(folder / "seeds")
        command = [sys.executable, __file__, door, "--in", str(folder), "--seconds", str(options.seconds)]
        ran = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
        (folder / "log").write_text(ran.stderr, encoding="utf-8")
        done = re.findall(r"#(\d+)\s+\S+\s+cov: (\d+)", ran.stderr)
        runs, covered = done[-1] if done else ("0", "0")
        said = "every law held" if ran.returncode == 0 else f"BROKEN, see {folder}"
        print(
            f"{door}: {int(runs):,} texts, {int(covered):,} branches reached in {options.seconds} s, {said}", flush=True
        )
        if ran.returncode:
            broken += 1
        else:
            shutil.rmtree(folder)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
