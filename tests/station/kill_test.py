"""The running service is killed with SIGKILL at 200 random points while sheets are scanned, pages are
read and entries are handed in. After each kill: what was acknowledged is there, whole and once.

usage: kill_test.py HOTICH SAMPLES LIB PROTO [SEED]
"""

import hashlib
import random
import sqlite3
import sys
import threading
import time
import unittest
import uuid

import grpc

import station as s

KILLS = 200
# A new book of the same sheets so often, so that there is always something to scan and to read.
KILLS_A_BOOK = 12
# From a socket that answers to the kill: the start of scanning, reading, handing in, and idle moments.
LIFE_S = (0.02, 1.2)
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else random.SystemRandom().randrange(1 << 30)

# Leases short enough that what a dead service held is free again before the next kills are over.
LEASE_S = 1
SETTINGS = f"""
work {{ lease_s: {LEASE_S} max_tries: 100000 }}
desk {{ lease_s: {LEASE_S} }}
scan {{ dpi: 100 }}
"""


surprises = []


class Acknowledged:
    """What clients were told is safe, and what they asked without hearing an answer."""

    def __init__(self):
        self.lock = threading.Lock()
        self.captures = {}     # capture_id: sha256
        self.submissions = {}  # entry_id: version
        self.asked = {}        # entry_id: SubmitRequest without an answer


def scan(station, channel, session, book, safe):
    stub = s.capture_service_pb2_grpc.CaptureServiceStub(channel)
    while True:
        stream = stub.Scan(
            s.capture_service_pb2.ScanRequest(request_id=str(uuid.uuid4()), book_id=book,
                                              scanner="sane:hotich:0", max_sheets=4),
            metadata=session, timeout=s.DEADLINE_S)
        for event in stream:
            if event.HasField("captured"):
                with safe.lock:
                    safe.captures[event.captured.capture_id] = event.captured.sha256


def hand_in(channel, session, safe):
    stub = s.desk_service_pb2_grpc.DeskServiceStub(channel)
    # Those whose answer died with the service first: the same request again.
    for request in list(safe.asked.values()):
        submit(stub, session, request, safe)
    for event in stub.StreamWork(s.desk_service_pb2.StreamWorkRequest(prefetch=3),
                                 metadata=session, timeout=s.DEADLINE_S):
        if event.HasField("item"):
            item = event.item
            submit(stub, session, s.desk_service_pb2.SubmitRequest(
                request_id=f"submit-{item.entry.entry_id}", entry_id=item.entry.entry_id,
                lease_id=item.lease_id, version=item.entry.version,
                fields=s.as_read(item.entry)), safe)


def submit(stub, session, request, safe):
    with safe.lock:
        # A request keeps its content: an entry leased anew after a kill has another lease.
        request = safe.asked.setdefault(request.entry_id, request)
    try:
        reply = stub.Submit(request, metadata=session, timeout=s.DEADLINE_S)
    except grpc.RpcError as error:
        if error.code() == grpc.StatusCode.UNAVAILABLE:
            raise
        # The lease ran out before the request got through: nothing was submitted, ask anew.
        with safe.lock:
            safe.asked.pop(request.entry_id, None)
        return
    with safe.lock:
        safe.submissions[request.entry_id] = reply.version
        safe.asked.pop(request.entry_id, None)


def until_killed(work, *arguments):
    try:
        work(*arguments)
    except grpc.RpcError as error:
        # The service died, as it should; anything else is a fault of it.
        if error.code() != grpc.StatusCode.UNAVAILABLE:
            surprises.append(error)


class Kill(unittest.TestCase):

    def check(self, station, safe):
        db = sqlite3.connect(f"file:{station.folder / 'station.db'}?mode=ro", uri=True)
        self.assertEqual(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        stored = dict(db.execute("SELECT capture_id, sha256 FROM captures"))
        for capture, sha256 in safe.captures.items():
            self.assertEqual(stored.get(capture), sha256, "an acknowledged capture is lost")
        doubles = db.execute("SELECT book_id, sha256, COUNT(*) FROM captures GROUP BY book_id, sha256 "
                             "HAVING COUNT(*) > 1").fetchall()
        self.assertEqual(doubles, [], "a capture is doubled")
        holes = db.execute("SELECT book_id FROM captures GROUP BY book_id "
                           "HAVING MAX(position) <> COUNT(*) OR MIN(position) <> 1").fetchall()
        self.assertEqual(holes, [], "positions of a book have a gap")
        handed_in = db.execute("SELECT entry_id, COUNT(*), MAX(version) FROM submissions "
                               "GROUP BY entry_id").fetchall()
        for entry, count, _ in handed_in:
            self.assertEqual(count, 1, f"entry {entry} was submitted twice")
        versions = {entry: version for entry, _, version in handed_in}
        for entry, version in safe.submissions.items():
            self.assertEqual(versions.get(entry), version, "an acknowledged submission is lost")
        db.close()

    def check_pictures(self, station, safe):
        for sha256 in set(safe.captures.values()):
            path = station.folder / "objects" / sha256[:2] / sha256[2:4] / sha256
            self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(), sha256)

    def test_nothing_acknowledged_is_lost_or_doubled(self):
        print(f"seed {SEED}", flush=True)
        chance = random.Random(SEED)
        station = s.Station(SETTINGS)
        pages = s.draw(s.scratch_folder(), "--form", "ks_g3", "--captures", "10", "--dpi", "100",
                       "--hand", "typed", "--seed", "77")
        station.load_scanner(pages)
        station.add_people()
        assert station.run("account", "add", "may", "--role", "operator").status == 0
        # Read before the first kill, so that there is something to hand in from then on.
        for number in ("901", "902", "903"):
            read = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years", "2012",
                               "--number", number).lines[0]["book"]
            station.run("import", "--book", read, *pages)
        assert station.run("work").status == 0
        safe = Acknowledged()
        for kill in range(KILLS):
            if kill % KILLS_A_BOOK == 0:
                book = station.run("book", "add", "--kind", "KS", "--place", "UBND xã Mẫu", "--years",
                                   "2012", "--number", str(kill)).lines[0]["book"]
            channel = station.serve()
            if kill == 0:  # sessions outlive the service
                operator, clerk = station.sign_in(channel, "may"), station.sign_in(channel, "lan")
            threads = [
                threading.Thread(target=until_killed, args=(scan, station, channel, operator, book, safe)),
                threading.Thread(target=until_killed, args=(hand_in, channel, clerk, safe)),
            ]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(*LIFE_S))
            station.kill()
            for thread in threads:
                thread.join()
            channel.close()
            self.assertEqual(surprises, [])
            self.check(station, safe)
        self.check_pictures(station, safe)
        print(f"{KILLS} kills, {len(safe.captures)} captures and {len(safe.submissions)} submissions "
              "acknowledged", flush=True)
        # The run must have been worth killing.
        self.assertGreater(len(safe.captures), 20)
        self.assertGreater(len(safe.submissions), 20)

        # What the dead held is worked off by the living, each capture and entry once; `work` waits for
        # the last dead worker's lease.
        station.run("work")
        db = sqlite3.connect(station.folder / "station.db")
        unfinished = db.execute("SELECT COUNT(*) FROM captures WHERE state <> ?",
                                (s.vocabulary_pb2.CAPTURE_STATE_DONE,)).fetchone()[0]
        self.assertEqual(unfinished, 0)
        a_page_an_entry = db.execute("SELECT COUNT(*) FROM entries").fetchone()
        self.assertEqual(a_page_an_entry, db.execute("SELECT COUNT(*) FROM captures").fetchone())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
