#!/usr/bin/env python3
"""The arrows of docs/design.md section 3: a room that includes what it must not know fails here."""
import pathlib
import re
import sys
import tempfile

# room: what its files may include of ours. Longest matching folder counts.
MAY_INCLUDE = {
    "base": ["base", "hotich/v1"],
    "capture/scanner": ["capture/scanner", "base", "hotich/v1"],
    "capture/page": ["capture/page", "base", "hotich/v1"],
    "ocr/form": ["ocr/form", "base", "hotich/v1"],
    "ocr/line": ["ocr/line", "base", "hotich/v1"],
    "ocr/value": ["ocr/value", "base", "hotich/v1"],
    "pdf": ["pdf", "base", "hotich/v1"],
    "store": ["store", "base", "hotich/v1"],
    "samples": ["samples", "ocr/form", "ocr/value", "base", "hotich/v1"],
    "service": ["service", "capture", "ocr", "pdf", "store", "base", "hotich/v1", "google/rpc"],
}

# foreign header: the rooms that may include it, and in how many files (one .cc each unless said).
FOREIGN = {
    r"sane/": {"capture/scanner": 1, "samples/virtual_scanner": 1},
    r"tesseract/": {"ocr/line": 1},
    r"hpdf": {"pdf": 1},
    r"qpdf/": {"pdf": 1, "capture/scanner": 1},
    r"(soci/|soci\.h)": {"store": 1},
    r"poppler": {"capture/scanner": 1},
    r"(leptonica/|allheaders)": {"capture/page": 1, "ocr/line": 1},
    r"(xlsxwriter|zip\.h)": {"service/export": 2},
    r"pugixml": {"service/export": 1},
    # They load GDAL and FFmpeg, which every start of the program would wait for.
    r"opencv2/(imgcodecs|videoio)": {"capture/scanner/camera": 1, "samples": 2},
    r"(grpc/|grpcpp/)": {"service": 99},
}

OURS = re.compile(r"^(base|capture|ocr|pdf|store|samples|service|tests|bench|hotich/v1|google/rpc)/")


def room_of(path, rooms):
    fitting = [r for r in rooms if path.startswith(r + "/")]
    return max(fitting, key=len) if fitting else None


def problems(root):
    found = []
    users = {}
    for file in sorted(root.rglob("*")):
        if file.suffix not in (".h", ".cc"):
            continue
        path = file.relative_to(root).as_posix()
        room = room_of(path, MAY_INCLUDE)
        if room is None:
            continue
        for include in re.findall(r'^\s*#include\s+[<"]([^>"]+)[>"]', file.read_text(), re.M):
            if OURS.match(include):
                if not any(include.startswith(a + "/") for a in MAY_INCLUDE[room]):
                    found.append(f"{path} includes {include}: {room} must not know it")
            for header, allowed in FOREIGN.items():
                if re.match(header, include):
                    where = room_of(path, allowed)
                    if where is None:
                        found.append(f"{path} includes {include}: only {', '.join(allowed)} may")
                    elif file.suffix == ".h" and allowed[where] < 99:
                        found.append(f"{path} includes {include} in a header")
                    else:
                        users.setdefault((where, header), set()).add(path)
    for (where, header), files in users.items():
        if len(files) > FOREIGN[header][where]:
            found.append(f"{header} is included by {len(files)} files of {where}: {sorted(files)}")
    return found


def self_test():
    """The check must see a forbidden include, or it proves nothing."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "ocr/value").mkdir(parents=True)
        (root / "ocr/value/bad.cc").write_text(
            '#include "store/store.h"\n#include <tesseract/baseapi.h>\n')
        assert len(problems(root)) == 2, problems(root)


self_test()
bad = problems(pathlib.Path(sys.argv[1]))
print("\n".join(bad) if bad else "arrows: all includes allowed")
sys.exit(1 if bad else 0)
