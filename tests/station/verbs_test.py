"""The program's verbs as docs/design.md 6.1 lists them, and the sample path from scanner to package.

usage: verbs_test.py HOTICH SAMPLES LIB PROTO
"""

import fcntl
import json
import os
import pathlib
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest
import zlib

import grpc

import station as s

VERBS = ["serve", "scanners", "scan", "import", "book", "work", "export", "report", "split",
         "read-line", "compress", "account", "clerk", "review"]


def unread(pipe):
    """Bytes that nobody has taken out of the pipe."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


def draw_page(path, words):
    """A PNG of an A4 page of plain paper at 150 dpi, with strokes as of words at (x, y, width) px."""
    width, height, ink, paper = 1240, 1754, 60, 232
    rows = [bytearray([paper]) * width for _ in range(height)]
    for x, y, length in words:
        for at in range(x, x + length, 9):  # upright strokes on a baseline
            for row in range(y - 20, y):
                rows[row][at:at + 3] = bytes([ink]) * 3
        rows[y][x:x + length] = bytes([ink]) * length
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    per_metre = round(150 / 0.0254)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
                     chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)) +
                     chunk(b"IDAT", zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))) + chunk(b"IEND", b""))


class Verbs(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = s.scratch_folder()
        cls.pages = s.draw(cls.folder / "pages", "--form", "ks_g3", "--captures", "2", "--hand", "typed",
                           "--seed", "601", "--dpi", "150")

    def test_every_verb_explains_itself_with_an_example(self):
        station = s.Station()
        for verb in VERBS:
            process = subprocess.run([s.HOTICH, verb, "--help"], capture_output=True, text=True)
            self.assertEqual(process.returncode, 0, verb)
            if verb not in ("book", "account"):
                self.assertIn("Example: ", process.stdout, verb)
                self.assertIn(f"hotich {verb}", process.stdout.split("Example: ")[-1].replace("--station /var/lib/hotich ", ""))
        self.assertEqual(station.run("no-such-verb").status, 2)
        self.assertEqual(station.run("split").status, 2)

    def test_wrong_settings_are_refused_with_file_line_and_column(self):
        station = s.Station("scan {\n  dpi: 300\n  colour: true\n}\n")
        result = station.run("book", "list")
        self.assertEqual(result.status, 2)
        self.assertIn("station.textproto:3:", result.stderr)
        self.assertIn("colour", result.stderr)
        station = s.Station("scan { dpi: \"many\" }")
        result = station.run("split", self.pages[0])
        self.assertEqual(result.status, 2)
        self.assertIn("station.textproto:1:", result.stderr)

    def test_only_what_may_come_first_begins_a_station(self):
        place = self.folder / "mistyped"
        work_on_one = [
            ["book", "list"], ["book", "show", "b"], ["book", "verify", "b"], ["book", "turn", "c", "90"],
            ["book", "move", "c", "1"], ["book", "no-entries", "c"], ["book", "discard", "c"], ["work"], ["report"], ["account", "list"],
            ["scan", "--book", "b", "--scanner", "s"], ["import", "--book", "b", self.pages[0]],
            ["export", "--book", "b", "--out", self.folder / "out"],
            ["clerk", "--account", "lan"], ["review", "--account", "hoa"], ["serve"],
        ]
        station = s.Station()
        station.folder = place
        for words in work_on_one:
            result = station.run(*words)
            self.assertEqual(result.status, 2, words)
            for said in (str(place), "--station", "HOTICH_STATION", "hotich book add", "chưa có trạm"):
                self.assertIn(said, result.stderr, words)
            self.assertFalse(place.exists(), words)
        empty = self.folder / "no sheets"
        empty.mkdir()
        refused = {
            ("account", "add", "bad name"): (2, "tên tài khoản"),
            ("import", "--values", empty): (1, "no .xlsx"),
            ("book", "add", "--kind", "XX", "--place", "UBND xã Mẫu", "--years", "2012", "--number", "01"): (2, "loại sổ"),
        }
        for words, (status, said) in refused.items():
            result = station.run(*words)
            self.assertEqual(result.status, status, words)
            self.assertIn(said, result.stderr, words)
            self.assertFalse(place.exists(), words)
        short = dict(station.environment, HOTICH_PASSWORD="ngan")
        station.environment, long = short, station.environment
        result = station.run("account", "add", "lan")
        station.environment = long
        self.assertEqual(result.status, 2)
        self.assertIn("mật khẩu ngắn quá", result.stderr)
        self.assertFalse(place.exists())
        begins = [
            ["book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012", "--number", "01"],
            ["account", "add", "lan"],
        ]
        for number, words in enumerate(begins):
            station.folder = place / str(number)
            self.assertEqual(station.run(*words).status, 0, words)
            self.assertEqual(station.run("book", "list").status, 0, words)

    def test_a_client_needs_no_station_where_the_service_listens_elsewhere(self):
        away = s.Station('serve { listen: "127.0.0.1:1" }')
        clerk = subprocess.run([s.HOTICH, "--station", away.folder, "clerk", "--account", "lan"],
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, env=away.environment,
                               timeout=s.DEADLINE_S)
        self.assertIn("127.0.0.1:1", clerk.stdout)

    def test_a_password_goes_to_this_machine_alone(self):
        station = s.Station()
        for address in ("8.8.8.8:7000", "0.0.0.0:7000", "dns:///office:7000"):
            refused = station.run("clerk", "--account", "lan", "--address", address)
            self.assertEqual(refused.status, 2, address)
            self.assertIn("127.0.0.1:port", refused.stderr)

    def test_a_wrong_command_line_is_told_which_word_and_what_there_is(self):
        for words, said in {
            ("nosuch",): ['no "nosuch"', "serve, scanners, scan", "hotich --help"],
            (): ["which verb?", "serve, scanners, scan", "hotich --help"],
            ("book", "ad"): ['hotich book: there is no "ad"', "add, list, show", "hotich book --help"],
            ("book",): ["hotich book: which verb?", "add, list, show"],
            ("--nosuch",): ['"--nosuch" is not known here', "hotich --help"],
            ("--staton", "x", "book", "list"): ['"--staton" is not known here', "hotich book list --help"],
            ("work", "--worker", "2"): ['hotich work: "--worker" is not known here', "hotich work --help"],
            ("book", "list", "extra"): ['"extra" is not known here', "hotich book list --help"],
            ("account", "add"): ["name is required", "hotich account add --help"],
            ("work", "--workers", "two"): ["--workers: Value two not in range"],
            ("--station",): ["--station: 1 required"],
        }.items():
            process = subprocess.run([s.HOTICH, *words], capture_output=True, text=True)
            self.assertEqual((process.returncode, process.stdout), (2, ""), words)
            for part in said:
                self.assertIn(part, process.stderr, words)

    def test_ctrl_c_leaves_a_service_that_hangs(self):
        station = s.Station()
        station.add_people()
        book = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012",
                           "--number", "01").lines[0]["book"]
        station.run("import", "--book", book, self.pages[0])
        station.run("work")
        station.serve().close()
        # Before the sign-in, and in the middle of an entry.
        for typed in ("", "Trần Văn Mẫu\n"):
            screen = station.folder / "screen"
            if not typed:
                self.make_hang(station.server)
            with open(screen, "wb") as out:
                clerk = subprocess.Popen([s.HOTICH, "--station", station.folder, "clerk", "--account", "lan"],
                                         stdin=subprocess.PIPE, stdout=out, env=station.environment)
            self.addCleanup(clerk.kill)
            if typed:
                self.wait_for(lambda: "[1/" in screen.read_text())
                self.make_hang(station.server)
                clerk.stdin.write(typed.encode())
                clerk.stdin.flush()
                self.wait_for(lambda: unread(clerk.stdin) == 0)
            else:
                self.wait_for(lambda: "Mất kết nối" in screen.read_text())
            start = time.monotonic()
            clerk.send_signal(signal.SIGINT)
            self.assertEqual(clerk.wait(s.DEADLINE_S), 1)
            # A second, and room for a loaded machine; a call's own deadline is ten.
            self.assertLess(time.monotonic() - start, 3)
            self.assertIn("chưa lưu được" if typed else "Đã dừng khi máy chủ chưa trả lời", screen.read_text())
            clerk.stdin.close()
            station.server.send_signal(signal.SIGCONT)
        self.assertEqual(station.stop(), 0)

    def make_hang(self, server):
        server.send_signal(signal.SIGSTOP)
        os.waitpid(server.pid, os.WUNTRACED)  # no return before it stands still

    def wait_for(self, seen):
        end = time.monotonic() + s.DEADLINE_S
        while not seen():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)

    def test_accounts_are_given_changed_and_taken(self):
        station = s.Station()
        station.add_people()
        channel = station.serve()
        session = station.sign_in(channel, "lan")
        station.environment["HOTICH_PASSWORD"] = "mot mat khau khac"
        changed = station.run("account", "password", "lan")
        self.assertEqual((changed.status, changed.lines), (0, [{"account": "lan"}]))
        desk = s.desk_service_pb2_grpc.DeskServiceStub(channel)
        with self.assertRaises(grpc.RpcError) as over:
            next(desk.StreamWork(s.desk_service_pb2.StreamWorkRequest(), metadata=session,
                                 timeout=s.DEADLINE_S))
        self.assertEqual(over.exception.code(), grpc.StatusCode.UNAUTHENTICATED)
        for words in (("password", "nobody"), ("remove", "nobody")):
            unknown = station.run("account", *words)
            self.assertEqual(unknown.status, 1)
            self.assertIn("không có tài khoản này", unknown.stderr)

        self.assertEqual(station.run("account", "remove", "lan").lines, [{"account": "lan", "removed": True}])
        self.assertEqual([line["account"] for line in station.run("account", "list").lines], ["hoa", "mai"])
        again = station.run("account", "add", "lan", "--role", "operator")
        self.assertEqual(again.lines, [{"account": "lan", "role": "operator"}])
        bad = station.run("account", "add", "bad name/..")
        self.assertEqual(bad.status, 2)
        self.assertIn("letters and digits", bad.stderr)
        twice = station.run("account", "add", "mai")
        self.assertEqual(twice.status, 1)
        self.assertIn("đã có tài khoản này", twice.stderr)
        second = station.run("serve")
        self.assertEqual(second.status, 1)
        self.assertIn("máy chủ khác đang chạy", second.stderr)
        channel.close()
        self.assertEqual(station.stop(), 0)

    def test_a_new_password_is_typed_twice_and_asked_for_last(self):
        try:
            for end in pty.openpty():
                os.close(end)
        except OSError as none:
            self.skipTest(f"this machine gives no terminals (/dev/pts): {none}")
        station = s.Station()
        del station.environment["HOTICH_PASSWORD"]

        def type_at_terminal(words, *answers):
            child, terminal = pty.fork()
            if child == 0:
                os.execve(s.HOTICH, [str(s.HOTICH), "--station", str(station.folder), *words],
                          station.environment)
            screen = b""
            waiting = list(answers)
            end = time.monotonic() + s.DEADLINE_S
            while True:
                if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                    self.fail(f"{words} hangs after {screen.decode()!r}")
                try:
                    got = os.read(terminal, 1000)
                except OSError:  # the end of a terminal
                    break
                screen += got
                if waiting and screen.endswith(b": "):
                    answer = waiting.pop(0)
                    os.write(terminal, answer.encode() + (b"" if answer == "\x03" else b"\n"))
            os.close(terminal)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), screen.decode()

        status, screen = type_at_terminal(["account", "add", "lan"], "mat khau dai", "mat khau daj")
        self.assertEqual(status, 2)
        self.assertIn("không giống nhau", screen)
        self.assertFalse((station.folder / "station.db").exists())
        status, screen = type_at_terminal(["account", "add", "lan"], "\x03")
        self.assertNotEqual(status, 0)
        self.assertIn("đã dừng theo yêu cầu", screen)
        self.assertFalse((station.folder / "station.db").exists())
        self.assertEqual(type_at_terminal(["account", "add", "lan"], "mat khau dai", "mat khau dai")[0], 0)
        for words in (["account", "add", "lan"], ["account", "password", "nobody"], ["account", "add", "x y"]):
            status, screen = type_at_terminal(words)
            self.assertNotEqual(status, 0)
            self.assertNotIn("Mật khẩu", screen)

    def test_a_wrong_form_file_is_refused_with_file_line_and_column(self):
        models = self.folder / "models"
        (models / "forms").mkdir(parents=True)
        (models / "forms" / "bad.textproto").write_text('name: "bad"\nzone_s {}\n')
        result = s.Station().run("--models", models, "book", "list")
        self.assertEqual(result.status, 2)
        self.assertIn("bad.textproto:2:", result.stderr)

    def test_split_answers_a_line_an_image_and_says_which_ones_are_bad(self):
        bad = self.folder / "bad.jpg"
        bad.write_bytes(self.pages[0].read_bytes()[:2000])
        empty = self.folder / "empty.png"
        empty.write_bytes(b"")
        result = s.Station().run("split", bad, self.pages[0], empty, self.folder / "absent.png")
        self.assertEqual(result.status, 1)
        self.assertEqual([("error" in line) for line in result.lines], [True, False, True, True])
        for line in result.lines:
            if "error" in line:
                self.assertTrue(line["error"]["code"] and line["error"]["message"])
        good = result.lines[1]
        self.assertEqual(good["image"], str(self.pages[0]))
        self.assertEqual(len(good["pages"]), 1)
        self.assertEqual(len(good["pages"][0]["outline"]), 4)
        self.assertEqual(len(good["entries"]), 1)
        self.assertEqual(good["form"], "ks_g3")

    def test_split_writes_crops_and_traces(self):
        out, trace = self.folder / "crops", self.folder / "trace"
        result = s.Station().run("split", "--out", out, "--trace", trace, self.pages[0])
        self.assertEqual(result.status, 0)
        self.assertEqual(len(list(out.glob("*.png"))), 1)
        stages = {p.stem.rsplit("-", 1)[-1] for p in trace.glob("*.png")}
        stages |= {p.stem.rsplit("-", 2)[-2] for p in trace.glob("*-?.png")}
        self.assertLessEqual({"edges", "mesh", "flat", "rulings", "layout", "quality"}, stages)

    def test_read_line_takes_a_list_on_standard_input(self):
        result = s.Station().run("read-line", "--kind", "text", "--nbest", "3", "-",
                                 stdin=f"{self.pages[0]}\n/nowhere.png\n")
        self.assertEqual(result.status, 1)
        self.assertEqual(result.lines[0]["image"], str(self.pages[0]))
        self.assertLessEqual(len(result.lines[0]["candidates"]), 3)
        self.assertRegex(result.lines[0]["model"], r"^vie@[0-9a-f]{12}\+vie_register@[0-9a-f]{12}$")
        self.assertIn("error", result.lines[1])

    def test_read_line_keeps_what_it_saw_of_every_picture(self):
        station = s.Station()
        one = self.folder / "one.pdf"
        station.run("compress", self.pages[0], "-o", one)
        names = [self.folder / "left" / "line.pdf", self.folder / "right" / "line.pdf"]
        for name in names:
            name.parent.mkdir()
            subprocess.run(["qpdf", "--empty", "--pages", one, one, "--", name], check=True)
        cleaned = self.folder / "cleaned"
        result = station.run("read-line", "--cleaned", cleaned, *names)
        self.assertEqual((result.status, len(result.lines)), (0, 4))
        self.assertEqual(sorted(file.name for file in cleaned.iterdir()),
                         ["line-p1.png", "line-p1~2.png", "line-p2.png", "line-p2~2.png"])

    def test_ctrl_c_ends_a_list_that_is_still_open(self):
        reader = subprocess.Popen([s.HOTICH, "--station", s.Station().folder, "read-line", "-"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(reader.kill)
        reader.stdin.write(b"/nowhere.png\n")
        reader.stdin.flush()
        self.assertIn(b"/nowhere.png", reader.stdout.readline())
        reader.send_signal(signal.SIGINT)
        self.assertEqual(reader.wait(s.DEADLINE_S), 1)
        reader.stdin.close()
        reader.stdout.close()

    def test_compress_keeps_the_limit_it_is_given(self):
        out = self.folder / "entry.pdf"
        result = s.Station().run("compress", self.pages[0], "-o", out, "--limit-bytes", "40000")
        self.assertEqual(result.status, 0, result.stderr)
        self.assertEqual(result.lines[0]["bytes"], out.stat().st_size)
        self.assertLessEqual(out.stat().st_size, 40000)
        subprocess.run(["qpdf", "--check", out], check=True, capture_output=True)
        self.assertNotIn("warning", result.lines[0])

    def test_compress_takes_72_dpi_for_a_camera_that_knows_none_and_tells_people_what_is_hard_to_read(self):
        page = s.draw(self.folder / "at72", "--form", "ks_g3", "--captures", "1", "--seed", "611", "--dpi", "72")[0]
        out = self.folder / "at72.pdf"
        result = s.Station().run("compress", page, "-o", out, "--limit-bytes", "4000")
        self.assertEqual(result.status, 0)
        self.assertIn("warning", result.lines[0])
        self.assertIn("khó đọc", result.stderr)
        said = subprocess.run(["pdfinfo", out], capture_output=True, text=True, check=True).stdout
        width_pt = float(next(line for line in said.splitlines() if line.startswith("Page size")).split()[2])
        self.assertLess(width_pt, 300, "an A4 page of 72 dpi is at 300 dpi a quarter as wide")

    def test_compress_never_writes_where_it_would_destroy_or_hide(self):
        station = s.Station()
        folder = self.folder / "traps"
        (folder / "pictures").mkdir(parents=True)
        mine = folder / "mine.jpg"
        mine.write_bytes(self.pages[0].read_bytes())
        (folder / "link.pdf").symlink_to(mine)
        (folder / "device.pdf").symlink_to("/dev/full")
        both = folder / "both.pdf"
        for number, page in enumerate(self.pages[:2]):
            (folder / "pictures" / f"{number}.jpg").write_bytes(page.read_bytes())
            station.run("compress", page, "-o", folder / f"{number}.pdf")
        subprocess.run(["qpdf", "--empty", "--pages", folder / "0.pdf", folder / "1.pdf", "--", both], check=True)
        out = folder / "out.pdf"
        refused = [
            (mine, mine, "chính là ảnh đưa vào"),
            (mine, folder / "link.pdf", "chính là ảnh đưa vào"),
            (mine, folder / "absent" / "out.pdf", "thư mục để ghi ra chưa có"),
            (mine, folder / "device.pdf", "không phải một tệp"),
            (mine, folder / "pictures", "không phải một tệp"),
            (mine, "", "không phải một tệp"),
            (folder / "pictures", out, "nhiều ảnh"),
            (both, out, "nhiều ảnh"),
        ]
        for picture, target, said in refused:
            result = station.run("compress", picture, "-o", target)
            self.assertEqual(result.status, 2, (picture, target))
            self.assertIn(said, result.stderr)
        missing = station.run("compress", folder / "nope.jpg", "-o", out)
        self.assertEqual(missing.status, 1)
        self.assertIn("nope.jpg", missing.stderr)
        self.assertIn("Không có tệp", missing.stderr)
        self.assertEqual(mine.read_bytes(), self.pages[0].read_bytes())
        self.assertTrue((folder / "device.pdf").is_symlink())
        self.assertFalse(out.exists() or (folder / "absent").exists())

    def test_what_is_written_never_lies_among_the_pictures(self):
        station = s.Station()
        folder = self.folder / "among"
        folder.mkdir()
        mine = folder / "mine.jpg"
        mine.write_bytes(self.pages[0].read_bytes())
        before = sorted(folder.iterdir())
        for words in (["split", "--out", folder, mine], ["split", "--trace", folder, mine],
                      ["split", "--out", folder / "crops", folder], ["read-line", "--cleaned", folder, mine],
                      ["split", "--out", folder / "a" / "b", self.pages[0]], ["split", "--out", mine, self.pages[0]]):
            result = station.run(*words)
            self.assertEqual((result.status, result.lines), (2, []), words)
            self.assertIn("ghi ra", result.stderr, words)
        listed = station.run("read-line", "--cleaned", folder, "-", stdin=f"{mine}\n")
        self.assertEqual((listed.status, listed.lines[0]["error"]["code"]), (1, "OUT_HOLDS_INPUT"))
        self.assertEqual(sorted(folder.iterdir()), before)

    def test_lines_that_cannot_be_written_are_told_and_stop_the_verb_with_all_safe(self):
        station = s.Station()
        book = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012",
                           "--number", "01").lines[0]["book"]

        def into_full_disk(*words):
            with open("/dev/full", "w") as full:
                return subprocess.run([s.HOTICH, "--station", station.folder, *words], stdout=full,
                                      stderr=subprocess.PIPE, text=True, env=station.environment,
                                      timeout=s.DEADLINE_S * 5)
        for words in (["book", "list"], ["report"], ["--help"], ["split", *self.pages],
                      ["import", "--book", book, *self.pages]):
            result = into_full_disk(*words)
            self.assertEqual(result.returncode, 1, words)
            self.assertEqual(result.stderr.count("không ghi được kết quả ra"), 1, words)
        self.assertIn(f"1 ảnh mới đã nằm an toàn trong sổ {book}", result.stderr)
        self.assertNotIn("theo yêu cầu", result.stderr)
        again = station.run("import", "--book", book, *self.pages)
        self.assertEqual([line["created"] for line in again.lines], [False] + [True] * (len(self.pages) - 1))

    def test_an_import_names_the_page_that_it_could_not_take_and_goes_on(self):
        station = s.Station()
        book = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012",
                           "--number", "01").lines[0]["book"]
        folder = self.folder / "document"
        folder.mkdir()
        for number, page in enumerate(self.pages[:2]):
            station.run("compress", page, "-o", folder / f"{number}.pdf")
        # A page as wide as a house.
        (folder / "large.pdf").write_bytes(
            b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
            b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
            b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9000 9000] >>\nendobj\n"
            b"trailer\n<< /Root 1 0 R >>\n%%EOF\n")
        whole = folder / "whole.pdf"
        # qpdf warns of the missing table of objects and makes one.
        subprocess.run(["qpdf", "--empty", "--pages", folder / "0.pdf", folder / "large.pdf", folder / "1.pdf",
                        "--", whole], capture_output=True)
        result = station.run("import", "--book", book, whole, "")
        self.assertEqual(result.status, 1)
        self.assertEqual([(line["source"], line.get("error", {}).get("code")) for line in result.lines],
                         [(f"{whole}#1", None), (f"{whole}#2", "too_large"), (f"{whole}#3", None),
                          ('""', "file_not_found")])

    def test_compress_says_when_a_person_may_not_be_able_to_read_the_pdf(self):
        out = self.folder / "mush.pdf"
        result = s.Station().run("compress", self.pages[0], "-o", out, "--limit-bytes", "5000",
                                 "--dpi", "150")
        self.assertEqual(result.status, 0, result.stderr)
        self.assertLessEqual(out.stat().st_size, 5000)
        self.assertLess(result.lines[0]["legibility"], 0.5)
        self.assertIn("hard to read", result.lines[0]["warning"])
        nothing = s.Station().run("compress", self.pages[0], "-o", out, "--limit-bytes", "500")
        self.assertEqual(nothing.status, 1)
        self.assertIn("raise the limit", nothing.lines[0]["error"]["message"])

    def test_import_is_safe_to_repeat_and_a_bad_file_costs_only_itself(self):
        station = s.Station()
        book = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012",
                           "--number", "01").lines[0]["book"]
        bad = self.folder / "half.jpg"
        bad.write_bytes(self.pages[0].read_bytes()[:30000])
        first = station.run("import", "--book", book, bad, self.folder / "pages")
        self.assertEqual(first.status, 1)
        self.assertEqual([line.get("created") for line in first.lines if "capture" in line],
                         [True, True])
        self.assertIn("half.jpg", [line for line in first.lines if "error" in line][0]["error"]["message"])
        second = station.run("import", "--book", book, self.folder / "pages")
        self.assertEqual([line["created"] for line in second.lines], [False, False])
        shown = station.run("book", "show", book).lines[1:]
        self.assertEqual(len(shown), 2)

        # The operator's own order: the second capture out, back to the front, and on its side.
        one, two = (line["capture"] for line in shown)
        self.assertEqual(station.run("book", "discard", two).lines[0]["state"], "DISCARDED")
        self.assertEqual(len(station.run("book", "show", book).lines), 2)
        self.assertEqual(station.run("book", "move", two, "1").lines[0]["position"], 1)
        self.assertEqual([line["capture"] for line in station.run("book", "show", book).lines[1:]], [two, one])
        self.assertEqual(station.run("book", "turn", one, "90").lines[0]["state"], "WAITING")
        self.assertEqual(station.run("book", "turn", one, "45").status, 2)
        missing = station.run("book", "discard", "no-such-capture")
        self.assertEqual(missing.status, 1)
        self.assertIn("không có ảnh này", missing.stderr)

    def test_a_book_goes_from_the_scanner_to_a_package(self):
        station = s.Station()
        station.add_people()
        station.load_scanner(self.pages)
        self.assertIn("sane:hotich:0", [line["scanner"] for line in station.run("scanners").lines])
        book = station.run("book", "add", "--kind", "KS", "--place",
                           "UBND xã An Bình, huyện Mẫu, tỉnh Mẫu", "--years", "2012", "--number", "01",
                           "--closing-pages", "2", "--closing-entries", "2").lines[0]["book"]
        scanned = station.run("scan", "--book", book, "--scanner", "sane:hotich:0", "--dpi", "100")
        self.assertEqual(scanned.status, 0, scanned.stderr)
        self.assertEqual([line["position"] for line in scanned.lines], [1, 2])
        worked = station.run("work")
        self.assertEqual([line["entries"] for line in worked.lines], [1, 1])

        channel = station.serve()
        clerk, boss = station.sign_in(channel, "lan"), station.sign_in(channel, "hoa")
        desk = s.desk_service_pb2_grpc.DeskServiceStub(channel)
        reviews = s.review_service_pb2_grpc.ReviewServiceStub(channel)
        handed_in = 0
        for event in desk.StreamWork(s.desk_service_pb2.StreamWorkRequest(), metadata=clerk,
                                     timeout=s.DEADLINE_S):
            if not event.HasField("item"):
                continue
            item = event.item
            self.assertTrue(pathlib.Path(item.crop.file).exists())
            desk.Submit(s.desk_service_pb2.SubmitRequest(
                request_id=f"r-{item.entry.entry_id}", entry_id=item.entry.entry_id,
                lease_id=item.lease_id, version=item.entry.version, fields=s.as_read(item.entry)),
                metadata=clerk, timeout=s.DEADLINE_S)
            handed_in += 1
            if handed_in == 2:
                break
        for submission in reviews.ListSubmissions(
                s.review_service_pb2.ListSubmissionsRequest(book_id=book), metadata=boss,
                timeout=s.DEADLINE_S).submissions:
            reviews.Approve(s.review_service_pb2.ApproveRequest(
                request_id=f"a-{submission.entry.entry_id}", entry_id=submission.entry.entry_id,
                version=submission.entry.version), metadata=boss, timeout=s.DEADLINE_S)
        channel.close()
        self.assertEqual(station.stop(), 0)

        progress = station.run("report").lines[0]["total"]
        self.assertEqual((progress["captured"], progress["submitted"], progress["approved"]), (2, 2, 2))
        lines = station.run("export", "--book", book, "--out", station.folder / "out", "--format",
                            "jsonl", "--stage", "approved")
        path = pathlib.Path(lines.lines[0]["path"])
        entries = [json.loads(line) for line in path.read_text().splitlines()]
        self.assertEqual(len(entries), 2)
        self.assertIn("nksHoTen", entries[0]["fields"])
        package = station.run("export", "--book", book, "--out", station.folder / "out", "--with-errors")
        self.assertTrue(package.lines[0]["path"], package.stderr)
        checked = station.run("export", "--verify", package.lines[0]["path"])
        self.assertEqual((checked.status, checked.lines[0]["problems"]), (0, []))

    def test_verify_says_what_is_missing_for_programs_and_for_people(self):
        station = s.Station()
        book = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012",
                           "--number", "01", "--closing-pages", "9", "--closing-entries", "9").lines[0]["book"]
        empty = station.run("book", "verify", book)
        self.assertEqual(empty.status, 1)
        self.assertEqual([f["code"] for f in empty.lines[0]["findings"]],
                         ["no_captures", "page_count", "entry_count"])
        station.run("import", "--book", book, *self.pages)
        unread = station.run("book", "verify", book)
        self.assertEqual([f["code"] for f in unread.lines[0]["findings"]][:2], ["capture_unread"] * 2)
        self.assertIn("ảnh 2: ảnh này máy chưa đọc xong", unread.stderr)
        station.run("work")
        read = station.run("book", "verify", book)
        codes = [f["code"] for f in read.lines[0]["findings"]]
        self.assertIn("page_count", codes)
        self.assertNotIn("capture_unread", codes)
        self.assertIn("2/9: số trang đã quét khác số trang ở lời khóa sổ", read.stderr)

    def test_verify_counts_by_the_numbers_that_clerks_gave(self):
        station = s.Station()
        station.add_people()
        book = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012",
                           "--number", "01", "--form", "ks_g3").lines[0]["book"]
        station.run("import", "--book", book, *self.pages)
        station.run("work")
        channel = station.serve()
        clerk = station.sign_in(channel, "lan")
        desk = s.desk_service_pb2_grpc.DeskServiceStub(channel)
        numbers = iter(["01/2012", "03/2012"])
        handed_in = 0
        for event in desk.StreamWork(s.desk_service_pb2.StreamWorkRequest(), metadata=clerk,
                                     timeout=s.DEADLINE_S):
            if not event.HasField("item"):
                continue
            fields = s.as_read(event.item.entry)
            for field in fields:
                if field.name == "so":
                    field.literal, field.mark = next(numbers), s.vocabulary_pb2.FIELD_MARK_UNSPECIFIED
            desk.Submit(s.desk_service_pb2.SubmitRequest(
                request_id=f"r-{handed_in}", entry_id=event.item.entry.entry_id,
                lease_id=event.item.lease_id, version=event.item.entry.version, fields=fields),
                metadata=clerk, timeout=s.DEADLINE_S)
            handed_in += 1
            if handed_in == 2:
                break
        channel.close()
        self.assertEqual(station.stop(), 0)
        findings = station.run("book", "verify", book).lines[0]["findings"]
        self.assertEqual([(f["code"], f["message"].split(":")[0]) for f in findings],
                         [("number_gap", "number 02/2012")])
        self.assertEqual([[e["position"] for e in f["entries"]] for f in findings], [[2]])

    def test_a_book_scanned_with_its_blank_and_closing_pages_becomes_complete(self):
        station = s.Station()
        station.add_people()
        form = s.draw(self.folder / "marriage", "--form", "kh_g3", "--captures", "1", "--hand", "typed",
                      "--seed", "611", "--dpi", "150")[0]
        blank, closing = self.folder / "z-blank.png", self.folder / "z-closing.png"
        draw_page(blank, [(1080, 100, 50)])
        draw_page(closing, [(150 + 220 * word, 250 + 80 * line, 180) for line in range(8) for word in range(4)])
        book = station.run("book", "add", "--kind", "KH", "--place", "UBND xã Mẫu", "--years", "2012-2013",
                           "--number", "01", "--closing-pages", "3", "--closing-entries", "1").lines[0]["book"]
        captures = [line["capture"] for line in
                    station.run("import", "--book", book, form, blank, closing).lines if "capture" in line]
        station.run("work")
        shown = station.run("book", "show", book).lines[1:]
        self.assertEqual([len(capture["entries"]) for capture in shown[:2]], [1, 0])
        self.assertGreater(len(shown[2]["entries"]), 0)
        said = station.run("book", "no-entries", captures[2])
        self.assertEqual((said.status, said.lines[0]["state"]), (0, "WAITING"), said.stderr)
        station.run("work")
        shown = station.run("book", "show", book).lines[1:]
        self.assertEqual([len(capture["entries"]) for capture in shown], [1, 0, 0])
        self.assertEqual([capture.get("no_entries", False) for capture in shown], [False, False, True])
        self.hand_in(station, "01/2012")
        refused = station.run("book", "no-entries", captures[0])
        self.assertEqual(refused.status, 1)
        self.assertIn("đã nộp", refused.stderr)
        done = station.run("book", "verify", book)
        self.assertEqual((done.status, done.lines[0]["complete"]), (0, True), done.stderr)
        # The operator's word can be taken back.
        self.assertEqual(station.run("book", "no-entries", captures[2], "--undo").status, 0)
        station.run("work")
        self.assertGreater(len(station.run("book", "show", book).lines[3]["entries"]), 0)

    def test_an_entry_handed_in_on_a_capture_taken_out_is_told_and_not_delivered(self):
        station = s.Station()
        station.add_people()
        book = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012",
                           "--number", "01", "--form", "ks_g3", "--closing-entries", "1").lines[0]["book"]
        captures = [line["capture"] for line in station.run("import", "--book", book, *self.pages).lines
                    if "capture" in line]
        station.run("work")
        self.hand_in(station, "01/2012", "02/2012")
        self.assertEqual(station.run("book", "discard", captures[1]).status, 0)
        verified = station.run("book", "verify", book)
        line = verified.lines[0]
        self.assertEqual((line["entries"], [f["code"] for f in line["findings"]]), (1, ["handed_in_discarded"]))
        self.assertIn("hotich book move", verified.stderr)
        self.assertIn(captures[1], verified.stderr)
        delivered = station.run("export", "--book", book, "--out", station.folder / "out", "--format", "jsonl",
                                "--stage", "submitted")
        self.assertEqual(delivered.lines[0]["entries"], 1)
        station.run("book", "move", captures[1], "2")
        station.run("work")
        self.assertEqual(station.run("book", "verify", book).lines[0]["entries"], 2)

    def test_an_export_with_errors_says_what_became_of_it(self):
        station = s.Station()
        book = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012",
                           "--number", "01", "--form", "ks_g3").lines[0]["book"]
        station.run("import", "--book", book, self.pages[0])
        station.run("work")
        for form, said in (("package", "nothing was written"), ("jsonl", "the file was written")):
            result = station.run("export", "--book", book, "--out", station.folder / "out", "--format", form)
            self.assertEqual(result.status, 1)
            error = result.lines[0]["error"]
            self.assertEqual(error["code"], "FAILED_PRECONDITION")
            self.assertIn(said, error["message"])
            self.assertNotIn("1 errors", result.stderr)
            self.assertEqual(bool(result.lines[0]["path"]), form == "jsonl")

    def hand_in(self, station, *numbers):
        """Every entry that waits, as read but with these numbers, by lan."""
        channel = station.serve()
        clerk = station.sign_in(channel, "lan")
        desk = s.desk_service_pb2_grpc.DeskServiceStub(channel)
        left = list(numbers)
        for event in desk.StreamWork(s.desk_service_pb2.StreamWorkRequest(), metadata=clerk, timeout=s.DEADLINE_S):
            if not event.HasField("item"):
                continue
            fields = s.as_read(event.item.entry)
            for field in fields:
                if field.name == "so":
                    field.literal, field.mark = left.pop(0), s.vocabulary_pb2.FIELD_MARK_UNSPECIFIED
            desk.Submit(s.desk_service_pb2.SubmitRequest(
                request_id=f"h-{event.item.entry.entry_id}", entry_id=event.item.entry.entry_id,
                lease_id=event.item.lease_id, version=event.item.entry.version, fields=fields),
                metadata=clerk, timeout=s.DEADLINE_S)
            if not left:
                break
        channel.close()
        self.assertEqual(station.stop(), 0)

    def test_two_clerks_never_hold_one_entry_and_a_lost_clerk_keeps_the_draft(self):
        station = s.Station("desk { lease_s: 2 max_prefetch: 1 }")
        station.add_people()
        book = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012",
                           "--number", "01").lines[0]["book"]
        station.run("import", "--book", book, self.pages[0])
        station.run("work")
        channel = station.serve()
        lan, mai = station.sign_in(channel, "lan"), station.sign_in(channel, "mai")
        desk = s.desk_service_pb2_grpc.DeskServiceStub(channel)
        first = desk.StreamWork(s.desk_service_pb2.StreamWorkRequest(), metadata=lan,
                                timeout=s.DEADLINE_S)
        item = next(e.item for e in first if e.HasField("item"))
        desk.SaveDraft(s.desk_service_pb2.SaveDraftRequest(
            request_id="d1", entry_id=item.entry.entry_id, lease_id=item.lease_id,
            fields=[s.vocabulary_pb2.FieldValue(name="nksHoTen", literal="Nguyễn Thị Mẫu")]),
            metadata=lan, timeout=s.DEADLINE_S)
        first.cancel()  # Lan's machine is switched off
        second = desk.StreamWork(s.desk_service_pb2.StreamWorkRequest(), metadata=mai,
                                 timeout=s.DEADLINE_S)
        again = next(e.item for e in second if e.HasField("item"))
        self.assertEqual(again.entry.entry_id, item.entry.entry_id)
        self.assertEqual([f.literal for f in again.draft], ["Nguyễn Thị Mẫu"])
        with self.assertRaises(grpc.RpcError) as late:
            desk.Submit(s.desk_service_pb2.SubmitRequest(
                request_id="s1", entry_id=item.entry.entry_id, lease_id=item.lease_id,
                version=item.entry.version, fields=s.as_read(item.entry)),
                metadata=lan, timeout=s.DEADLINE_S)
        self.assertEqual(late.exception.code(), grpc.StatusCode.FAILED_PRECONDITION)
        second.cancel()
        channel.close()
        self.assertEqual(station.stop(), 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
