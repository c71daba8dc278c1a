#!/usr/bin/python3
"""Puts hotich's way from a capture to flat crops beside what a user would take to straighten pages.

usage: page_bench.py [--form FORM] SPREAD.jpg ...

hotich finds pages and entries and cuts the entries; unpaper splits the spread in its middle, deskews and cleans
(its files are PNM, made outside of the measurement); ocrmypdf only deskews. Neither peer finds entries, nor takes
perspective or curl out. CPU seconds of whole processes with start and files read and written, medians; peak memory
of the largest.
"""

import argparse
import pathlib
import statistics
import subprocess
import tempfile

from usage import usage_of

ROOT = pathlib.Path(__file__).resolve().parent.parent


def ways(spread, form, out):
    """Name and command of each way."""
    pnm = out / "spread.ppm"
    subprocess.run(["convert", spread, pnm], check=True)
    yield "hotich split", [ROOT / "build/bin/hotich", "split", "--form", form, "--out", out / "crops", spread]
    yield "hotich split, nothing cut", [ROOT / "build/bin/hotich", "split", "--form", form, spread]
    yield "unpaper", ["unpaper", "--overwrite", "--layout", "double", "--output-pages", "2", "--dpi", "300", pnm,
                      out / "page%d.ppm"]
    yield "ocrmypdf --deskew", ["ocrmypdf", "--tesseract-timeout", "0", "--deskew", "--jobs", "1", "--image-dpi", "300",
                                spread, out / "page.pdf"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--form", default="auto", help="as `hotich split` takes it")
    parser.add_argument("spreads", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    cost = {}
    for spread in options.spreads:
        with tempfile.TemporaryDirectory() as folder:
            for name, command in ways(spread, options.form, pathlib.Path(folder)):
                usage = usage_of(command)
                cost.setdefault(name, [])
                if usage is None:
                    print(f"  {name} failed on {spread.name}")
                else:
                    cost[name].append(usage)
    for name, usages in cost.items():
        if usages:
            print(f"  {name:26} {statistics.median(u.cpu_s for u in usages):6.2f} s a spread"
                  f" {max(u.peak_mb for u in usages):7.0f} MB  ({len(usages)} of {len(options.spreads)})")


if __name__ == "__main__":
    main()
