"""What stands in the fields of registers, as text: the corpora of the language models.

Every kind of field has a generator of lines, put together at random from the lexicons and codes of this repository and
from the forms in which clerks write them: capitals, abbreviations, old units, both places of the tone mark. No line comes
from a person or a book. Same seed, same lines.
"""

import random
import re
import unicodedata
from pathlib import Path

MODELS = Path(__file__).resolve().parent.parent
DIGIT_WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]

# Provinces as they were before 1997, which no list of today holds.
OLD_PROVINCES = """Hà Nam Ninh; Hải Hưng; Vĩnh Phú; Hà Bắc; Hà Sơn Bình; Bắc Thái; Cao Lạng; Hà Tuyên; Hoàng Liên Sơn; Nghệ Tĩnh;
Bình Trị Thiên; Quảng Nam - Đà Nẵng; Nghĩa Bình; Phú Khánh; Thuận Hải; Gia Lai - Kon Tum; Sông Bé; Cửu Long; Minh Hải; Gia Định;
Định Tường; Kiến Hòa; Vĩnh Bình; Phong Dinh; Ba Xuyên; Chương Thiện; An Xuyên; Long Khánh; Phước Tuy; Bình Long; Tuyên Đức;
Hà Đông; Sơn Tây; Kiến An; Hải Ninh; Phúc Yên; Nam Hà; Hà Tây; Lào Cai; Yên Bái; Vĩnh Yên; Bắc Ninh; Bắc Giang; Lai Châu""".split(";")
OLD_PROVINCES = [" ".join(province.split()) for province in OLD_PROVINCES]

HAMLET_WORDS = ["thôn", "thôn", "thôn", "xóm", "ấp", "ấp", "tổ", "tổ dân phố", "khu phố", "khu", "khóm", "bản", "buôn", "làng",
                "đội", "khối", "khối phố", "cụm", "tiểu khu", "khu vực", "phố", "sóc", "phum", "đường", "ngõ", "KP", "KP", "TDP", "KV", "lô",
                "khu tập thể"]
# Syllables that village names are made of.
VILLAGE = """An Bình Cát Châu Đa Đại Đông Đồng Đức Giang Hà Hải Hạ Hậu Hiệp Hoà Hòa Hội Hưng Khánh Lâm Lạc Lập Liên Linh Long Lộc Lợi
Lương Mai Mỹ Nam Ngọc Nghĩa Ninh Nội Ngoại Nhơn Phong Phú Phúc Phước Quảng Quang Sơn Tam Tân Tây Thái Thanh Thành Thạnh Thắng Thịnh
Thọ Thới Thuận Thượng Thuỷ Thủy Tiên Tiến Trà Trại Trung Tràng Trường Tú Văn Vân Vạn Viên Việt Vinh Vĩnh Xuân Yên Bắc Cao Cẩm Chánh Chính
Dương Gia Giáp Kim La Lai Mộc Ninh Phương Quý Quế Sông Suối Bàu Cầu Gò Rạch Kênh Đập Chợ Giếng Đình Chùa Trung""".split()


def _read(path):
    return [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if row and row[0] != "#"]


# Where the mark of a tone stands in open oa, oe, uy is a habit; clerks write both.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_NEW_STYLE = {unicodedata.normalize("NFC", a + tone) + b: unicodedata.normalize("NFC", a + b + tone)
              for a, b in (("o", "a"), ("o", "e"), ("u", "y")) for tone in _TONES}
_OLD_STYLE = {new: old for old, new in _NEW_STYLE.items()}
_OLD_PATTERN = re.compile("(?<![qQ])(" + "|".join(_NEW_STYLE) + r")(?!\w)")
_NEW_PATTERN = re.compile("(?<![qQ])(" + "|".join(_OLD_STYLE) + r")(?!\w)")


def new_style(text):
    return _OLD_PATTERN.sub(lambda m: _NEW_STYLE[m.group(1)], text)


def old_style(text):
    return _NEW_PATTERN.sub(lambda m: _OLD_STYLE[m.group(1)], text)


def capitalized(text):
    return text[:1].upper() + text[1:]


def tens(number, pick):
    """0 to 99 in words, with the variants that clerks write."""
    if number <= 10:
        return DIGIT_WORDS[number]
    ten, unit = divmod(number, 10)
    if ten == 1:
        return "mười " + ("lăm" if unit == 5 else DIGIT_WORDS[unit])
    short = {2: "hăm", 3: "băm"}.get(ten)
    head = DIGIT_WORDS[ten] + " mươi"
    if unit:
        head = pick([head] * 8 + [DIGIT_WORDS[ten]] + ([short] if short else []))
    tail = {0: "", 1: pick(["mốt", "mốt", "mốt", "một"]), 4: pick(["tư", "tư", "bốn"]), 5: pick(["lăm", "lăm", "nhăm", "năm"]),
            7: pick(["bảy", "bảy", "bẩy"])}.get(unit, DIGIT_WORDS[unit])
    return f"{head} {tail}".strip()


def year_in_words(year, pick):
    thousand = pick(["nghìn", "nghìn", "ngàn"])
    if year < 2000:
        tail = f"chín trăm {tens(year - 1900, pick)}" if year % 100 > 9 else \
            f"chín trăm {pick(['linh', 'lẻ'])} {DIGIT_WORDS[year % 100]}" if year % 100 else "chín trăm"
        return pick([f"một {thousand} {tail}"] * 12 + [tail, f"{thousand} {tail}"])
    rest = year - 2000
    if rest == 0:
        return pick([f"hai {thousand}", f"hai {thousand}", f"hai {thousand} không trăm"])
    hundred = pick(["không trăm ", "không trăm ", ""])
    if rest < 10:
        return f"hai {thousand} {hundred}{pick(['linh', 'linh', 'lẻ'])} {DIGIT_WORDS[rest]}"
    return f"hai {thousand} {hundred}{tens(rest, pick)}"


def wrapped(text, share, uniform):
    """The lines of a text as a form wraps it: two for a share of the texts, which often end in a comma, else one."""
    blanks = [i for i, letter in enumerate(text) if letter == " "]
    if not blanks or uniform() >= share:
        return [text]
    cut = blanks[int(uniform() * len(blanks))]
    return [text[:cut], text[cut + 1:]]


class Phrases:
    """Generators of lines, one a kind of field; `kinds` names them."""

    kinds = ("text", "name", "place", "date", "date_words", "number", "relation", "title", "word")

    def __init__(self, seed=1):
        self.reseed(seed)
        lexicons, codes = MODELS / "lexicons", MODELS / "codes"
        surnames = _read(lexicons / "surnames.tsv")[1:]
        self._surnames = [row[0] for row in surnames]
        # Streets and wards are named after the same people, places and days in every town.
        streets = _read(lexicons / "streets.tsv")[1:]
        self._streets = [row[0] for row in streets]
        self._street_weights = [float(row[1]) for row in streets]
        self._weights = [float(row[1] or 0) + 0.02 for row in surnames]
        middle = _read(lexicons / "middle_names.tsv")[1:]
        given = _read(lexicons / "given_names.tsv")[1:]
        self._middle = {sex: [row[0] for row in middle if row[1] == sex] for sex in ("male", "female")}
        self._given = {sex: sorted({row[0] for row in given if row[1] == sex}) for sex in ("male", "female")}
        self._works, self._causes = (
            ([row[0] for row in rows], [float(row[1]) for row in rows])
            for rows in (_read(lexicons / f"{name}.tsv")[1:] for name in ("occupations", "causes_of_death")))
        self.units = [row for row in _read(lexicons / "units.tsv")[1:] if len(row) == 3]
        self._codes = {path.stem: [[word.strip() for cell in row for word in cell.split(";") if word.strip()]
                                   for row in _read(path)] for path in codes.glob("*.tsv")}

    def reseed(self, seed):
        """The lines after this hang on `seed` alone."""
        self._random = random.Random(seed)

    def _pick(self, values):
        return values[int(self._random.random() * len(values))]

    def _chance(self, share):
        return self._random.random() < share

    def _between(self, low, high):
        return self._random.randint(low, high)

    # People.

    def _given_name(self, sex):
        # Books hold the short given names far oftener than the long ones of today.
        for _ in range(3):
            given = self._pick(self._given[sex])
            if " " not in given:
                break
        return given

    def _full_name(self):
        sex = self._pick(["male", "female"])
        parts = self._random.choices(self._surnames, self._weights)
        if self._chance(0.92):
            usual = "Thị" if sex == "female" else "Văn"
            parts.append(usual if self._chance(0.4) else self._pick(self._middle[sex]) if self._chance(0.6)
                         else self._given_name(sex).split()[0])
        parts.append(self._given_name(sex))
        return self._either_tone_style(" ".join(parts))

    def _either_tone_style(self, text):
        return self._pick([new_style, old_style])(text)

    def name(self):
        name = self._full_name()
        return name.upper() if self._chance(0.35) else name

    # Places.

    def _street(self):
        return self._random.choices(self._streets, self._street_weights)[0] if self._chance(0.75) else self._full_name()

    def _house_number(self):
        number = self._pick([str(self._between(1, 99)), str(self._between(1, 999)), f"{self._between(1, 20):02d}"])
        if self._chance(0.15):
            number += self._pick("ABCDE")
        if self._chance(0.04):
            return f"{number}-{self._between(1, 99)}"
        for _ in range(self._pick([0, 0, 0, 1, 1, 2])):
            number += f"/{self._between(1, 99)}"
            if self._chance(0.08):
                number += self._pick("ABCD")
        return number

    def _house(self):
        head = self._pick(["Số ", "Số ", "số ", "Số nhà ", "số nhà ", "SN ", "Nhà số ", "", "", "", ""]) + self._house_number()
        if self._chance(0.2):
            head += self._pick([", ", " "]) + self._pick(["ngõ ", "hẻm ", "ngách ", "kiệt "]) + str(self._between(1, 400))
        if self._chance(0.2):
            return head  # of a hamlet or a quarter without streets
        if self._chance(0.1):
            return head + self._pick([", ", " "]) + self._road()
        join = self._pick([", đường ", " đường ", ", phố ", " phố ", " ", " ", " ", ", ", " Đường ", ", Phố "])
        return head + join + self._street()

    def _road(self):
        """A road without a name of its own."""
        word = self._pick(["Quốc lộ ", "quốc lộ ", "QL ", "QL", "Tỉnh lộ ", "tỉnh lộ ", "TL ", "ĐT ", "Hương lộ ", "Km ", "Đường số ", "Đường số ",
                           "đường số ", "đường số ", "Đường ", "đường "])
        return word + self._pick(["1A", "1", "5", "51", "14"] + 4 * [str(self._between(1, 99))] + 2 * [str(self._between(100, 900))])

    def _hamlet(self):
        if self._chance(0.12):
            return self._road()
        word = self._pick(HAMLET_WORDS)
        word = capitalized(word) if self._chance(0.6) else word
        kind = self._random.random()
        if kind < 0.45:
            name = self._pick([str(self._between(1, 30)), f"{self._between(1, 9):02d}", f"{self._between(1, 12)}{self._pick('ABC')}"])
        elif kind < 0.85:
            name = " ".join(self._pick(VILLAGE) for _ in range(self._pick([1, 2, 2, 2, 3])))
            if self._chance(0.25):
                name += " " + self._pick(["1", "2", "3", "4", "A", "B", "I", "II", "Đông", "Tây", "Nam", "Bắc", "Thượng", "Hạ", "Trung"])
        else:
            name = self._bare(self._pick(self.units)[2])
        return name if self._chance(0.15) else f"{word} {name}"

    @staticmethod
    def _bare(unit):
        """The unit without its word in front; numbered wards keep it."""
        for word in ("Thành phố ", "Thị trấn ", "Thị xã ", "Phường ", "Huyện ", "Quận ", "Tỉnh ", "Xã "):
            if unit.startswith(word):
                bare = unit[len(word):]
                return unit if bare[:1].isdigit() else bare
        return unit

    _SHORT = {"Thành phố ": ["TP ", "TP. ", "TP.", "Tp ", "Tp. ", "Thành Phố ", "thành phố "], "Thị trấn ": ["TT ", "TT. ", "Tt ", "Thị Trấn ", "thị trấn "],
              "Thị xã ": ["TX ", "TX. ", "Tx ", "Thị Xã ", "thị xã "], "Phường ": ["P. ", "P.", "phường ", "phường "], "Huyện ": ["H. ", "H.", "huyện ", "huyện "],
              "Quận ": ["Q. ", "Q.", "quận ", "quận "], "Tỉnh ": ["T. ", "tỉnh ", "tỉnh "], "Xã ": ["X. ", "xã ", "xã "]}

    def _worded(self, unit, style):
        """`style`: full, low, short or bare; one style runs through an address."""
        for word, others in self._SHORT.items():
            if not unit.startswith(word):
                continue
            rest = unit[len(word):]
            if style == "bare" or (word == "Tỉnh " and self._chance(0.6)):
                return self._bare(unit)
            if style == "low":
                return word.lower() + rest
            if style == "short":
                return self._pick(others) + rest
        return unit

    def _address(self, commune, district, province):
        styles = ["full", "full", "full", "low", "short", "bare"]
        style = self._pick(styles)
        head = []
        kind = self._random.random()
        if kind < 0.3:
            head.append(self._house())
        elif kind < 0.65:
            head.append(self._hamlet())
        elif kind < 0.73:
            head += [self._house(), self._hamlet()]
        elif kind < 0.75:
            head.append(self._pick(["Đường ", "đường ", "Phố ", "phố ", ""]) + self._street())
        elif kind < 0.83:
            head += [self._hamlet(), self._hamlet()]
        if province == "Thành phố Hồ Chí Minh" and self._chance(0.8):
            last = self._pick(["TP Hồ Chí Minh", "TP Hồ Chí Minh", "TP. Hồ Chí Minh", "Tp Hồ Chí Minh", "Tp. HCM", "TP.HCM", "TPHCM", "Hồ Chí Minh"])
        else:
            last = self._bare(province) if self._chance(0.6) else self._worded(province, style)
        tail = [self._worded(commune, style), self._worded(district, style), last]
        short = self._random.random()
        if short < 0.06:
            tail = tail[:1]
        elif short < 0.16:
            tail = tail[:2]
        elif short < 0.22:
            tail = tail[1:]
        comma = self._pick([", "] * 8 + [" - ", " - ", " ", " ", ","])
        return self._either_tone_style(comma.join(head + tail))

    def place(self):
        kind = self._random.random()
        if kind < 0.03:
            return self._pick(["", "Tỉnh ", "tỉnh "]) + self._pick(OLD_PROVINCES)
        if kind < 0.06:
            return ", ".join([self._hamlet(), self._bare(self._pick(self.units)[2]), self._pick(OLD_PROVINCES)])
        if kind < 0.09:
            return self._pick(["Bệnh viện ", "BV ", "Trạm y tế xã ", "Trạm xá ", "Nhà hộ sinh ", "Tại nhà, ", "Bệnh viện đa khoa ", "Bệnh viện huyện ",
                               "UBND xã ", "UBND phường "]) + self._bare(self._pick(self._pick(self.units)))
        province, district, commune = self._pick(self.units)
        line = self._address(commune, district, province)
        return line.upper() if self._chance(0.02) else line

    def all_places(self):
        """Every commune of the list, whatever chance says."""
        for province, district, commune in self.units:
            yield self._address(commune, district, province)

    # Days and numbers.

    def _day(self):
        return self._between(1, 31), self._between(1, 12), self._between(1920, 2026)

    def date(self):
        day, month, year = self._day()
        join = self._pick(["/", "/", "/", "-", "-", ".", " "])
        return self._pick([f"{day:02d}{join}{month:02d}{join}{year}"] * 5 + [f"{day}{join}{month}{join}{year}"] * 4 + [
            f"{day:02d}{join}{month:02d}{join}{year % 100:02d}", f"{day}{join}{month}{join}{year % 100:02d}",
            f"ngày {day:02d} tháng {month:02d} năm {year}", f"Ngày {day} tháng {month} năm {year}", f"ngày {day}/{month}/{year}", f"{year}",
            f"{month:02d}/{year}", f"{month}/{year}", f"tháng {month} năm {year}", f"{day:02d}", f"{month:02d}", f"năm {year}",
            f"{self._between(15, 95)} tuổi", f"{self._between(15, 95)} t", f"{self._between(0, 23)} giờ {self._between(0, 59):02d} phút",
            f"{self._between(0, 23)}h{self._between(0, 59):02d}", f"{day:02d} {month:02d} {year}",
            f"{day:02d}{join}{month:02d}{join.strip()} {year}"])  # the year on a line of its own

    def date_words(self):
        day, month, year = self._day()
        pick = self._pick
        comma = pick(["", "", ","])
        first = pick(["", "", "mồng ", "mùng "]) if day <= 10 else ""
        month_word = {1: pick(["một", "một", "giêng"]), 4: pick(["tư", "tư", "bốn"]), 12: pick(["mười hai", "mười hai", "chạp"])}.get(
            month, tens(month, pick))
        day_part = f"{pick(['Ngày ', 'Ngày ', 'ngày ', ''])}{first}{tens(day, pick)}"
        year_part = year_in_words(year, pick)
        line = pick([f"{day_part}{comma} tháng {month_word}{comma} năm {year_part}"] * 8 +
                    [f"{day_part}{comma} tháng {month_word}", f"năm {year_part}", year_part, day_part, f"tháng {month_word}{comma} năm {year_part}"])
        line += pick(["", "", ".", "./."]) if self._chance(0.3) else ""
        style = self._random.random()
        if style < 0.35:
            return capitalized(line)
        return line.title() if style < 0.5 else line.upper() if style < 0.53 else line

    def number(self):
        number, year = self._pick([self._between(1, 60), self._between(1, 400), self._between(1, 999)]), self._between(1954, 2026)
        return self._pick([f"{number}", f"{number}", f"{number:02d}", f"{number:03d}", f"{number}/{year}", f"{number}/{year}", f"{number:02d}/{year}",
                           f"{number:02d}/{year}", f"{number:03d}/{year}", f"{number}/{year % 100:02d}", f"{number:02d}/{year % 100:02d}",
                           f"Số: {number:02d}", f"Số {number}", f"Số: {number:02d}/{year}", f"{number:02d}/{year}/KS", f"{number}/KS",
                           f"{number} bis", f"{number}bis", f"{number}A", f"Quyển số {number:02d}", f"{number:02d}-{year}",
                           f"{self._between(10**8, 10**9 - 1)}", f"0{self._between(10**10, 10**11 - 1)}"])

    # Words of lists.

    def _word_of(self, lists):
        words = self._pick(self._codes[self._pick(lists)])
        # The first are the usual ones.
        return self._styled(self._random.choices(words, [1 / (place + 1) for place in range(len(words))])[0])

    def _styled(self, word):
        style = self._random.random()
        return capitalized(word) if style < 0.6 else word.upper() if style < 0.63 else word

    def relation(self):
        return self._either_tone_style(self._word_of(["relation"]) + self._pick([""] * 9 + ["."]))

    def title(self):
        # The list begins with the chair and the deputies, who sign most.
        words = self._styled(self._pick(self._pick(self._codes["title"][:2]))) if self._chance(0.6) else self._word_of(["title"])
        if self._chance(0.3):
            of = self._pick(["UBND", "UBND", "UBND", "Uỷ ban nhân dân", "xã"])
            commune = self._pick(self.units)[2]
            words += " " + self._pick([of, f"{of} xã", f"{of} {commune[:1].lower()}{commune[1:]}"] if of != "xã" else [of])
        if self._chance(0.15):
            words += self._pick([" - ", ", ", " "]) + self._full_name()
        return self._either_tone_style(words)

    def word(self):
        if self._chance(0.25):
            return self._pick(["Kinh", "Việt Nam", "Nam", "Nữ", "nam", "nữ", "Kinh", "Việt Nam", "Trai", "Gái", "Kinh (Việt Nam)", "VN", "Không", "không"])
        return self._word_of(["ethnic", "ethnic", "ethnic", "nationality", "sex", "identity_paper", "residence", "marriage_state"])

    def text(self):
        """A field of no known kind, notes included."""
        kind = self._pick(["name", "place", "place", "place", "place", "date", "date_words", "number", "relation", "title", "word", "_note",
                           "_work", "_cause", "_small"])
        return getattr(self, kind)()

    def _usual(self, words):
        word = self._random.choices(*words)[0]
        style = self._random.random()
        return self._either_tone_style(capitalized(word) if style < 0.75 else word.upper() if style < 0.78 else word)

    def _work(self):
        return self._usual(self._works) + self._pick([""] * 12 + ["."])

    def _cause(self):
        cause = self._usual(self._causes)
        return f"{cause}, {self._random.choices(*self._causes)[0]}" if self._chance(0.1) else cause

    def _small(self):
        """Columns of a few signs: which child, which marriage, a notice's number, an hour."""
        number, year = self._between(1, 99), self._between(1976, 2026)
        which, hour, minute = self._between(1, 9), self._between(0, 23), self._between(0, 59)
        return self._pick([f"{which}", f"{which}", f"{which:02d}", f"lần {which}", f"Lần {which}", "lần đầu", "Đầu", "Con đầu", f"thứ {which}", f"Con thứ {which}",
                           f"{number}/GBT", f"{number}/GBT", f"{number:02d}/GBT", f"{number}/{year}/GBT", f"{number}-GBT", f"{number}/BT", f"Số {number}/GBT",
                           f"{hour:02d} giờ {minute:02d} phút", f"{hour} giờ {minute:02d} phút", f"{hour}h{minute:02d}", f"{hour} giờ"])

    def _note(self):
        return self._pick([
            f"Đăng ký quá hạn", f"Đăng ký lại", f"Đăng ký đúng hạn", f"Cấp lại ngày {self.date()}", f"Con ngoài giá thú",
            f"Ghi chú ly hôn theo bản án số {self.number()} ngày {self.date()}", f"Cải chính theo quyết định số {self.number()}",
            f"Đã cấp bản sao", f"Bổ sung {self._pick(['họ tên cha', 'dân tộc', 'quê quán', 'ngày sinh'])}",
            f"{self._pick(['Cấp lại bản chính', 'Cấp bản sao', 'Đã cấp giấy', 'Cấp lại', 'Đã cấp lại bản chính', 'Cấp trích lục'])} ngày {self.date()}",
            f"Đã cải chính {self._pick(['năm sinh', 'họ tên', 'ngày sinh', 'dân tộc', 'quê quán'])} theo QĐ số {self._between(1, 99)} ngày {self.date()}",
            "đã chết", "Đã ly hôn", "Kết hôn lần đầu", "nt", "như trên", "-nt-", "″", f"CMND số {self._between(10**8, 10**9 - 1)}",
            f"Công an {self._bare(self._pick(self.units)[0])} cấp ngày {self.date()}"])
