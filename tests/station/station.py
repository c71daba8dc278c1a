"""A station as its users meet it: the program, its verbs and its gRPC services. For the tests beside it.

The tests get: HOTICH (program), SAMPLES (hotich-samples), LIB (folder of the virtual scanner), PROTO.
"""

import atexit
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import grpc
from grpc_tools import protoc

HOTICH, SAMPLES, LIB, PROTO = (pathlib.Path(a).resolve() for a in sys.argv[1:5])
# Room for a loaded machine; a call that takes longer has hung.
DEADLINE_S = 60


def scratch_folder():
    """An empty folder that goes when the tests are over."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hotich-station-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def make_stubs():
    folder = str(scratch_folder())
    protos = [str(p.relative_to(PROTO)) for p in sorted(PROTO.glob("**/*.proto"))]
    status = protoc.main(
        ["protoc", f"-I{PROTO}", f"-I{pathlib.Path(protoc.__file__).parent / '_proto'}",
         f"--python_out={folder}", f"--grpc_python_out={folder}", *protos])
    assert status == 0, "the .proto files do not compile for Python"
    sys.path.insert(0, folder)


make_stubs()

from hotich.v1 import account_service_pb2, account_service_pb2_grpc  # noqa: E402
from hotich.v1 import capture_service_pb2, capture_service_pb2_grpc  # noqa: E402
from hotich.v1 import desk_service_pb2, desk_service_pb2_grpc  # noqa: E402
from hotich.v1 import review_service_pb2, review_service_pb2_grpc  # noqa: E402
from hotich.v1 import vocabulary_pb2  # noqa: E402


class Result:
    def __init__(self, process):
        self.status = process.returncode
        self.stderr = process.stderr
        self.lines = [json.loads(line) for line in process.stdout.splitlines() if line]


class Station:
    """A fresh folder with its settings, and the program on it."""

    PASSWORD = "mat khau dai"

    def __init__(self, settings=""):
        self.folder = scratch_folder()
        (self.folder / "station.textproto").write_text(settings)
        self.server = None
        self.environment = dict(os.environ, HOTICH_PASSWORD=self.PASSWORD,
                                HOTICH_RUN_DIR=str(self.folder / "run"),
                                SANE_CONFIG_DIR=str(LIB / "sane.d"), LD_LIBRARY_PATH=str(LIB))

    def run(self, *words, stdin=""):
        return Result(subprocess.run(
            [HOTICH, "--station", self.folder, *words], input=stdin, capture_output=True,
            text=True, env=self.environment, timeout=DEADLINE_S * 5))

    def load_scanner(self, pictures):
        """Puts pictures into the virtual scanner's feeder; a new process goes on where one ended."""
        script = self.folder / "scanner.script"
        script.write_text("dpi 100\n" + "".join(f"sheet {p}\n" for p in pictures))
        self.environment["HOTICH_VIRTUAL_SCANNER"] = str(script)
        self.environment["HOTICH_VIRTUAL_SCANNER_STATE"] = str(self.folder / "scanner.state")

    def add_people(self):
        for name, role in (("lan", "clerk"), ("mai", "clerk"), ("hoa", "supervisor")):
            assert self.run("account", "add", name, "--role", role).status == 0

    def serve(self):
        socket = self.folder / "hotich.sock"
        log = open(self.folder / "serve.log", "ab")
        self.server = subprocess.Popen([HOTICH, "--station", self.folder, "serve"],
                                       stdout=log, stderr=log, env=self.environment)
        log.close()
        # One that a failed test leaves behind, stopped or not, ends with the tests.
        atexit.register(self.server.kill)
        end = time.monotonic() + DEADLINE_S
        channel = grpc.insecure_channel(f"unix:{socket}")
        grpc.channel_ready_future(channel).result(timeout=end - time.monotonic())
        return channel

    def kill(self):
        self.server.kill()
        self.server.wait()
        self.server = None

    def stop(self):
        self.server.terminate()
        status = self.server.wait(DEADLINE_S)
        self.server = None
        return status

    def sign_in(self, channel, name):
        reply = account_service_pb2_grpc.AccountServiceStub(channel).SignIn(
            account_service_pb2.SignInRequest(account=name, password=self.PASSWORD),
            timeout=DEADLINE_S)
        return [("authorization", f"Bearer {reply.token}")]


def draw(folder, *words):
    """Draws sample pages; their paths in order."""
    subprocess.run([SAMPLES, "--out", folder, *words], check=True, capture_output=True)
    return sorted(pathlib.Path(folder).glob("*.jpg"))


def as_read(entry, suffix=""):
    """A submission of what the machine read, each field marked blank where it read nothing."""
    return [
        vocabulary_pb2.FieldValue(
            name=field.name, literal=(field.literal + suffix) if field.literal else "",
            mark=vocabulary_pb2.FIELD_MARK_UNSPECIFIED if field.literal
            else vocabulary_pb2.FIELD_MARK_BLANK_IN_BOOK)
        for field in entry.fields
    ]
