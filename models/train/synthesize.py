"""Drawn lines: the values of register fields in handwriting and typewriter faces, on leaders and rulings.

They bring what no collection of real lines has: names by their frequency, dates in digits and in words, places, ethnic
groups, relations, titles, numbers with their year, ages, ditto marks, every letter with every tone, and letters of
minority names. All persons are put together at random.
"""

from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFont

import alphabet
import picture
from data import Line

HERE = Path(__file__).resolve().parent
MODELS = HERE.parent
FONTS = [str(MODELS.parent / "samples" / "fonts")]
# Drawn at about this height of a capital, then cut and distorted as real lines are.
FONT_PX = (34, 46)

UNITS_IN_WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]


def _rows(path):
    rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if row and row[0] != "#"]
    return rows


def _pick(rng, values, weights=None):
    return values[int(rng.choice(len(values), p=weights))]


def _tens(number, rng):
    """0 to 99 in words, with the variants that clerks write."""
    if number <= 10:
        return UNITS_IN_WORDS[number]
    tens, unit = divmod(number, 10)
    if tens == 1:
        return "mười " + ("lăm" if unit == 5 else UNITS_IN_WORDS[unit])
    head = UNITS_IN_WORDS[tens] + " mươi" if rng.uniform() < 0.8 else UNITS_IN_WORDS[tens]
    tail = {0: "", 1: "mốt", 4: _pick(rng, ["tư", "bốn"]), 5: _pick(rng, ["lăm", "lăm", "nhăm"]),
            7: _pick(rng, ["bảy", "bẩy"])}.get(unit, UNITS_IN_WORDS[unit])
    return (head if tail else UNITS_IN_WORDS[tens] + " mươi") + (" " + tail if tail else "")


def _year_in_words(year, rng):
    thousand = _pick(rng, ["nghìn", "ngàn"])
    if year < 2000:
        return f"một {thousand} chín trăm {_tens(year - 1900, rng)}"
    rest = year - 2000
    if rest == 0:
        return f"hai {thousand}"
    low = f"{_pick(rng, ['linh', 'lẻ'])} {UNITS_IN_WORDS[rest]}" if rest < 10 else _tens(rest, rng)
    return f"hai {thousand} " + ("không trăm " if rest < 10 or rng.uniform() < 0.6 else "") + low


class Writer:
    """Texts of fields, and their pictures in the fonts of some folders."""

    def __init__(self, font_folders):
        lexicons, codes = MODELS / "lexicons", MODELS / "codes"
        surnames = _rows(lexicons / "surnames.tsv")[1:]
        self.surnames = [row[0] for row in surnames]
        weights = numpy.array([float(row[1] or 0) + 0.02 for row in surnames])
        self.surname_weights = weights / weights.sum()
        self.middle = [row[0] for row in _rows(lexicons / "middle_names.tsv")[1:]]
        self.given = sorted({row[0] for row in _rows(lexicons / "given_names.tsv")[1:]})
        self.units = _rows(lexicons / "units.tsv")[1:]
        self.words = {}
        for kind in ("ethnic", "relation", "title", "nationality", "identity_paper", "residence"):
            rows = _rows(codes / f"{kind}.tsv")
            self.words[kind] = [w.strip() for row in rows for w in [row[0], *"".join(row[1:2]).split(";")]
                                if w.strip() and not w.strip().isdigit()]
        self.fonts = [path for folder in font_folders for path in sorted(Path(folder).iterdir())
                      if path.suffix in (".ttf", ".otf")]
        assert self.fonts, f"no .ttf or .otf in {font_folders}"
        self._faces = {}

    # Texts.

    def _name(self, rng):
        name = [_pick(rng, self.surnames, self.surname_weights)]
        if rng.uniform() < 0.9:
            name.append(_pick(rng, ["Văn", "Thị"]) if rng.uniform() < 0.4 else _pick(rng, self.middle))
        name.append(_pick(rng, self.given))
        text = " ".join(name)
        return text.upper() if rng.uniform() < 0.3 else text

    def _date(self, rng):
        day, month, year = int(rng.integers(1, 32)), int(rng.integers(1, 13)), int(rng.integers(1900, 2026))
        kind = int(rng.integers(0, 7))
        if kind == 0:
            return f"{day:02d}/{month:02d}/{year}"
        if kind == 1:
            return f"{day}{_pick(rng, '-./')}{month}{_pick(rng, '-./')}{year % 100:02d}"
        if kind == 2:
            return f"ngày {day:02d} tháng {month:02d} năm {year}"
        if kind == 3:
            return _pick(rng, [f"{year}", f"{month:02d}/{year}", f"{day:02d}  {month:02d}  {year}"])
        head, comma = _pick(rng, ["Ngày ", "ngày ", ""]), _pick(rng, ["", ","])
        words = (f"{head}{_pick(rng, ['mồng ', 'mùng ', '']) if day <= 10 else ''}{_tens(day, rng)}{comma} tháng "
                 f"{'tư' if month == 4 else _tens(month, rng)}")
        if kind == 4:
            return words
        return _year_in_words(year, rng) if kind == 5 else f"{words}{comma} năm {_year_in_words(year, rng)}"

    def _place(self, rng):
        parts = _pick(rng, self.units)[::-1]
        keep = int(rng.integers(1, 4))
        parts = [p for p in parts if p][-keep:] if rng.uniform() < 0.5 else [p for p in parts if p][:keep]
        if rng.uniform() < 0.4:
            short = {"Xã ": "", "Huyện ": "", "Tỉnh ": "", "Phường ": "P.", "Quận ": "Q.", "Thành phố ": "TP.",
                     "Thị trấn ": "TT. ", "Thị xã ": "TX. "}
            for i, part in enumerate(parts):
                for word, other in short.items():
                    part = other + part[len(word):] if part.startswith(word) else part
                parts[i] = part
        if rng.uniform() < 0.35:
            head = _pick(rng, ["thôn", "Thôn", "xóm", "Xóm", "ấp", "Ấp", "tổ", "Tổ", "bản", "khu phố", "số nhà"])
            parts.insert(0, f"{head} {int(rng.integers(1, 200))}" if rng.uniform() < 0.6
                         else f"{head} {_pick(rng, self.given)}")
        return _pick(rng, [", ", ", ", " - ", " "]).join(parts)

    def _number(self, rng):
        number, year = int(rng.integers(1, 999)), int(rng.integers(1954, 2026))
        return _pick(rng, [f"{number:02d}", f"{number}/{year}", f"Số: {number:03d}/{year}", f"{number}/{year % 100:02d}",
                           f"{number:02d}/{year}/KS", f"{number}bis", f"{int(rng.integers(15, 90))} tuổi",
                           f"{int(rng.integers(15, 90))} t", f"{int(rng.integers(10**8, 10**9))}",
                           f"0{int(rng.integers(10**10, 10**11))}", "″", "″ ″", "-nt-", '"', "- nt -",
                           f"{int(rng.integers(0, 24))} giờ {int(rng.integers(0, 60)):02d} phút",
                           f"{int(rng.integers(0, 24))}h{int(rng.integers(0, 60)):02d}'"])

    def _any_letters(self, rng):
        """Syllables of no language: every character comes up, so none is unknown to the network."""
        words = []
        for _ in range(int(rng.integers(1, 5))):
            word = "".join(_pick(rng, alphabet.CHARACTERS[1:]) for _ in range(int(rng.integers(1, 6))))
            words.append(word.upper() if rng.uniform() < 0.2 else word)
        return " ".join(words)

    def text(self, rng):
        kind = rng.uniform()
        if kind < 0.30:
            text = self._name(rng)
        elif kind < 0.50:
            text = self._date(rng)
        elif kind < 0.72:
            text = self._place(rng)
        elif kind < 0.80:
            text = _pick(rng, self.words[_pick(rng, sorted(self.words))])
        elif kind < 0.92:
            text = self._number(rng)
        else:
            text = self._any_letters(rng)
        text = alphabet.normalize(text)
        return text if alphabet.encode(text) else self.text(rng)

    # Pictures.

    def _face(self, path, size):
        if (path, size) not in self._faces:
            self._faces[path, size] = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
        return self._faces[path, size]

    def line(self, text, rng):
        """The text in one face, word by word with an unsteady baseline, on paper with or without leaders."""
        path = _pick(rng, self.fonts)
        size = 2 * int(rng.integers(FONT_PX[0] // 2, FONT_PX[1] // 2 + 1))
        face = self._face(path, size)
        hand = path.suffix == ".ttf"
        gap = face.getlength(" ") * (rng.uniform(0.7, 1.8) if hand else 1.0)
        width = int(face.getlength(text) + gap * (text.count(" ") + 3) + 3 * size)
        sheet = Image.new("L", (width, 3 * size), 255)
        draw = ImageDraw.Draw(sheet)
        ink, baseline, x = int(rng.integers(0, 70)), 1.9 * size, float(size)
        first = x
        for word in text.split(" "):
            drop = rng.normal(0, 0.04) * size if hand else rng.normal(0, 0.01) * size
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
