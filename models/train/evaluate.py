"""Measures a traineddata through Tesseract itself, on the held-out sheets of line folders.

usage: evaluate.py MODEL.traineddata DIR ... [--part test] [--psm 13] [--confusions 20]

Prints character error rates: as labelled, folded (case and punctuation out), and time a line on one core.
Pictures are cleaned as in training (picture.clean); --raw shows them as they are, for models trained elsewhere.
"""

import argparse
import collections
import os
import subprocess
import tempfile
import time
from pathlib import Path

from PIL import Image

import alphabet
import data
import picture
from distance import aligned, edit_distance


def read_by_tesseract(model, pictures, psm):
    """Texts of pictures, by one call of tesseract on one thread, and seconds a picture."""
    model = Path(model).resolve()
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, grey in enumerate(pictures):
            paths.append(f"{folder}/{number}.png")
            Image.fromarray(grey).save(paths[-1], compress_level=1)
        Path(folder, "list.txt").write_text("\n".join(paths) + "\n")
        command = ["tesseract", f"{folder}/list.txt", f"{folder}/out", "--tessdata-dir", str(model.parent), "-l",
                   model.name.removesuffix(".traineddata"), "--psm", str(psm), "-c", "tessedit_do_invert=0"]
        started = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
        seconds = time.monotonic() - started
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
        texts = Path(folder, "out.txt").read_text(encoding="utf-8").split("\f")
    # Some builds put the page mark between readings, some after each.
    if len(texts) == len(pictures) + 1 and not texts[-1].strip():
        texts.pop()
    assert len(texts) == len(pictures), f"tesseract gave {len(texts)} readings of {len(pictures)} pictures"
    return texts, seconds / max(1, len(pictures))


def rate(pairs):
    return sum(edit_distance(w, g) for w, g in pairs) / max(1, sum(len(w) for w, _ in pairs))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--part", choices=["train", "validation", "test", "all"], default="test")
    parser.add_argument("--psm", type=int, default=13)
    parser.add_argument("--raw", action="store_true", help="pictures as they are, not cleaned")
    parser.add_argument("--confusions", type=int, default=0, help="list the N commonest wrong letters")
    options = parser.parse_args()

    wrong = collections.Counter()
    print("set\tlines\tCER\tCER folded\texact\tms a line")
    for folder in map(Path, options.folders):
        lines = [line for line in data.read_labels(folder)
                 if options.part in ("all", data.part_of(folder.name, line.sheet))]
        pictures = [picture.load(folder / line.name) for line in lines]
        pictures = pictures if options.raw else [picture.clean(p) for p in pictures]
        texts, seconds = read_by_tesseract(options.model, pictures, options.psm)
        pairs = [(line.text, alphabet.normalize(text)) for line, text in zip(lines, texts)]
        folded = [(alphabet.fold(w), alphabet.fold(g)) for w, g in pairs]
        exact = sum(w == g for w, g in pairs) / max(1, len(pairs))
        print(f"{folder.name}\t{len(lines)}\t{rate(pairs):.4f}\t{rate(folded):.4f}\t{exact:.3f}\t{1000 * seconds:.0f}",
              flush=True)
        if options.confusions:
            wrong.update(pair for w, g in pairs for pair in aligned(w, g) if pair[0] != pair[1])
    for (want, got), count in wrong.most_common(options.confusions):
        print(f"{count}\t{want or '(nothing)'} read as {got or '(nothing)'}")


if __name__ == "__main__":
    main()
