"""A contractor's way with a package: export, look at it with other programs, take it into another station, complete it
there, export again; and folders of an earlier digitization, with everything wrong that such folders hold.

usage: package_test.py HOTICH SAMPLES LIB PROTO
"""

import csv
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import unittest
import zipfile
from xml.sax.saxutils import escape

import station as s

sys.path.append(str(pathlib.Path(__file__).parent.parent))
import chromium  # noqa: E402

PLACE = "UBND xã An Bình, huyện Mẫu, tỉnh Mẫu"
NAMES = ["Đặng Thị Mẫu", "Nguyễn Văn Thử"]


def write_excel(path, columns, rows):
    """A sheet as Excel writes it, texts in the cells."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cells = ["".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
             for row in [columns, *rows]]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml",
                         f'<workbook {main} xmlns:r="r"><sheets><sheet name="DL Import" r:id="a"/></sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels",
                         '<Relationships><Relationship Id="a" Target="sheet.xml"/></Relationships>')
        archive.writestr("xl/sheet.xml", f"<worksheet {main}><sheetData>"
                         + "".join(f"<row>{row}</row>" for row in cells) + "</sheetData></worksheet>")


def key_and_approve(station, book, completed):
    """Every entry handed in and approved; `completed(entry)` gives the literals that the clerk sets."""
    channel = station.serve()
    clerk, boss = station.sign_in(channel, "lan"), station.sign_in(channel, "hoa")
    desk = s.desk_service_pb2_grpc.DeskServiceStub(channel)
    reviews = s.review_service_pb2_grpc.ReviewServiceStub(channel)
    seen = []
    waiting = sum(len(line.get("entries", [])) for line in station.run("book", "show", book).lines)
    for event in desk.StreamWork(s.desk_service_pb2.StreamWorkRequest(), metadata=clerk, timeout=s.DEADLINE_S):
        if not event.HasField("item"):
            continue
        item = event.item
        seen.append(item.entry)
        fields = s.as_read(item.entry)
        literals = completed(item.entry)
        for field in fields:
            if field.name in literals:
                field.literal, field.mark = literals.pop(field.name), 0
        fields += [s.vocabulary_pb2.FieldValue(name=n, literal=l) for n, l in literals.items()]
        desk.Submit(s.desk_service_pb2.SubmitRequest(
            request_id=f"r-{item.entry.entry_id}", entry_id=item.entry.entry_id, lease_id=item.lease_id,
            version=item.entry.version, fields=fields), metadata=clerk, timeout=s.DEADLINE_S)
        if len(seen) == waiting:
            break
    for submission in reviews.ListSubmissions(s.review_service_pb2.ListSubmissionsRequest(book_id=book),
                                              metadata=boss, timeout=s.DEADLINE_S).submissions:
        reviews.Approve(s.review_service_pb2.ApproveRequest(
            request_id=f"a-{submission.entry.entry_id}", entry_id=submission.entry.entry_id,
            version=submission.entry.version), metadata=boss, timeout=s.DEADLINE_S)
    channel.close()
    assert station.stop() == 0
    return seen


def prefilled(station, book):
    """What the desk would show, by number: field to literal."""
    result = station.run("export", "--book", book, "--out", station.folder / "jsonl", "--format", "jsonl",
                         "--stage", "prefill")
    lines = pathlib.Path(result.lines[0]["path"]).read_text().splitlines()
    return {e["number"]: {n: f["literal"] for n, f in e["fields"].items()} for e in map(json.loads, lines)}


def files_of(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class Package(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = s.scratch_folder()
        cls.pages = s.draw(cls.folder / "pages", "--form", "ks_g3", "--captures", "2", "--hand", "typed",
                           "--seed", "602", "--dpi", "150")
        cls.home = s.Station()
        cls.home.add_people()
        cls.book = cls.home.run("book", "add", "--kind", "KS", "--place", PLACE, "--years", "2012",
                                "--number", "01").lines[0]["book"]
        cls.home.run("import", "--book", cls.book, cls.folder / "pages")
        cls.home.run("work")
        count = iter(range(1, 3))

        def keyed(entry):
            number = next(count)
            return {"so": str(number), "ngayDangKy": f"{number}/6/2012", "nksHoTen": NAMES[number - 1],
                    "nksGioiTinh": "Nữ", "nksNgaySinh": "3/5/2012", "nksDanToc": "Kinh"}

        key_and_approve(cls.home, cls.book, keyed)
        exported = cls.home.run("export", "--book", cls.book, "--out", cls.folder / "usb", "--with-errors")
        cls.package = pathlib.Path(exported.lines[0]["path"])
        cls.pdfs = cls.folder / "pdfs"
        with zipfile.ZipFile(cls.package / "KS.2012.01.zip") as archive:
            archive.extractall(cls.pdfs)

    def fresh(self):
        station = s.Station()
        station.add_people()
        return station

    def test_three_viewers_open_its_pdfs(self):
        files = sorted(self.pdfs.rglob("*.pdf"))
        self.assertEqual(len(files), 2)
        for file in files:
            subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
            said = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
            self.assertEqual(said.stderr, "", "poppler must have nothing to say")
            drawn = subprocess.run(["mutool", "draw", "-r", "50", "-o", self.folder / "page.png", file],
                                   capture_output=True, text=True, check=True)
            # Debian builds mupdf without colour profiles; nothing else may be said but the page's name.
            said = [line for line in drawn.stderr.splitlines() if "ICC support is not available" not in line]
            self.assertEqual(said, [f"page {file} {i + 1}" for i in range(len(said))])

    def test_a_browser_shows_its_pdfs(self):
        if not chromium.is_installed():
            self.skipTest("Chromium is not installed: apt-get install chromium")
        for file, name in zip(sorted(self.pdfs.rglob("*.pdf")), NAMES):
            text, png = chromium.show(file)
            self.assertIn(name, text)
            self.assertGreater(chromium.light_share(png), chromium.PAPER_SHARE, file)

    def test_libreoffice_reads_its_excel_file(self):
        if not shutil.which("soffice"):
            self.skipTest("LibreOffice is not installed: apt-get install libreoffice-calc-nogui")
        subprocess.run(["soffice", f"-env:UserInstallation=file://{self.folder}/lo", "--headless", "--convert-to",
                        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
                        "--outdir", self.folder, self.package / "KS.2012.01.xlsx"], check=True, capture_output=True)
        with open(self.folder / "KS.2012.01-DL Import.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(list(rows[0])[:4], ["so", "quyenSo", "trangSo", "ngayDangKy"])
        self.assertEqual([rows[0][c] for c in ("so", "quyenSo", "ngayDangKy", "nksHoTen", "nksGioiTinh")],
                         ["01/2012", "01/2012", "01.06.2012", NAMES[0], "2"])
        self.assertIn("Giới tính", (self.folder / "KS.2012.01-Ghi chu.csv").read_text())

    def test_another_station_takes_it_completes_it_and_exports_it_again(self):
        station = self.fresh()
        taken = station.run("import", "--values", self.folder / "usb")
        self.assertEqual(taken.status, 0, taken.lines)
        entries = [line for line in taken.lines if "capture" in line]
        self.assertEqual([(e["number"], e["created"]) for e in entries], [("01/2012", True), ("02/2012", True)])
        book = entries[0]["book"]
        self.assertEqual(station.run("book", "show", book).lines[0]["place"], PLACE)
        self.assertEqual(station.run("work").status, 0)
        values = prefilled(station, book)
        self.assertEqual([values[n]["nksHoTen"] for n in ("01/2012", "02/2012")], NAMES)
        self.assertEqual(values["01/2012"]["nksGioiTinh"], "Nữ", "a word for the clerk, not a code")
        self.assertEqual(values["01/2012"]["ngayDangKy"], "01.06.2012")
        self.assertIn("chaHoTen", values["01/2012"], "a field that the earlier work lacks is there to be keyed")

        again = station.run("import", "--values", self.folder / "usb")
        self.assertEqual([e["created"] for e in again.lines if "capture" in e], [False, False])

        seen = key_and_approve(station, book, lambda entry: {"chaHoTen": "Đặng Văn Mới"})
        self.assertEqual(seen[0].fields[[f.name for f in seen[0].fields].index("nksHoTen")].candidates[0].source,
                         "earlier")
        exported = station.run("export", "--book", book, "--out", station.folder / "out", "--with-errors")
        package = pathlib.Path(exported.lines[0]["path"])
        with zipfile.ZipFile(package / "KS.2012.01.zip") as archive:
            for file in sorted(self.pdfs.rglob("*.pdf")):
                name = str(file.relative_to(self.pdfs))
                self.assertEqual(archive.read(name), file.read_bytes(), "a PDF that was delivered stays as it is")
        self.assertEqual(station.run("export", "--verify", package).status, 0)
        third = self.fresh()
        third.run("import", "--values", package)
        third.run("work")
        self.assertEqual(prefilled(third, third.run("book", "list").lines[0]["book"])["02/2012"]["chaHoTen"],
                         "Đặng Văn Mới")

        # What was handed in is recognised as well.
        self.assertEqual([e["created"] for e in station.run("import", "--values", package).lines if "capture" in e],
                         [False, False])

    def test_a_damaged_package_is_told(self):
        damaged = self.folder / "damaged"
        shutil.copytree(self.package, damaged)
        with zipfile.ZipFile(damaged / "KS.2012.01.zip", "a") as archive:
            archive.writestr("KS.2012.01.2012-06-09.09.pdf", "%PDF-1.7 smuggled in")
        result = self.fresh().run("import", "--values", damaged)
        self.assertEqual(result.status, 1)
        self.assertIn("package_changed", [line["error"]["code"] for line in result.lines if "error" in line])

    def test_folders_of_pictures_are_taken_and_what_is_wrong_with_them_told(self):
        old = self.folder / "old"
        old.mkdir()
        columns = ["STT", "so", "quyenSo ", "ngayDangKy", "noiDangKy", "nksHoTen", "nksGioiTinh", "cotLa"]
        write_excel(old / "KS.1995.01.xlsx", columns, [
            ["1", "1/1995", "1/1995", "22.11.1995", PLACE, "Đặng Thị Mẫu", "2", "x"],
            ["2", "02/1995", "01/1995", "11.1995", PLACE, "Nguyễn Văn Thử", "1", ""],
            ["3", "03/1995", "01/1995", "", PLACE, "Trần Văn Hai Trang", "1", ""],
            ["4", "04/1995", "01/1995", "1995", PLACE, "Lê Thị Thiếu Tệp", "2", ""],
            ["5", "05/1995", "01/1995", "23.11.1995", PLACE, "Lê Thị Tệp Hỏng", "2", ""]])
        shutil.copy(self.pages[0], old / "KS.1995.01.1995-11-22.01.JPG")
        shutil.copy(self.pages[0], old / "KS.1995.01.1995-11-00.02.jpg")  # the page once more for its other entry
        subprocess.run(["qpdf", "--empty", "--pages", *sorted(self.pdfs.rglob("*.pdf")), "--",
                        old / "KS.1995.01.0000-00-00.03.pdf"], check=True)
        (old / "KS.1995.01.1995-11-23.05.pdf").write_bytes(b"")
        shutil.copy(self.pages[1], old / "KS_1995_01 (1).jpg")
        shutil.copy(self.pages[1], old / "KS.1995.01.1995-11-30.77.jpg")
        (old / "Thumbs.db").write_bytes(b"x")
        station = self.fresh()
        result = station.run("import", "--values", old)
        self.assertEqual(result.status, 1)
        self.assertEqual([l["number"] for l in result.lines if "capture" in l], ["01/1995", "02/1995", "03/1995"])
        told = {l["error"]["code"]: l for l in result.lines if "error" in l}
        self.assertEqual(set(told), {"wrong_name", "file_without_row", "row_without_file", "file_bad"})
        self.assertEqual(told["row_without_file"]["row"], 5)
        self.assertTrue(told["wrong_name"]["file"].endswith("KS_1995_01 (1).jpg"))
        self.assertEqual([l["note"]["code"] for l in result.lines if "note" in l], ["column_unknown", "picture_shared"])
        self.assertEqual(len({l["capture"] for l in result.lines if "capture" in l}), 2, "one page, two entries")
        station.run("work")
        book = station.run("book", "list").lines[0]["book"]
        values = prefilled(station, book)
        self.assertEqual({n: v["nksHoTen"] for n, v in values.items()},
                         {"01/1995": "Đặng Thị Mẫu", "02/1995": "Nguyễn Văn Thử", "03/1995": "Trần Văn Hai Trang"})
        # Once the files are put right, the same command takes the rest and nothing twice.
        (old / "KS_1995_01 (1).jpg").rename(old / "KS.1995.01.1995-00-00.04.jpg")
        again = station.run("import", "--values", old)
        self.assertEqual([(l["number"], l["created"]) for l in again.lines if "capture" in l],
                         [("01/1995", False), ("02/1995", False), ("03/1995", False), ("04/1995", True)])
        for line in result.stderr.splitlines() + [json.dumps(l, ensure_ascii=False) for l in result.lines]:
            for name in ("Đặng Thị", "Nguyễn Văn", "Trần Văn", "Lê Thị"):
                self.assertNotIn(name, line, "reports hold no person's data")

    def test_values_without_a_sheet_are_refused(self):
        empty = self.folder / "empty"
        empty.mkdir()
        result = self.fresh().run("import", "--values", empty)
        self.assertEqual(result.status, 1)
        self.assertIn(".xlsx", result.stderr)
        self.assertEqual(self.fresh().run("import", "--place", "x", self.pages[0]).status, 2)

    def kill_until_done(self, station, *words):
        """Starts and kills the program, later each time, until it ends by itself."""
        seed = random.randrange(1 << 30)
        dice = random.Random(seed)
        for kills in range(200):
            process = subprocess.Popen([s.HOTICH, "--station", station.folder, *words], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, env=station.environment)
            try:
                process.wait(0.01 + kills * 0.03 * dice.random())
                return kills
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
        self.fail(f"never done; seed {seed}")

    def test_a_killed_import_is_continued_by_repeating_it(self):
        unbroken, broken = self.fresh(), self.fresh()
        unbroken.run("import", "--values", self.folder / "usb")
        self.assertGreater(self.kill_until_done(broken, "import", "--values", self.folder / "usb"), 0)
        self.assertEqual(broken.run("import", "--values", self.folder / "usb").status, 0)
        for station in (unbroken, broken):
            station.run("work")
        book = unbroken.run("book", "list").lines[0]["book"]
        self.assertEqual(len(broken.run("book", "list").lines), 1)
        self.assertEqual(prefilled(broken, book), prefilled(unbroken, book))

    def test_a_killed_export_is_continued_by_repeating_it(self):
        whole, broken = self.folder / "whole", self.folder / "broken"
        self.home.run("export", "--book", self.book, "--out", whole, "--with-errors")
        self.assertGreater(
            self.kill_until_done(self.home, "export", "--book", self.book, "--out", broken, "--with-errors"), 0)
        self.assertEqual(files_of(broken), files_of(whole))

    def test_lines_for_training_have_ids_in_their_names_and_people_s_words_beside(self):
        result = self.home.run("export", "--book", self.book, "--out", self.folder / "lines", "--format", "lines")
        self.assertEqual(result.status, 0, result.stderr)
        folder = pathlib.Path(result.lines[0]["path"])
        head, *rows = (folder / "labels.tsv").read_text().splitlines()
        self.assertEqual(head, "file\tsheet\ttext")
        self.assertEqual(len(rows), result.lines[0]["lines"])
        self.assertGreater(len(rows), 0)
        self.assertTrue(any("Đặng Thị Mẫu" in row for row in rows))
        self.assertFalse(any("/6/2012" in row for row in rows), "printed words stand between day, month and year")
        for row in rows:
            name, sheet, text = row.split("\t")
            self.assertRegex(name, rf"^{sheet}-\d+-\d\d\.png$")
            self.assertTrue((folder / name).read_bytes().startswith(b"\x89PNG"))
            self.assertTrue(text)
        self.assertEqual({p.name for p in folder.iterdir()}, {"labels.tsv"} | {r.split("\t")[0] for r in rows})
        refused = self.home.run("export", "--book", self.book, "--out", self.folder, "--format", "lines", "--stage",
                                "prefill")
        self.assertEqual(refused.status, 1)

    def test_wrong_templates_of_names_are_refused_with_file_line_and_column(self):
        station = s.Station('scan { dpi: 300 }\nexport {\n  file_name: "{kind}.{book}"\n}\n')
        result = station.run("book", "list")
        self.assertEqual(result.status, 2)
        self.assertIn("station.textproto:3:", result.stderr)
        self.assertIn("needs {number}", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=s.sys.argv[:1], verbosity=2)
