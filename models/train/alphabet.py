"""The characters the network can write, and how they are numbered.

Code 0 is the blank between words; the characters follow; the last two codes are a spare one and CTC's "nothing".
In this order Tesseract's own accessors of posteriors (GetRawLSTMTimesteps) name every output rightly: they take
unichar = code + 2 and leave out the last two.
"""

import unicodedata

CONSONANTS = "bcdfghjklmnpqrstvwxz"
VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
# Letters of minority names (Ba Na, Ê Đê, Gia Rai, Mnông) beyond Vietnamese.
MINORITY = "ŭĕƀčñ"
DIGITS = "0123456789"
# Punctuation of books; ″ is the ditto mark.
PUNCTUATION = ".,-/()'\":;+#%&*?!=_°″“”–…"


def _letters():
    lower = list(CONSONANTS) + ["đ"] + list(MINORITY)
    lower += [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
    return sorted(lower) + sorted(c.upper() for c in lower)


CHARACTERS = [" "] + _letters() + list(DIGITS) + list(PUNCTUATION)
SPARE = len(CHARACTERS)
NOTHING = SPARE + 1
SIZE = NOTHING + 1

CODE = {character: code for code, character in enumerate(CHARACTERS)}
# Other spellings of a character we have.
SAME = {"—": "–", "−": "-", "’": "'", "‘": "'", "`": "'", "´": "'", "„": "“", "\u00a0": " ", "Ð": "Đ", "·": ".",
        "º": "°", "⁄": "/"}


def normalize(text):
    """NFC, one blank between words, known look-alikes made one."""
    text = "".join(SAME.get(c, c) for c in unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def encode(text):
    """Codes of a text; None when it has a character that the network cannot write."""
    codes = [CODE.get(c) for c in normalize(text)]
    return None if None in codes else codes


def decode(best):
    """Text of the best code of each timestep: doubles joined, nothing left out."""
    joined = [c for i, c in enumerate(best) if i == 0 or c != best[i - 1]]
    return " ".join("".join(CHARACTERS[c] for c in joined if c < SPARE).split())


def fold(text):
    """Case and punctuation taken out, as some transcribers do."""
    kept = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in normalize(text).casefold())
    return " ".join(kept.split())
