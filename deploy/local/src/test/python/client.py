"""A client in another language: purifies a picture, follows a run to its end, and purifies through an inference client.

usage: client.py PROTO PICTURES PURIFIER EVALUATOR
PROTO: the folder of the contracts; PICTURES: a folder of PNG files; PURIFIER, EVALUATOR: host:port of their gRPC.
Prints one line for each thing that held, and ends with an error at the first that did not.
"""

import pathlib
import sys
import tempfile
import time
import zlib

import grpc
import numpy
import tritonclient.grpc
from google.protobuf import json_format
from grpc_tools import protoc

PNG = b"\x89PNG\r\n\x1a\n"


def generate(proto: pathlib.Path, out: str) -> None:
    """Python stubs of all contracts."""
    files = sorted(str(file.relative_to(proto)) for file in (proto / "cloakproof").rglob("*.proto"))
    well_known = pathlib.Path(protoc.__file__).parent / "_proto"
    code = protoc.main(
        ["protoc", f"-I{proto}", f"-I{well_known}", f"--python_out={out}", f"--grpc_python_out={out}", *files]
    )
    assert code == 0, f"protoc ended with {code}"
    sys.path.insert(0, out)


def chunks(png: bytes) -> dict[bytes, bytes]:
    """The chunks of a PNG by type, each with the right checksum."""
    assert png.startswith(PNG)
    found: dict[bytes, bytes] = {}
    at = len(PNG)
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert zlib.crc32(kind + data) == int.from_bytes(png[at + 8 + length : at + 12 + length], "big")
        found[kind] = found.get(kind, b"") + data
        at += length + 12
    return found


def purify(channel: grpc.Channel, picture: bytes) -> None:
    from cloakproof.v1 import parameters_pb2, picture_pb2, purification_service_pb2, purification_service_pb2_grpc
    from cloakproof.v1 import request_record_pb2

    service = purification_service_pb2_grpc.PurificationServiceStub(channel)
    request = purification_service_pb2.PurifyRequest(
        picture=picture_pb2.Picture(name="me.png", content=picture),
        parameters=parameters_pb2.PurificationParameters(method="gaussian", settings={"kernel": 7}, seed=1),
    )
    answer = service.Purify(request, timeout=60)
    texts = chunks(answer.picture.content)[b"tEXt"].split(b"\0", 1)
    assert texts[0] == b"cloakproof"
    record = json_format.Parse(texts[1].decode("latin-1"), request_record_pb2.RequestRecord())
    assert record == answer.record
    assert record.parameters.purification.settings["kernel"] == 7
    print(f"purified: {len(picture)} bytes to {len(answer.picture.content)}")

    request.parameters.method = "magic"
    try:
        service.Purify(request, timeout=60)
        raise AssertionError("an unknown method was taken")
    except grpc.RpcError as refused:
        assert refused.code() == grpc.StatusCode.INVALID_ARGUMENT, refused
        print(f"refused: {refused.details()}")


def follow_a_run(purifier: grpc.Channel, evaluator: grpc.Channel, pictures: list[bytes]) -> None:
    from cloakproof.v1 import authorization_pb2, parameters_pb2, picture_pb2, upload_service_pb2, upload_service_pb2_grpc
    from cloakproof.v1 import work_pb2
    from google.protobuf import timestamp_pb2

    granted = timestamp_pb2.Timestamp()
    granted.GetCurrentTime()

    def messages():
        yield upload_service_pb2.CreateUploadRequest(
            header=upload_service_pb2.CreateUploadRequest.Header(
                subject="python",
                authorization=authorization_pb2.AuthorizationRecord(
                    rights_holder="nobody", basis="BASIS_SYNTHETIC", reference="test", grant_time=granted
                ),
                parameters=parameters_pb2.RunParameters(
                    purification=parameters_pb2.PurificationParameters(method="gaussian", seed=1)
                ),
            )
        )
        for index, picture in enumerate(pictures):
            yield upload_service_pb2.CreateUploadRequest(
                upload_picture=upload_service_pb2.CreateUploadRequest.UploadPicture(
                    picture=picture_pb2.Picture(name=f"{index}.png", content=picture), role="ROLE_PROTECTED"
                )
            )

    run = upload_service_pb2_grpc.UploadServiceStub(purifier).CreateUpload(messages(), timeout=60).run
    stages: list[str] = []
    last = watch(evaluator, run, stages)
    assert last.state == work_pb2.WORK_STATE_SUCCEEDED, last
    assert len(last.purified_pictures) == len(pictures)
    assert last.sampled_pictures and last.scores and last.report.sha256
    print(f"followed: {run} through {', '.join(stages)}")


def watch(evaluator: grpc.Channel, run: str, stages: list[str]):
    """The run when it is final. The index may hear of it a moment after its client."""
    from cloakproof.v1 import run_service_pb2, run_service_pb2_grpc, work_pb2

    end = time.monotonic() + 240
    last = None
    while last is None:
        try:
            for seen in run_service_pb2_grpc.RunServiceStub(evaluator).WatchRun(
                run_service_pb2.WatchRunRequest(name=run), timeout=end - time.monotonic()
            ):
                last = seen.run
                stage = work_pb2.Stage.Name(last.stage)
                if stage not in stages:
                    stages.append(stage)
        except grpc.RpcError as refused:
            if refused.code() != grpc.StatusCode.NOT_FOUND or time.monotonic() > end:
                raise
            time.sleep(0.2)
    return last


def infer(address: str, png: bytes) -> None:
    client = tritonclient.grpc.InferenceServerClient(address)
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("jpeg") and not client.is_model_ready("magic")
    metadata = client.get_model_metadata("jpeg", as_json=True)
    assert [tensor["name"] for tensor in metadata["inputs"]] == ["IMAGES"], metadata

    files = tritonclient.grpc.InferInput("IMAGES", [1], "BYTES")
    files.set_data_from_numpy(numpy.array([png], dtype=numpy.object_))
    answer = client.infer("none", [files], request_id="python", parameters={"seed": 1})
    assert answer.get_response().id == "python"
    assert chunks(answer.as_numpy("PURIFIED")[0])[b"IHDR"] == chunks(png)[b"IHDR"]
    assert answer.as_numpy("FACES_FOUND").tolist() == [-1]

    samples = numpy.random.default_rng(1).integers(0, 256, (2, 32, 24, 3), dtype=numpy.uint8)
    tensor = tritonclient.grpc.InferInput("IMAGES", list(samples.shape), "UINT8")
    tensor.set_data_from_numpy(samples)
    wanted = [tritonclient.grpc.InferRequestedOutput("PURIFIED")]
    same = client.infer("none", [tensor], outputs=wanted).as_numpy("PURIFIED")
    assert numpy.array_equal(same, samples)
    blurred = client.infer("gaussian", [tensor], outputs=wanted, parameters={"kernel": "7"}).as_numpy("PURIFIED")
    assert blurred.shape == samples.shape and blurred.std() < samples.std()
    try:
        client.infer("magic", [tensor])
        raise AssertionError("an unknown model was taken")
    except tritonclient.utils.InferenceServerException as refused:
        assert "INVALID_ARGUMENT" in refused.status(), refused
    print(f"inferred: {blurred.shape}")


def main() -> None:
    proto, folder, purifier_address, evaluator_address = sys.argv[1:]
    pictures = [file.read_bytes() for file in sorted(pathlib.Path(folder).glob("*.png"))]
    with tempfile.TemporaryDirectory() as stubs:
        generate(pathlib.Path(proto), stubs)
        with grpc.insecure_channel(purifier_address) as purifier, grpc.insecure_channel(evaluator_address) as evaluator:
            purify(purifier, pictures[0])
            infer(purifier_address, pictures[0])
            follow_a_run(purifier, evaluator, pictures)


if __name__ == "__main__":
    main()
