#!/usr/bin/env python3
"""Draws pages of every form and counts how often `hotich split --form auto` names the right one.

    samples/tell_forms_apart.py --build build --seeds 901-903 --wear 0.3 0.6 --of-no-form PICTURE ...

Each page is drawn flat and from overhead. It is looked at twice: with all forms, and with its own
form left out, where "unknown" alone is right. Prints one line a miss and a sum; misses are no failure
of the program.
"""
import argparse
import collections
import itertools
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

# A flatbed scan at the resolution at which forms are looked for; a camera of 15 megapixels over an
# opened book of A2, which knows no resolution.
DPI = {"flatbed": 150, "overhead": 200}


def seeds(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def named(hotich, models, pictures):
    """What `split` calls each picture."""
    run = subprocess.run([hotich, "split", "--models", models, *pictures],
                         stdout=subprocess.PIPE, text=True, check=False)
    lines = map(json.loads, run.stdout.splitlines())
    return {line["image"]: line.get("form", "error") for line in lines}


def draw(samples, form, view, wear, seed, out):
    folder = out / f"{form}-{view}-{wear}-{seed}"
    subprocess.run([samples, "--form", form, "--captures", "1", "--seed", str(seed), "--hand", "mixed",
                    "--view", view, "--wear", str(wear), "--dpi", str(DPI[view]), "--out", folder],
                   check=True)
    return str(folder / f"{form}-0001.jpg")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default="build")
    parser.add_argument("--seeds", type=seeds, default="1-2")
    parser.add_argument("--wear", nargs="+", type=float, default=[0.3, 0.8])
    parser.add_argument("--forms", nargs="+", help="default: all")
    parser.add_argument("--of-no-form", nargs="+", default=[], help="pictures to call unknown")
    options = parser.parse_args()
    hotich, samples = (options.build / "bin" / name for name in ("hotich", "hotich-samples"))
    models = pathlib.Path(__file__).resolve().parent.parent / "models"
    forms = options.forms or sorted(path.stem for path in (models / "forms").glob("*.textproto"))
    counts = collections.Counter()

    def count(picture, expected, got, question):
        counts[question, "right" if got == expected else "unknown" if got == "unknown" else "wrong"] += 1
        if got != expected:
            print(f"{question}: {picture} is {expected}, named {got}", flush=True)

    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for form in forms:
            views = itertools.product(options.seeds, DPI, options.wear)
            pictures = [draw(samples, form, view, wear, seed, scratch) for seed, view, wear in views]
            for picture, got in named(hotich, models, pictures).items():
                count(picture, form, got, "among all forms")
            others = scratch / "models"
            shutil.copytree(models, others, ignore=shutil.ignore_patterns(form + ".textproto", "train"))
            for picture, got in named(hotich, others, pictures).items():
                count(picture, "unknown", got, "own form left out")
            shutil.rmtree(others)
        if options.of_no_form:
            for picture, got in named(hotich, models, options.of_no_form).items():
                count(picture, "unknown", got, "of no form")
    for (question, answer), number in sorted(counts.items()):
        print(f"{question}: {number} {answer}")


if __name__ == "__main__":
    sys.exit(main())
