"""A client that knows nothing of hotich but its .proto files.

usage: foreign_client_test.py SERVER_PROGRAM PROTO_FOLDER
"""

import subprocess
import sys
import tempfile
import unittest
import uuid
from pathlib import Path

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc

SERVER, PROTO = sys.argv[1], Path(sys.argv[2])
# Room for a loaded machine; a call that takes longer has hung.
DEADLINE_S = 20


def make_stubs(folder):
    protos = [str(p.relative_to(PROTO)) for p in sorted(PROTO.glob("**/*.proto"))]
    status = protoc.main(
        ["protoc", f"-I{PROTO}", f"-I{Path(protoc.__file__).parent / '_proto'}",
         f"--python_out={folder}", f"--grpc_python_out={folder}", *protos])
    assert status == 0, "the .proto files do not compile for Python"
    sys.path.insert(0, folder)


stubs_folder = tempfile.TemporaryDirectory()
make_stubs(stubs_folder.name)

from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from hotich.v1 import account_service_pb2, account_service_pb2_grpc  # noqa: E402
from hotich.v1 import desk_service_pb2, desk_service_pb2_grpc  # noqa: E402
from hotich.v1 import review_service_pb2, review_service_pb2_grpc  # noqa: E402
from hotich.v1 import vocabulary_pb2  # noqa: E402


def details(error):
    """Code, ErrorInfo and BadRequest of an RpcError, as google.rpc.Status carries them."""
    trailers = dict(error.trailing_metadata())
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details:
        detail.Unpack(info)
        detail.Unpack(bad)
    return status, info, bad


def fields_as_read(entry):
    return [
        vocabulary_pb2.FieldValue(
            name=field.name,
            literal=field.literal,
            mark=vocabulary_pb2.FIELD_MARK_UNSPECIFIED if field.literal
            else vocabulary_pb2.FIELD_MARK_BLANK_IN_BOOK)
        for field in entry.fields
    ]


class ForeignClient(unittest.TestCase):

    def setUp(self):
        self.server = subprocess.Popen([SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        # The server's log shares its standard output; the address is the line that is one.
        self.address = next(line.strip() for line in self.server.stdout
                            if line.startswith("unix:"))
        self.channel = grpc.insecure_channel(self.address)
        self.desk = desk_service_pb2_grpc.DeskServiceStub(self.channel)
        self.reviews = review_service_pb2_grpc.ReviewServiceStub(self.channel)

    def tearDown(self):
        self.channel.close()
        self.server.stdin.close()
        self.assertEqual(self.server.wait(DEADLINE_S), 0)
        self.server.stdout.close()

    def sign_in(self, account, password="mat khau dai"):
        stub = account_service_pb2_grpc.AccountServiceStub(self.channel)
        reply = stub.SignIn(
            account_service_pb2.SignInRequest(account=account, password=password),
            timeout=DEADLINE_S)
        return [("authorization", f"Bearer {reply.token}")]

    def first_item(self, stream):
        return next(event.item for event in stream if event.HasField("item"))

    def test_a_whole_entry(self):
        lan = self.sign_in("lan")
        stream = self.desk.StreamWork(desk_service_pb2.StreamWorkRequest(prefetch=1),
                                      metadata=lan, timeout=DEADLINE_S)
        item = self.first_item(stream)
        self.assertEqual(item.entry.fields[0].candidates[0].text, "Trần Văn Mẫu")
        self.assertTrue(Path(item.crop.file).exists())

        draft = self.desk.SaveDraft(
            desk_service_pb2.SaveDraftRequest(
                request_id=str(uuid.uuid4()), entry_id=item.entry.entry_id,
                lease_id=item.lease_id,
                fields=[vocabulary_pb2.FieldValue(name="nksNoiSinh", literal="Trạm y tế xã")]),
            metadata=lan, timeout=DEADLINE_S)
        self.assertGreaterEqual(draft.lease_expire_time.seconds, item.lease_expire_time.seconds)

        request = desk_service_pb2.SubmitRequest(
            request_id=str(uuid.uuid4()), entry_id=item.entry.entry_id, lease_id=item.lease_id,
            version=item.entry.version, fields=fields_as_read(item.entry))
        first = self.desk.Submit(request, metadata=lan, timeout=DEADLINE_S)
        again = self.desk.Submit(request, metadata=lan, timeout=DEADLINE_S)
        self.assertEqual(first.version, again.version)
        self.assertEqual(first.fields[1].value, "26.08.1995")
        following = self.first_item(stream)
        self.assertNotEqual(following.entry.entry_id, item.entry.entry_id)

        minh = self.sign_in("minh")
        found = self.reviews.ListSubmissions(review_service_pb2.ListSubmissionsRequest(),
                                             metadata=minh, timeout=DEADLINE_S)
        self.assertEqual([s.clerk for s in found.submissions], ["lan"])
        self.reviews.Approve(
            review_service_pb2.ApproveRequest(request_id=str(uuid.uuid4()),
                                              entry_id=item.entry.entry_id,
                                              version=first.version),
            metadata=minh, timeout=DEADLINE_S)

    def test_heartbeats(self):
        stream = self.desk.StreamWork(desk_service_pb2.StreamWorkRequest(prefetch=1),
                                      metadata=self.sign_in("lan"), timeout=DEADLINE_S)
        beats = (event.heartbeat for event in stream if event.HasField("heartbeat"))
        self.assertEqual([next(beats).waiting, next(beats).waiting], [2, 2])

    def test_errors_carry_details(self):
        lan = self.sign_in("lan")
        stream = self.desk.StreamWork(desk_service_pb2.StreamWorkRequest(prefetch=1),
                                      metadata=lan, timeout=DEADLINE_S)
        item = self.first_item(stream)
        with self.assertRaises(grpc.RpcError) as raised:
            self.desk.Submit(
                desk_service_pb2.SubmitRequest(
                    request_id=str(uuid.uuid4()), entry_id=item.entry.entry_id,
                    lease_id=item.lease_id, version=item.entry.version,
                    fields=fields_as_read(item.entry)[1:]),
                metadata=lan, timeout=DEADLINE_S)
        status, info, bad = details(raised.exception)
        self.assertEqual(raised.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        self.assertEqual((info.domain, info.reason), ("hotich", "BAD_FIELD"))
        self.assertEqual([v.field for v in bad.field_violations], ["fields.nksHoTen"])
        self.assertEqual(status.message, raised.exception.details())

    def test_calls_need_a_deadline_and_a_session(self):
        with self.assertRaises(grpc.RpcError) as raised:
            self.desk.Renew(desk_service_pb2.RenewRequest(), metadata=self.sign_in("lan"))
        self.assertEqual(details(raised.exception)[1].reason, "NO_DEADLINE")
        with self.assertRaises(grpc.RpcError) as raised:
            self.desk.Renew(desk_service_pb2.RenewRequest(), timeout=DEADLINE_S)
        self.assertEqual(raised.exception.code(), grpc.StatusCode.UNAUTHENTICATED)
        with self.assertRaises(grpc.RpcError) as raised:
            self.sign_in("lan", "wrong password")
        self.assertEqual(details(raised.exception)[1].reason, "BAD_CREDENTIALS")

    def test_health(self):
        make = messages_of("health", {
            "Request": [("service", 1, TEXT)],
            "Response": [("status", 1, NUMBER)],
        })
        check = self.channel.unary_unary(
            "/grpc.health.v1.Health/Check", request_serializer=make["Request"].SerializeToString,
            response_deserializer=make["Response"].FromString)
        serving = 1
        for service in ("", "hotich.v1.DeskService"):
            reply = check(make["Request"](service=service), timeout=DEADLINE_S)
            self.assertEqual(reply.status, serving, service)
        with self.assertRaises(grpc.RpcError) as raised:
            check(make["Request"](service="hotich.v1.NoService"), timeout=DEADLINE_S)
        self.assertEqual(raised.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_reflection(self):
        make = messages_of("reflection", {
            "Request": [("file_containing_symbol", 4, TEXT), ("list_services", 7, TEXT)],
            "Service": [("name", 1, TEXT)],
            "Services": [("service", 1, ".reflection.Service")],
            "Files": [("file_descriptor_proto", 1, DATA)],
            "Response": [("files", 4, ".reflection.Files"), ("services", 6, ".reflection.Services")],
        })
        call = self.channel.stream_stream(
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            request_serializer=make["Request"].SerializeToString,
            response_deserializer=make["Response"].FromString)

        def ask(**question):
            return next(call(iter([make["Request"](**question)]), timeout=DEADLINE_S))

        names = [s.name for listed in ask(list_services="*").services for s in listed.service]
        for name in ("Account", "Capture", "Desk", "Report", "Review"):
            self.assertIn(f"hotich.v1.{name}Service", names)
        described = [
            descriptor_pb2.FileDescriptorProto.FromString(data)
            for files in ask(file_containing_symbol="hotich.v1.DeskService").files
            for data in files.file_descriptor_proto
        ]
        methods = [m.name for file in described for service in file.service
                   for m in service.method]
        self.assertIn("StreamWork", methods)


TEXT = descriptor_pb2.FieldDescriptorProto.TYPE_STRING
DATA = descriptor_pb2.FieldDescriptorProto.TYPE_BYTES
NUMBER = descriptor_pb2.FieldDescriptorProto.TYPE_INT32


def messages_of(package, messages):
    """Classes for messages given by field name, number and type, all but texts and numbers repeated:
    health and reflection belong to gRPC, their .proto files are not among ours."""
    file = descriptor_pb2.FileDescriptorProto(name=package, package=package, syntax="proto3")
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            added = message.field.add(name=field, number=number)
            added.label = added.LABEL_OPTIONAL if kind in (TEXT, NUMBER) else added.LABEL_REPEATED
            if isinstance(kind, str):
                added.type, added.type_name = added.TYPE_MESSAGE, kind
            else:
                added.type = kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return {name: factory.GetPrototype(pool.FindMessageTypeByName(f"{package}.{name}"))
            for name in messages}


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
