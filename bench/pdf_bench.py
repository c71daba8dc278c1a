#!/usr/bin/python3
"""Puts hotich's PDFs beside those of the programs a user would take instead, on the same crops.

A peer makes what it makes; hotich is then asked for a PDF of at most as many bytes. Both are rendered
with poppler at 400 dpi, averaged down to 200 dpi, and compared in grey with the crop:
  GMSD     gradient magnitude similarity deviation (Xue et al. 2014), 0 = equal, lower is better
  MS-SSIM  multi-scale structural similarity (Wang et al. 2003), 1 = equal
"ahead" counts the crops on which hotich is better in both; "over" those on which the peer exceeds the
limit: such a PDF cannot be handed in, and is compared at its own bytes all the same. "floor" counts
those on which hotich is not ahead, but the GMSD of both is within 3 % of that of the crop itself in
a PDF, without any loss: what is left there is the renderer's, and who is ahead is chance.

Peers: JPEG quality 10 and img2pdf; ocrmypdf -O3; Otsu threshold, CCITT group 4 and img2pdf;
ImageMagick at the highest quality whose PDF fits. CPU seconds are user + system of all processes,
the median over the crops.
"""

import argparse
import collections
import json
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile

import cv2
import numpy as np

from usage import usage_of

PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}
# Where the viewer's own resampling does not hide the differences; a clerk's screen shows about 200.
RENDER_DPI = 400
SEEN_DPI = 200
FLOOR = 1.03

Made = collections.namedtuple("Made", "pdf cpu_s")
Seen = collections.namedtuple("Seen", "bytes gmsd ms_ssim cpu_s")


class Crop:
    """A picture as the peers get it: a file whose resolution is known."""

    def __init__(self, path, dpi):
        self.path = path
        self.dpi = dpi
        self.picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        grey = self.picture
        if grey.ndim == 3:
            grey = cv2.cvtColor(grey[:, :, :3], cv2.COLOR_BGR2GRAY)
        self.grey = grey


def made(out, *commands):
    total = 0.0
    for command in commands:
        usage = usage_of(command)
        if usage is None:
            return None
        total += usage.cpu_s
    return Made(out, total)


def wrap(crop, picture, out):
    dpi = f"{round(crop.dpi)}dpix{round(crop.dpi)}dpi"
    return ["img2pdf", picture, "--imgsize", dpi, "-o", out]


def jpeg_q10(crop, folder, _limit):
    jpeg, out = folder / "q10.jpg", folder / "q10.pdf"
    return made(out, ["convert", crop.path, "-quality", "10", jpeg], wrap(crop, jpeg, out))


def ocrmypdf(crop, folder, _limit):
    plain, out = folder / "plain.pdf", folder / "ocrmypdf.pdf"
    return made(out, wrap(crop, crop.path, plain),
                ["ocrmypdf", "-O3", "--tesseract-timeout", "0", "--output-type", "pdf", "-q",
                 "--jobs", "1", plain, out])


def group4(crop, folder, _limit):
    bits, tiff, out = folder / "bits.png", folder / "bits.tif", folder / "g4.pdf"
    smooth = cv2.GaussianBlur(crop.grey, (3, 3), 0)
    cv2.imwrite(str(bits), cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1])
    return made(out, ["convert", bits, "-monochrome", "-compress", "Group4", tiff],
                wrap(crop, tiff, out))


def imagemagick(crop, folder, limit):
    """Quality alone, by bisection; quality 1 where nothing fits."""
    jpeg, best, low, high, total = folder / "im.jpg", None, 1, 95, 0.0
    while low <= high or best is None:
        quality = max(1, (low + high) // 2)
        out = folder / f"im{quality}.pdf"
        result = made(out, ["convert", crop.path, "-quality", str(quality), jpeg],
                      wrap(crop, jpeg, out))
        if result is None:
            return None
        total += result.cpu_s
        if out.stat().st_size <= limit:
            best, low = out, quality + 1
        elif quality == 1:
            best = out
            break
        else:
            high = quality - 1
    return Made(best, total)


PEERS = {"jpeg q10": jpeg_q10, "ocrmypdf -O3": ocrmypdf, "group 4": group4,
         "imagemagick": imagemagick}


def hotich(command, crop, folder, limit):
    out = folder / "hotich.pdf"
    return made(out, [*command, crop.path, "-o", out, "--dpi", crop.dpi, "--limit-bytes", limit])


def render(pdf, folder):
    """Page 1 in grey at SEEN_DPI."""
    out = folder / "page"
    subprocess.run(["pdftoppm", "-gray", "-singlefile", "-r", str(RENDER_DPI), pdf, out],
                   check=True)
    page = cv2.imread(f"{out}.pgm", cv2.IMREAD_GRAYSCALE)
    share = SEEN_DPI / RENDER_DPI
    size = [max(1, round(side * share)) for side in page.shape[::-1]]
    return cv2.resize(page, size, interpolation=cv2.INTER_AREA)


def gmsd(a, b):
    contrast = 170  # of the original paper, for 8-bit pictures
    prewitt = np.array([[1, 0, -1]] * 3, np.float32) / 3

    def gradient(picture):
        half = cv2.resize(picture.astype(np.float32), None, fx=0.5, fy=0.5,
                          interpolation=cv2.INTER_AREA)
        return np.hypot(cv2.filter2D(half, -1, prewitt), cv2.filter2D(half, -1, prewitt.T))

    p, q = gradient(a), gradient(b)
    return float(((2 * p * q + contrast) / (p * p + q * q + contrast)).std())


def ms_ssim(a, b):
    weights = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
    least_side = 32  # a smaller picture has no coarser scale
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    a, b = a.astype(np.float32), b.astype(np.float32)
    result = 1.0

    def mean(picture):
        return cv2.GaussianBlur(picture, (11, 11), 1.5)

    for scale, weight in enumerate(weights):
        mean_a, mean_b = mean(a), mean(b)
        variances = mean(a * a) - mean_a**2 + mean(b * b) - mean_b**2
        structure = (2 * (mean(a * b) - mean_a * mean_b) + c2) / (variances + c2)
        last = scale == len(weights) - 1 or min(a.shape) < least_side
        if last:
            structure *= (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
            weight = sum(weights[scale:])
        result *= max(float(structure.mean()), 1e-6) ** weight
        if last:
            return result
        a, b = (cv2.resize(p, (p.shape[1] // 2, p.shape[0] // 2), interpolation=cv2.INTER_AREA)
                for p in (a, b))


def judge(crop, result, folder):
    page = render(result.pdf, folder)
    size = (min(page.shape[1], crop.grey.shape[1]), min(page.shape[0], crop.grey.shape[0]))
    a, b = (cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in (crop.grey, page))
    return Seen(result.pdf.stat().st_size, gmsd(a, b), ms_ssim(a, b), result.cpu_s)


def measure(crop, command, peers, limit):
    """{peer: (its Seen or None, ours at its bytes)}; under "hotich" ours at the limit, under "lossless"
    the Seen of the crop itself."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def ours(most):
            result = hotich(command, crop, folder, most)
            return judge(crop, result, folder) if result else None

        at_limit = ours(limit)
        png, lossless = folder / "crop.png", folder / "lossless.pdf"
        cv2.imwrite(str(png), crop.picture)
        floor = judge(crop, made(lossless, wrap(crop, png, lossless)), folder)
        found = {"lossless": (floor, None), "hotich": (None, at_limit)}
        for peer in peers:
            result = PEERS[peer](crop, folder, limit)
            seen = judge(crop, result, folder) if result else None
            # Ours at the limit may already be the answer.
            fits = seen and at_limit and at_limit.bytes <= seen.bytes <= limit
            found[peer] = (seen, at_limit if fits or not seen else ours(seen.bytes))
        return found


def at_floor(ours, theirs, floor):
    return bool(ours) and max(ours.gmsd, theirs.gmsd) <= FLOOR * floor.gmsd


def ahead(ours, theirs):
    return bool(ours) and (ours.bytes <= theirs.bytes and ours.gmsd < theirs.gmsd
                           and ours.ms_ssim > theirs.ms_ssim)


def print_table(rows, peers, limit):
    def median(values):
        return statistics.median(values) if values else float("nan")

    print(f"{len(rows)} crops, limit {limit} bytes")
    print(f"{'':14} {'bytes p50':>9} {'max':>8} {'over':>4} {'GMSD':>6} {'MS-SSIM':>7} {'CPU s':>6}"
          f"   {'hotich at its bytes: GMSD':>25} {'MS-SSIM':>7} {'ahead':>9} {'floor':>5}")
    for name in ["hotich", *peers]:
        pairs = [row[name] for _, row in rows]
        seen = [(ours if name == "hotich" else theirs) for theirs, ours in pairs]
        seen = [s for s in seen if s]
        line = (f"{name:14} {median([s.bytes for s in seen]):9.0f} "
                f"{max((s.bytes for s in seen), default=0):8} "
                f"{sum(s.bytes > limit for s in seen):4} {median([s.gmsd for s in seen]):6.4f} "
                f"{median([s.ms_ssim for s in seen]):7.4f} {median([s.cpu_s for s in seen]):6.2f}")
        if name != "hotich":
            mine = [ours for theirs, ours in pairs if theirs and ours]
            wins = sum(ahead(ours, theirs) for theirs, ours in pairs if theirs)
            floored = sum(at_floor(ours, theirs, row["lossless"][0]) and not ahead(ours, theirs)
                          for (theirs, ours), (_, row) in zip(pairs, rows) if theirs)
            line += (f"   {median([s.gmsd for s in mine]):25.4f} "
                     f"{median([s.ms_ssim for s in mine]):7.4f} {wins:4}/{len(seen):<4} {floored:5}")
            if len(seen) < len(pairs):
                line += f"  ({len(pairs) - len(seen)} without a PDF)"
        print(line)


def crops_of(paths, dpi):
    files = []
    for path in map(pathlib.Path, paths):
        files += sorted(path.rglob("*")) if path.is_dir() else [path]
    return [Crop(file, dpi) for file in files if file.suffix.lower() in PICTURES]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("crops", nargs="+", help="pictures of entries, or folders of them")
    parser.add_argument("--hotich", default="build/bin/hotich compress", help="the program and verb")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--limit-bytes", type=int, default=100_000)
    parser.add_argument("--dpi", type=float, default=300, help="resolution of the crops")
    parser.add_argument("--each", action="store_true", help="also a JSON line for each crop")
    options = parser.parse_args()
    for program in ("pdftoppm", "convert", "img2pdf", "ocrmypdf", "pngquant"):
        if not shutil.which(program):
            sys.exit(f"{program} is missing; ./dev bench installs it")
    rows = []
    for crop in crops_of(options.crops, options.dpi):
        row = measure(crop, shlex.split(options.hotich), options.peers, options.limit_bytes)
        rows.append((crop.path, row))
        if options.each:
            plain = {name: [s._asdict() if s else None for s in pair] for name, pair in row.items()}
            print(json.dumps({"crop": str(crop.path), **plain}), flush=True)
    if not rows:
        sys.exit("no pictures among " + " ".join(options.crops))
    print_table(rows, options.peers, options.limit_bytes)


if __name__ == "__main__":
    main()
