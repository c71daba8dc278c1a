"""Fits the curves of confidence of ocr/line/confidence.cc to a network, and shows what reading is worth by kind.

usage: fit_confidence.py HOTICH LINES_DIR ... [--folded-lines DIR ...] [--kinds text place] [--hand handwritten]

Every line is read by `HOTICH read-line`, the validation part to fit on, the test part to judge. Of each kind the
curve's outcome is stretched and moved (Platt), which is the same as new numbers in the curve: those are printed,
ready to be put into confidence.cc. Then by kind and folder, on the test part: CER of the first candidate and of the
best of four, share exactly right, calibration error (over tenths of confidence) before and after, what it comes to by
chance where every confidence is true, and how much can be taken at 98 % precision.
Folders of --folded-lines are compared without case and punctuation, as their labels are; so what the reader says of
such a line is the sum of the candidates that are alike without them.

Run it on lines that the network was not trained on, after each training; needs no PyTorch run, only the built program.
"""

import argparse
import json
import math
import random
import re
import subprocess
from pathlib import Path

import alphabet
import data
from distance import edit_distance

PRECISION = 0.98
FEWEST_LINES = 50
LONGEST_STEP = 0.5  # of Newton's, or it runs away where the curve is flat
CHANCES = 400
CANDIDATES, BEST = 10, 4
CURVES = Path(__file__).resolve().parents[2] / "ocr/line/confidence.cc"


def read(hotich, paths, kind, hand):
    """The candidates of each picture."""
    command = [hotich, "read-line", "--hand", hand, "--kind", kind, "--nbest", str(CANDIDATES), "-"]
    done = subprocess.run(command, input="".join(f"{p}\n" for p in paths), capture_output=True, text=True)
    answers = [json.loads(row) for row in done.stdout.splitlines()]
    assert len(answers) == len(paths), f"{len(answers)} answers to {len(paths)} pictures: {done.stderr[-300:]}"
    return [answer.get("candidates") or [{"text": "", "confidence": 0}] for answer in answers]


def readings(options, kind, part):
    rows = []
    for folder, folded in options.all_folders:
        lines = [line for line in data.read_labels(folder, folded)
                 if part in (data.part_of(folder.name, line.sheet), "all")]
        same = alphabet.fold if folded else alphabet.normalize
        answers = read(options.hotich, [folder / line.name for line in lines], kind, options.hand)
        for line, candidates in zip(lines, answers):
            truth = same(line.text)
            errors = [edit_distance(truth, same(c["text"])) for c in candidates[:BEST]]
            said = sum(c["confidence"] for c in candidates if same(c["text"]) == same(candidates[0]["text"]))
            rows.append({"folder": folder.name, "right": errors[0] == 0, "first": errors[0], "best": min(errors),
                         "letters": len(truth), "p": min(max(said, 1e-6), 1 - 1e-6)})
    return rows


def logit(p):
    return math.log(p / (1 - p))


def sigmoid(x):
    return 1 / (1 + math.exp(-max(-30, min(30, x))))


def stretch_and_move(rows):
    """The a and b by which 1 / (1 + exp(-(a * logit(p) + b))) fits the rows best; by Newton."""
    a, b = 1.0, 0.0
    for _ in range(100):
        da = db = aa = ab = bb = 1e-9
        for row in rows:
            x = logit(row["p"])
            q = sigmoid(a * x + b)
            off, weight = q - row["right"], q * (1 - q)
            da, db = da + off * x, db + off
            aa, ab, bb = aa + weight * x * x, ab + weight * x, bb + weight
        determinant = aa * bb - ab * ab
        step_a, step_b = (bb * da - ab * db) / determinant, (aa * db - ab * da) / determinant
        shorter = max(1, abs(step_a) / LONGEST_STEP, abs(step_b) / LONGEST_STEP)
        a, b = a - step_a / shorter, b - step_b / shorter
    return a, b


def calibration_error(rows, key):
    parts = [[0.0, 0] for _ in range(10)]
    for row in rows:
        part = parts[min(9, int(row[key] * 10))]
        part[0] += row[key]
        part[1] += row["right"]
    return sum(abs(said - right) for said, right in parts) / max(1, len(rows))


def chance_error(rows, key):
    """The calibration error that so many lines show on average where every confidence is true."""
    chance = random.Random(1)
    return sum(calibration_error([{key: row[key], "right": chance.random() < row[key]} for row in rows], key)
               for _ in range(CHANCES)) / CHANCES


def coverage(rows, key):
    """Largest share that can be taken from the surest down with PRECISION of it right."""
    right = taken = 0
    for number, row in enumerate(sorted(rows, key=lambda r: -r[key]), 1):
        right += row["right"]
        if right >= PRECISION * number:
            taken = number
    return taken / max(1, len(rows))


def report(kind, name, rows):
    letters = sum(r["letters"] for r in rows)
    print(f"{kind}\t{name}\t{len(rows)}\t{100 * sum(r['first'] for r in rows) / letters:.1f} %\t"
          f"{100 * sum(r['best'] for r in rows) / letters:.1f} %\t{100 * sum(r['right'] for r in rows) / len(rows):.1f} %\t"
          f"{calibration_error(rows, 'p'):.3f}\t{calibration_error(rows, 'new'):.3f}\t{chance_error(rows, 'new'):.3f}\t{100 * coverage(rows, 'new'):.1f} %")


LISTED = {"sex", "ethnic", "nationality"}
OWN_CURVES = {"place": "Place", "name": "Name", "date": "Date", "number": "Number", "identity": "Identity", "title": "Title",
              "date_words": "DateWords"}


def curve_name(kind, hand):
    if kind in LISTED or (kind == "relation" and hand == "typed"):
        name = "Word"
    else:
        name = "Relation" if kind == "relation" else OWN_CURVES.get(kind, "")
    return ("kTyped" if hand == "typed" else "kHandwritten") + name


def new_numbers(name, a, b):
    """Stretching and moving the outcome is the same as these numbers in the curve."""
    found = re.search(rf"constexpr Curve {name}\{{([^}}]*)\}}", CURVES.read_text(encoding="utf-8"))
    assert found, f"no curve {name} in {CURVES}"
    constant, *slopes = [float(number) for number in found[1].split(",")]
    return ", ".join(f"{number:.3g}" for number in [a * constant + b, *(a * slope for slope in slopes)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hotich", help="the built program, build/bin/hotich")
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--folded-lines", nargs="+", default=[])
    parser.add_argument("--kinds", nargs="+", default=["text", "place"])
    parser.add_argument("--hand", choices=["handwritten", "typed"], default="handwritten")
    parser.add_argument("--fit-part", choices=["train", "validation"], default="validation",
                        help="train: many more lines, better where the network reads them nearly like others; look at the error on the test part")
    options = parser.parse_args()
    options.all_folders = [(Path(f).resolve(), False) for f in options.folders]
    options.all_folders += [(Path(f).resolve(), True) for f in options.folded_lines]

    table = []
    for kind in options.kinds:
        fitted_on = readings(options, kind, options.fit_part)
        assert len(fitted_on) >= FEWEST_LINES, f"{len(fitted_on)} lines to fit on are too few"
        a, b = stretch_and_move(fitted_on)
        judged = readings(options, kind, "test")
        for row in judged:
            row["new"] = sigmoid(a * logit(row["p"]) + b)
        name = curve_name(kind, options.hand)
        print(f"{kind}: constexpr Curve {name}{{{new_numbers(name, a, b)}}};  // on {len(fitted_on)} lines")
        table.append((kind, judged))
    print("\nkind\tlines of\tnumber\tCER\tbest of 4\texact\terror\trefitted\tby chance\ttaken at 98 %")
    for kind, judged in table:
        for folder in dict.fromkeys(row["folder"] for row in judged):
            report(kind, folder, [row for row in judged if row["folder"] == folder])
        report(kind, "all", judged)


if __name__ == "__main__":
    main()
