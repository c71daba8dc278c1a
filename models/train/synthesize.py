"""Drawn lines: the values of register fields in handwriting and typewriter faces, on leaders and rulings.

They bring what no collection of real lines has: names by their frequency, dates in digits and in words, places, ethnic
groups, relations, titles, numbers with their year, ages, ditto marks, every letter with every tone, and letters of
minority names (phrases.py), and running text of files that are named. All persons are put together at random.
"""

from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFont

import alphabet
import phrases
import picture
from data import Line

HERE = Path(__file__).resolve().parent
FONTS = [str(HERE.parent.parent / "samples" / "fonts")]
# Drawn at about this height of a capital, then cut and distorted as real lines are.
FONT_PX = (34, 46)
# Faces of type are .otf files, of handwriting .ttf files; so many lines are typed, however many faces there are of each.
TYPED_SHARE = 0.4
KINDS = {"name": 0.30, "place": 0.20, "date": 0.10, "date_words": 0.10, "number": 0.08, "relation": 0.03, "title": 0.04,
         "word": 0.03, "text": 0.08}
DITTO_MARKS = ["″", "″ ″", "-nt-", '"', "- nt -"]
# Of the texts that a form has no room for in one line.
WRAPPED_SHARE = 0.2
# Of running text, where there is any: characters of a line, and the share of lines.
PROSE_CHARACTERS = (15, 75)
PROSE_SHARE = 0.2


def _pick(rng, values, weights=None):
    return values[int(rng.choice(len(values), p=weights))]


class Writer:
    """Texts of fields, and their pictures in the fonts of some folders. `prose`: text files that lines are taken from."""

    def __init__(self, font_folders, prose=()):
        self.phrases = phrases.Phrases()
        self.kinds, weights = list(KINDS), numpy.array(list(KINDS.values()))
        self.weights = weights / weights.sum()
        self.prose = [word for path in prose for word in Path(path).read_text(encoding="utf-8").split()]
        fonts = [path for folder in font_folders for path in sorted(Path(folder).iterdir())]
        self.typed = [path for path in fonts if path.suffix == ".otf"]
        self.hands = [path for path in fonts if path.suffix == ".ttf"]
        assert self.typed or self.hands, f"no .ttf or .otf in {font_folders}"
        self._faces = {}

    # Texts.

    def _any_letters(self, rng):
        """Syllables of no language: every character comes up, so none is unknown to the network."""
        words = []
        for _ in range(int(rng.integers(1, 5))):
            word = "".join(_pick(rng, alphabet.CHARACTERS[1:]) for _ in range(int(rng.integers(1, 6))))
            words.append(word.upper() if rng.uniform() < 0.2 else word)
        return " ".join(words)

    def _prose(self, rng):
        """A line of running text, broken between words as a page breaks it."""
        at, longest = int(rng.integers(0, len(self.prose))), int(rng.integers(*PROSE_CHARACTERS))
        line = self.prose[at][:longest]
        for word in self.prose[at + 1:at + longest]:
            if len(line) + 1 + len(word) > longest:
                break
            line += " " + word
        return line

    def text(self, rng):
        kind = rng.uniform()
        if self.prose and rng.uniform() < PROSE_SHARE:
            text = self._prose(rng)
        elif kind < 0.02:
            text = _pick(rng, DITTO_MARKS)
        elif kind < 0.10:
            text = self._any_letters(rng)
        else:
            self.phrases.reseed(int(rng.integers(2**31)))
            text = getattr(self.phrases, _pick(rng, self.kinds, self.weights))()
            text = _pick(rng, phrases.wrapped(text, WRAPPED_SHARE, rng.uniform))
        text = alphabet.normalize(text)
        return text if alphabet.encode(text) else self.text(rng)

    # Pictures.

    def _face(self, path, size):
        if (path, size) not in self._faces:
            self._faces[path, size] = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
        return self._faces[path, size]

    def line(self, text, rng):
        """The text in one face, word by word with an unsteady baseline, on paper with or without leaders."""
        typed = bool(self.typed) and (not self.hands or rng.uniform() < TYPED_SHARE)
        path = _pick(rng, self.typed if typed else self.hands)
        size = 2 * int(rng.integers(FONT_PX[0] // 2, FONT_PX[1] // 2 + 1))
        face = self._face(path, size)
        gap = face.getlength(" ") * (1.0 if typed else rng.uniform(0.7, 1.8))
        width = int(face.getlength(text) + gap * (text.count(" ") + 3) + 3 * size)
        sheet = Image.new("L", (width, 3 * size), 255)
        draw = ImageDraw.Draw(sheet)
        ink, baseline, x = int(rng.integers(0, 70)), 1.9 * size, float(size)
        first = x
        for word in text.split(" "):
            drop = rng.normal(0, 0.01 if typed else 0.04) * size
            draw.text((x, baseline + drop), word, fill=ink, font=face, anchor="ls")
            x += face.getlength(word) + gap
        self._ground(draw, rng, (first - size / 2, x + size / 2), baseline + 0.08 * size, size)
        grey = picture.clean(numpy.asarray(sheet))
        return Line("", "", text, False, grey)

    def _ground(self, draw, rng, span, y, size):
        """A third of the lines stands on a dotted leader, a ruling or both: what cleaning leaves of it."""
        kind = rng.uniform()
        if kind < 0.2:
            step, dot = rng.uniform(4, 9), rng.uniform(0.6, 1.6)
            for x in numpy.arange(span[0], span[1], step):
                draw.ellipse((x - dot, y - dot, x + dot, y + dot), fill=int(rng.integers(60, 170)))
        elif kind < 0.33:
            shift = rng.normal(0, 0.05) * size
            draw.line((span[0], y + shift, span[1], y + shift + rng.normal(0, 2)), fill=int(rng.integers(60, 190)),
                      width=int(rng.integers(1, 3)))
