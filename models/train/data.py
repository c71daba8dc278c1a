"""Lines to train and measure on: read, split by writer, distorted, batched.

A folder of lines holds pictures and labels.tsv (columns file, sheet, text), which is also what `hotich export` gives.
The split never parts a sheet, since one hand on both sides would flatter the figures: a fixed hash of folder and sheet
gives one sheet in ten to `test` and one to `validation`. Where the sheet is not known, 20 labels in a row count as one.

Batch number k is a function of the seed and k alone, so a resumed run sees what an unbroken one would have seen.
"""

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
from torch.nn.functional import avg_pool2d, grid_sample, interpolate, max_pool2d

import alphabet
import picture

BLOCK_WITHOUT_SHEET = 20
PARTS = 10
# Lines are kept at this height: finer than the network sees, so that distortion costs nothing.
KEPT_HEIGHT_PX = 60
# Lines of neighbouring length that a batch is drawn from, in batches.
WINDOW_BATCHES = 8


@dataclass
class Line:
    name: str
    sheet: str
    text: str
    folded: bool  # the label leaves out punctuation and case
    picture: numpy.ndarray = None


def part_of(folder_name, sheet):
    number = int(hashlib.sha1(f"{folder_name}/{sheet}".encode()).hexdigest(), 16) % PARTS
    return {0: "test", 1: "validation"}.get(number, "train")


def read_labels(folder, folded=False):
    """All lines of a folder, without pictures; those with letters that we cannot write are left out."""
    rows = (Path(folder) / "labels.tsv").read_text(encoding="utf-8").splitlines()
    head = rows[0].split("\t")
    lines = []
    for number, row in enumerate(rows[1:]):
        cells = dict(zip(head, row.split("\t")))
        sheet = cells.get("sheet") or f"block{number // BLOCK_WITHOUT_SHEET}"
        text = alphabet.normalize(cells["text"])
        if text and alphabet.encode(text) is not None:
            lines.append(Line(cells["file"], sheet, text, folded))
    return lines


def _kept(path):
    grey = picture.clean(picture.load(path))
    return picture.scale_to_height(grey, KEPT_HEIGHT_PX) if grey.shape[0] > KEPT_HEIGHT_PX else grey


def read_folder(folder, part, folded=False, cache=None):
    """Lines of one part with their cleaned pictures. `cache`: a folder that keeps the pictures between runs."""
    folder = Path(folder)
    lines = [line for line in read_labels(folder, folded) if part_of(folder.name, line.sheet) == part]
    kept_at = cache and Path(cache) / f"{folder.name}-{part}.npz"
    if kept_at and kept_at.exists():
        with numpy.load(kept_at) as pictures:
            if all(line.name in pictures for line in lines):
                for line in lines:
                    line.picture = pictures[line.name]
                return lines
    for line in lines:
        line.picture = _kept(folder / line.name)
    if kept_at:
        kept_at.parent.mkdir(parents=True, exist_ok=True)
        numpy.savez(kept_at, **{line.name: line.picture for line in lines})
    return lines


def _smooth(rng, rows, columns, height, width):
    """A random surface of standard deviation 1 with bumps about height/rows and width/columns wide."""
    coarse = torch.from_numpy(rng.standard_normal((1, 1, rows, columns), numpy.float32))
    return interpolate(coarse, (height, width), mode="bicubic", align_corners=True)[0, 0]


def _warp(grey, rng):
    """Slant, size, stretch, turn, waves, loose or tight cut: one resampling."""
    h, w = grey.shape[-2:]
    zoom = KEPT_HEIGHT_PX / h * rng.uniform(0.72, 1.0)
    stretch = math.exp(rng.normal(0, 0.13))
    out_h, out_w = KEPT_HEIGHT_PX, max(24, int(w * zoom * stretch) + int(rng.integers(2, 24)))
    slant, turn = rng.normal(0, 0.18), rng.normal(0, 0.006)
    # A little may be cut off above or below; more often there is air.
    shift = rng.uniform(-0.5, 0.5) * (out_h - h * zoom) * 1.2
    ys = torch.arange(out_h)[:, None] - (out_h - 1) / 2 - shift
    xs = torch.arange(out_w)[None, :] - (out_w - 1) / 2
    bumps = max(2, out_w // 30)
    waves = rng.uniform(0, 1.6)
    ys_in = (ys + turn * xs + waves * _smooth(rng, 3, bumps, out_h, out_w)) / zoom
    xs_in = (xs + slant * ys + 1.3 * waves * _smooth(rng, 3, bumps, out_h, out_w)) / (zoom * stretch)
    grid = torch.stack([xs_in * 2 / w, ys_in * 2 / h], -1)[None].float()
    return 255 - grid_sample(255 - grey, grid, align_corners=False)


def _pen(grey, rng):
    """Thicker or thinner strokes, blur, faint ink, grain."""
    kind = rng.uniform()
    if kind < 0.25:
        grey = torch.lerp(grey, -max_pool2d(-grey, 3, 1, 1), rng.uniform(0.2, 0.9))
    elif kind < 0.45:
        grey = torch.lerp(grey, max_pool2d(grey, 3, 1, 1), rng.uniform(0.1, 0.5))
    if rng.uniform() < 0.3:
        grey = torch.lerp(grey, avg_pool2d(grey, 3, 1, 1, count_include_pad=False), rng.uniform(0.3, 1))
    if rng.uniform() < 0.5:
        faint = rng.uniform(0.35, 1) * (1 + 0.25 * _smooth(rng, 2, 6, *grey.shape[-2:]))
        grey = 255 - (255 - grey) * faint.clamp(0.2, 1)
    if rng.uniform() < 0.4:
        grain = rng.standard_normal(tuple(grey.shape), numpy.float32)
        grey = grey + rng.uniform(2, 16) * torch.from_numpy(grain)
    return grey


def distort(grey, rng):
    """A line as another pen, slant and camera would have given it; uint8, KEPT_HEIGHT_PX high."""
    tensor = torch.from_numpy(grey.astype(numpy.float32))[None, None]
    result = _pen(_warp(tensor, rng), rng)
    return result[0, 0].clamp(0, 255).round().to(torch.uint8).numpy()


# White to the right of the shorter lines of a batch: just a wider picture to the network, so nothing needs masking.
def collate(pictures, height):
    """Network inputs [batch, 1, height, width] of uint8 pictures, clipped as the int8 network clips."""
    scaled = [picture.scale_to_height(p, height) for p in pictures]
    width = max(p.shape[1] for p in scaled)
    batch = torch.ones(len(scaled), 1, height, width)
    for row, one in zip(batch, scaled):
        padded = numpy.full((height, width), 255, numpy.uint8)
        padded[:, :one.shape[1]] = one
        row[0] = torch.from_numpy(picture.network_input(padded, height)).clamp(-1, 1)
    return batch


class Batches(torch.utils.data.Dataset):
    """Batch k for k from `first`: (inputs, texts, folded flags)."""

    def __init__(self, lines, writer, options, first, count):
        self.lines = sorted(lines, key=lambda line: (len(line.text), line.name))
        self.lengths = numpy.array([len(line.text) for line in self.lines])
        self.writer, self.options, self.first, self.count = writer, options, first, count

    def __len__(self):
        return self.count

    def _longest(self, k):
        """Characters a line may have so early in the training: short lines teach the alignment."""
        for until, characters in self.options.short_first:
            if k < until:
                return characters
        return 10_000

    def _real(self, rng, longest):
        size = self.options.batch
        usable = max(size, int(numpy.searchsorted(self.lengths, longest + 1)))
        window = min(usable, WINDOW_BATCHES * size)
        start = int(rng.integers(0, usable - window + 1))
        return [self.lines[start + i] for i in rng.choice(window, size, replace=False)]

    def _drawn(self, rng, longest):
        """Texts of one length of many drawn, so that a batch holds little white."""
        size = self.options.batch
        texts = sorted((self.writer.text(rng) for _ in range(4 * size)), key=len)
        texts = [t for t in texts if len(t) <= longest] or [t[:longest].strip() for t in texts]
        start = int(rng.integers(0, max(1, len(texts) - size + 1)))
        return [self.writer.line(text, rng) for text in texts[start:start + size]]

    def __getitem__(self, index):
        torch.set_num_threads(1)
        k = self.first + index
        rng = numpy.random.default_rng([self.options.seed, k])
        drawn = self.writer is not None and rng.uniform() < self.options.synthetic
        lines = (self._drawn if drawn or not self.lines else self._real)(rng, self._longest(k))
        inputs = collate([distort(line.picture, rng) for line in lines], self.options.height)
        return inputs, [line.text for line in lines], [line.folded for line in lines]
