"""Builds the character language models of models/language: one small file a kind of field.

usage: language.py OUT_DIR [--kinds name place ...]

A model is an n-gram trie over characters. Probabilities are interpolated after Witten and Bell (1991); n-grams that
change little are left out after Stolcke (1998), so that long contexts stay where they decide (which district a commune
lies in) and go where they do not. Same sources, same bytes.

File, little endian: "HOTICHLM", u32 version, u32 characters, u32 nodes, u32 order; the characters as u32, the first of
them 0 for both ends of a line; then one node of four bytes after the other, level by level, children together and in the order
of their parents: character, -log P in 1/16, -log of the back-off weight in 1/16, number of children. Node 0 is the root.
"""

import argparse
import struct
from pathlib import Path

import numpy

import alphabet
import phrases

VERSION = 1
STEP = 1 / 16  # of a natural logarithm
# Contexts are mixed with shorter ones by at least this share: what is drawn here is not all that is ever written.
LEAST_ESCAPE = 0.02

# Kind: (lines drawn, longest n-gram, least gain that keeps an n-gram, in nats over all its occurrences).
RECIPE = {
    "name": (60_000, 9, 3.0),
    "place": (60_000, 16, 8.0),
    "date": (30_000, 7, 3.0),
    "date_words": (30_000, 10, 3.0),
    "number": (30_000, 6, 3.0),
    "relation": (10_000, 12, 3.0),
    "title": (60_000, 12, 3.0),
    "word": (20_000, 12, 3.0),
    "text": (90_000, 7, 4.0),
}
PLACE_ROUNDS = 3  # so often every commune of the list comes up
# What stands for "as above" in ledgers, with shares of the fields of each kind in which columns repeat themselves.
DITTO_KINDS = {"place", "relation", "title", "word", "text"}
DITTOS = {"″": 0.015, '"': 0.015, "-nt-": 0.01, "nt": 0.01}


def corpus(kind, seed=1):
    source = phrases.Phrases(seed)
    lines = [getattr(source, kind)() for _ in range(RECIPE[kind][0])]
    if kind == "place":
        for _ in range(PLACE_ROUNDS):
            lines += source.all_places()
    if kind in DITTO_KINDS:
        drawn = len(lines)
        for mark, share in DITTOS.items():
            lines += [mark] * round(share * drawn)
    lines = (alphabet.normalize(line) for line in lines)
    return [line for line in lines if line and alphabet.encode(line) is not None]


class Level:
    """All n-grams of one length."""

    def __init__(self, symbols, counts, parents, suffixes):
        self.symbols, self.counts, self.parents, self.suffixes = symbols, counts, parents, suffixes


def count_levels(lines, characters, order):
    """Levels 1 to `order`. Once-seen n-grams of four and more characters are left out."""
    code = {c: i for i, c in enumerate(characters)}
    flat = []
    for line in lines:
        flat.append(0)
        flat += [code[c] for c in line]
        flat.append(0)
    text = numpy.array(flat, numpy.int64)
    starts = numpy.concatenate([[True], (text[1:] == 0) & (text[:-1] == 0)])
    levels = []
    ids = text.copy()  # of the n-gram that ends here; -1 = none
    counts = numpy.bincount(text[~starts], minlength=len(characters)).astype(float)
    levels.append(Level(numpy.arange(len(characters)), counts, numpy.zeros(len(characters), int), None))
    ends = (text == 0) & ~starts
    for n in range(2, order + 1):
        before = numpy.concatenate([[-1], ids[:-1]])
        usable = (before >= 0) & ~starts & (ids >= 0)
        usable[1:] &= ~ends[:-1]
        at = numpy.flatnonzero(usable)
        keys, first, inverse, seen = numpy.unique(before[at] * 256 + text[at], return_index=True, return_inverse=True,
                                                  return_counts=True)
        kept = seen >= (2 if n >= 4 else 1)
        renumber = numpy.where(kept, numpy.cumsum(kept) - 1, -1)
        suffixes = ids[at[first]]
        ids = numpy.full(len(text), -1)
        ids[at] = renumber[inverse]
        levels.append(Level(keys[kept] % 256, seen[kept].astype(float), keys[kept] // 256, suffixes[kept]))
    return levels


def smooth(levels):
    """Probability of each n-gram given its context, and the share that each context leaves to shorter ones."""
    total = levels[0].counts.sum()
    levels[0].p = (levels[0].counts + 0.5) / (total + 0.5 * len(levels[0].counts))
    for context, level in zip(levels, levels[1:]):
        size = len(context.symbols)
        seen = numpy.bincount(level.parents, level.counts, size)
        types = numpy.bincount(level.parents, minlength=size)
        escape = numpy.maximum(types / numpy.maximum(seen + types, 1), LEAST_ESCAPE)
        escape[seen == 0] = 1
        shorter = context.p[level.suffixes] if context is levels[0] else context.p[level.suffixes]
        level.p = (1 - escape[level.parents]) * level.counts / seen[level.parents] + escape[level.parents] * shorter
        context.escape = escape


def prune(levels, least_gain):
    """Marks n-grams worth keeping, their beginnings and their ends."""
    for level in levels:
        level.kept = numpy.zeros(len(level.symbols), bool)
    levels[0].kept[:] = True
    for n in range(len(levels) - 1, 0, -1):
        level, context = levels[n], levels[n - 1]
        backed_off = context.escape[level.parents] * context.p[level.suffixes]
        level.kept |= level.counts * numpy.log(level.p / backed_off) > least_gain
        context.kept[level.parents[level.kept]] = True
        context.kept[level.suffixes[level.kept]] = True
    for level in levels:
        level.place = numpy.where(level.kept, numpy.cumsum(level.kept) - 1, -1)
    slim = [Level(levels[0].symbols, levels[0].counts, levels[0].parents, None)]
    slim[0].p = levels[0].p
    for context, level in zip(levels, levels[1:]):
        k = level.kept
        fresh = Level(level.symbols[k], level.counts[k], context.place[level.parents[k]], context.place[level.suffixes[k]])
        fresh.p = level.p[k]
        slim.append(fresh)
    return slim


def back_off(levels):
    """Weights that make each context's probabilities add up to one."""
    for context, level in zip(levels, levels[1:]):
        size = len(context.symbols)
        own = numpy.bincount(level.parents, level.p, size)
        shorter = numpy.bincount(level.parents, context.p[level.suffixes], size)
        context.weight = numpy.clip(1 - own, 1e-4, 1) / numpy.clip(1 - shorter, 1e-4, 1)
        context.children = numpy.bincount(level.parents, minlength=size)
    levels[-1].weight = numpy.ones(len(levels[-1].symbols))
    levels[-1].children = numpy.zeros(len(levels[-1].symbols), int)


def _quantized(share):
    return numpy.clip(numpy.round(-numpy.log(share) / STEP), 0, 255).astype(numpy.uint8)


def written(levels, characters):
    nodes = [numpy.array([[0, 0, 0, len(levels[0].symbols)]], numpy.uint8)]
    order_of_parents = numpy.zeros(1, int)  # place in the file of each node of the level before
    for n, level in enumerate(levels):
        order = numpy.lexsort((level.symbols, order_of_parents[level.parents]))
        place = numpy.empty(len(order), int)
        place[order] = numpy.arange(len(order))
        nodes.append(numpy.stack([level.symbols, _quantized(level.p), _quantized(level.weight), level.children], 1)[order]
                     .astype(numpy.uint8))
        order_of_parents = place
    body = numpy.concatenate(nodes)
    head = b"HOTICHLM" + struct.pack("<IIII", VERSION, len(characters), len(body), len(levels))
    return head + struct.pack(f"<{len(characters)}I", 0, *map(ord, characters[1:])) + body.tobytes()


def build(kind):
    lines = corpus(kind)
    # Every character the networks write, so that nothing read is impossible.
    characters = ["\0"] + alphabet.CHARACTERS
    assert len(characters) <= 255
    levels = count_levels(lines, characters, RECIPE[kind][1])
    smooth(levels)
    levels = prune(levels, RECIPE[kind][2])
    back_off(levels)
    return written(levels, characters)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--kinds", nargs="*", default=list(RECIPE))
    options = parser.parse_args()
    Path(options.out).mkdir(parents=True, exist_ok=True)
    for kind in options.kinds:
        data = build(kind)
        Path(options.out, f"{kind}.lm").write_bytes(data)
        print(f"{kind}\t{len(data)} bytes", flush=True)


if __name__ == "__main__":
    main()
