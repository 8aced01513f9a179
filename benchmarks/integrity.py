"""What is left of an index after a build was killed or its files were damaged: `python benchmarks/integrity.py
[--kills 200] [--flips 500]`.

A build with a small deterministic encoder runs in a process of its own and is killed at a random moment: then the index
must open and answer as before the build or as after it, and the next build must succeed and leave nothing behind. Each
damaged copy of the index must be refused with one clear sentence, or answer as the whole one does.
"""

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from fake_encoder import FakeEncoder  # noqa: E402 (found beside this folder)

from guide.answering.to_json import answer_to_json  # noqa: E402
from guide.errors import GuideError  # noqa: E402
from guide.guide import Guide  # noqa: E402
from guide.index.build import build  # noqa: E402
from guide.index.index import open_index, read_manifest  # noqa: E402

ARTICLES = 12
QUESTIONS = ("How warm is the tea?", "Who feeds the cat?", "What grows in the garden?")
SUBJECTS = ("tea", "cat", "garden", "boat", "lamp", "bread", "clock", "stone", "wool", "rain", "drum", "glass")


def write_articles(folder: Path, edition: int) -> None:
    """The articles of one edition; they differ in a word."""
    folder.mkdir(exist_ok=True)
    for number, subject in enumerate(SUBJECTS[:ARTICLES]):
        lines = [
            f"## The {subject}, part {part}\n\nThe {subject} is warm in week {edition} of part {part}."
            for part in range(6)
        ]
        (folder / f"{number:02}-{subject}.md").write_text(f"# About {subject}\n\n" + "\n\n".join(lines) + "\n", "utf-8")


def built(sources: Path, index: Path) -> None:
    """Builds in this process."""
    encoder = FakeEncoder()
    build([sources], index, encoder, encoder.identity)


def answers(index: Path) -> str:
    """What the index answers, as one text.

    Raises:
        GuideError: it is refused.
    """
    guide = Guide(open_index(index), FakeEncoder())
    return json.dumps([answer_to_json(guide.ask(question)) for question in QUESTIONS], sort_keys=True)


def kills(count: int, dice: random.Random) -> Counter[str]:
    """Kills `count` builds; what was found after each."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        sources, index = Path(name) / "articles", Path(name) / "index"
        command = [sys.executable, __file__, "--build", str(sources), str(index)]
        write_articles(sources, 0)
        built(sources, index)
        before = answers(index)
        began = time.monotonic()
        subprocess.run(command, check=True)
        whole = time.monotonic() - began
        for number in range(1, count + 1):
            write_articles(sources, number)
            with subprocess.Popen(command) as running:
                # The first part of a process is only its imports.
                time.sleep(dice.uniform(0.3, 1.3) * whole)
                running.send_signal(signal.SIGKILL)
                ended = running.wait() == 0
            now = answers(index)
            built(sources, index)
            after = answers(index)
            expected = {after} if ended else {before, after}
            if now not in expected:
                raise SystemExit(f"After kill {number} the index answers neither as before nor as after.")
            if rubbish := left_behind(index):
                raise SystemExit(f"After kill {number} and a build there are {sorted(rubbish)}.")
            found["ended before the kill" if ended else "as before" if now == before else "as after"] += 1
            before = after
    return found


def left_behind(index: Path) -> set[str]:
    """The files of an index folder that its manifest doesn't name, but for that which keeps two builds apart."""
    manifest = json.dumps(read_manifest(index))
    names = {path.relative_to(index).as_posix() for path in index.rglob("*") if path.is_file()}
    return {name for name in names - {"manifest.json", ".lock"} if name.rsplit("/", 1)[-1] not in manifest}


def damages(count: int, dice: random.Random) -> Counter[str]:
    """Damages `count` copies of an index by a byte, and each file by more; what each said.

    A copy is opened in a process of its own, so that a crash is seen.
    """
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for edition in (0, 1):
            write_articles(folder / "articles", edition)
            if edition:
                # So that each of its files differs.
                (folder / "articles/sea.md").write_text("# About the sea\n\nThe sea is wide, and salt.\n", "utf-8")
                row = json.dumps({"words": "The sea is wide", "question": "how big is it"})
                (folder / "articles/sea.questions.jsonl").write_text(f"{row}\n", "utf-8")
            built(folder / "articles", folder / f"index-{edition}")
        whole = answers(folder / "index-0")
        files = sorted(
            path.relative_to(folder / "index-0") for path in (folder / "index-0").rglob("*") if path.is_file()
        )
        cases: list[tuple[str, Path, int]] = [
            ("a byte", dice.choice(files), dice.randrange(1 << 30)) for _ in range(count)
        ]
        cases += [(what, file, 0) for what in ("cut", "emptied", "gone", "swapped") for file in files]
        for first in range(0, len(cases), 50):
            batch = folder / "batch.json"
            batch.write_text(
                json.dumps([(what, str(file), place) for what, file, place in cases[first : first + 50]]), "utf-8"
            )
            (folder / "whole.json").write_text(whole, "utf-8")
            done = subprocess.run([sys.executable, __file__, "--damaged", str(folder)], capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"Damage crashed the process or gave a wrong answer:\n{done.stdout}{done.stderr}")
            found.update(json.loads(done.stdout.splitlines()[-1]))
    return found


def opened_damaged(folder: Path) -> None:
    """Opens a copy for each case of the batch and prints how many said what."""
    said: Counter[str] = Counter()
    whole = (folder / "whole.json").read_text("utf-8")
    for what, name, place in json.loads((folder / "batch.json").read_text("utf-8")):
        copy = folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder / "index-0", copy)
        damage(copy / name, next((folder / "index-1").rglob(Path(name).name)), what, place)
        try:
            same = answers(copy) == whole
        except GuideError as error:
            text = str(error)
            clear = "guide build" in text and Path(name).name in text
            said["refused, with the file and the command" if clear else f"refused: {what}: {text[:160]}"] += 1
        else:
            if not same:
                raise SystemExit(f"{name}, {what} at {place}: a wrong answer")
            said[f"answered as the whole one: {what} of {name.split('/')[-1]}"] += 1
    print(json.dumps(said))


def damage(file: Path, other: Path, what: str, place: int) -> None:
    """Changes `file`: a byte of it, its end, all of it, or for that of another index."""
    content = bytearray(file.read_bytes())
    if what == "a byte" and content:
        content[place % len(content)] ^= 1 + place % 255
        file.write_bytes(content)
    elif what == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif what == "emptied":
        file.write_bytes(b"")
    elif what == "gone":
        file.unlink()
    elif what == "swapped":
        shutil.copyfile(other, file)


def main() -> None:
    """Runs what is asked for and prints what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--flips", type=int, default=500)
    parser.add_argument("--build", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--damaged", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        built(*options.build)
    elif options.damaged:
        opened_damaged(options.damaged)
    else:
        dice = random.Random(20)  # noqa: S311 (the same moments and places in every run)
        print("killed:", dict(kills(options.kills, dice)))
        print("damaged:", json.dumps(damages(options.flips, dice), indent=1))


if __name__ == "__main__":
    main()
