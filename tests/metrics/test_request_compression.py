"""SDKs gzip a large PutMetricData: https://smithy.io/2.0/spec/behavior-traits.html#requestcompression-trait"""

import gzip
import json
import re
import urllib.parse
import zlib

import pytest

DATA = 1_000
MIB = 1 << 20
MOST_REQUEST_BYTES = 70_167_211
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0"}
RPC_PATH = "/service/GraniteServiceVersion20100801/operation/{}"


def cbor_text(text):
    """CBOR's text of up to 255 bytes."""
    return b"\x78" + bytes([len(text)]) + text.encode()


def cbor_request(name):
    datum = b"\xa2" + cbor_text("MetricName") + cbor_text("M") + cbor_text("Value") + b"\x01"
    return b"\xa2" + cbor_text("Namespace") + cbor_text(name) + cbor_text("MetricData") + b"\x81" + datum


def json_request(name):
    return json.dumps({"Namespace": name, "MetricData": [{"MetricName": "M", "Value": 1}]}).encode()


def form_request(name):
    return urllib.parse.urlencode({
        "Action": "PutMetricData", "Version": "2010-08-01", "Namespace": name, "MetricData.member.1.MetricName": "M",
        "MetricData.member.1.Value": 1}).encode()


PROTOCOLS = {
    "rpc_cbor": (RPC_PATH.format("PutMetricData"), {"smithy-protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}, cbor_request),
    "aws_json": ("/", {"X-Amz-Target": "GraniteServiceVersion20100801.PutMetricData", "Content-Type": "application/x-amz-json-1.0"},
                 json_request),
    "query": ("/", {"Content-Type": "application/x-www-form-urlencoded"}, form_request),
}


@pytest.fixture(params=PROTOCOLS)
def put(request):
    """`put(server, body, encoding)` → (status, answer); `put.body(namespace)` is a good request, not compressed."""
    path, headers, body = PROTOCOLS[request.param]

    def call(server, sent, encoding="gzip"):
        status, _, answer = server.request("POST", path, sent, SIGNED | headers | {"Content-Encoding": encoding})
        return status, answer.decode(errors="replace")
    call.body = body
    return call


def zeros(mebibytes):
    """The gzip of that many MiB: a member for each."""
    return gzip.compress(bytes(MIB)) * mebibytes


def peak_memory_bytes(server):
    with open(f"/proc/{server.pid}/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) * 1024


def test_boto3_compresses_what_is_large(hearth, statistics, name, minute):
    sent = []
    client = hearth.client("cloudwatch")
    client.meta.events.register("before-send.cloudwatch.PutMetricData", lambda request, **_: sent.append(request.headers))
    client.put_metric_data(Namespace=name, MetricData=[
        {"MetricName": "M", "Timestamp": minute, "Value": number, "Dimensions": [{"Name": "Parity", "Value": str(number % 2)}]}
        for number in range(DATA)])
    (headers,) = sent
    assert headers["Content-Encoding"] in ("gzip", b"gzip")
    (point,) = statistics(name, "M", "SampleCount", "Sum", Parity="1")
    assert (point["SampleCount"], point["Sum"]) == (DATA / 2, sum(range(1, DATA, 2)))


def test_every_protocol_may_be_compressed(hearth, cloudwatch, put, name):
    status, answer = put(hearth, gzip.compress(put.body(name)))
    assert status == 200, answer
    assert [metric["MetricName"] for metric in cloudwatch.list_metrics(Namespace=name)["Metrics"]] == ["M"]


def test_what_becomes_too_large_is_refused_as_a_large_body_is(start_hearth, put, name):
    hearth = start_hearth()
    assert put(hearth, gzip.compress(put.body(name)))[0] == 200
    before = peak_memory_bytes(hearth)
    status, answer = put(hearth, zeros(4_096))
    assert status == 413 and "RequestEntityTooLarge" in answer and f"smaller than {MOST_REQUEST_BYTES} bytes" in answer
    # What was sent, and as much as a request may be; the vector that grows may have a copy for a moment.
    assert peak_memory_bytes(hearth) - before < 3 * MOST_REQUEST_BYTES
    assert put(hearth, gzip.compress(put.body(name)))[0] == 200


@pytest.mark.parametrize("protocol, start, values, end", [
    ("rpc_cbor", b"\xa1" + cbor_text("MetricData") + b"\x9f", b"\xf6" * MIB, b"\xff"),
    ("aws_json", b'{"MetricData":[', b"0," * (MIB // 2), b"0]}"),
])
def test_many_small_values_are_refused(start_hearth, protocol, start, values, end):
    """A value takes more memory than the byte that it may be on the wire."""
    hearth = start_hearth()
    path, headers, _ = PROTOCOLS[protocol]
    compressor = zlib.compressobj(wbits=31)
    pieces = [compressor.compress(piece) for piece in (start, *[values] * 60, end)]
    before = peak_memory_bytes(hearth)
    status, _, answer = hearth.request(
        "POST", path, b"".join(pieces) + compressor.flush(), SIGNED | headers | {"Content-Encoding": "gzip"})
    assert status == 400 and b"SerializationException" in answer and b"the body has more than 500000 values" in answer
    assert peak_memory_bytes(hearth) - before < 3 * MOST_REQUEST_BYTES


def test_a_broken_gzip_says_so(hearth, put, name):
    whole = gzip.compress(put.body(name))
    for broken in (put.body(name), whole[:-1], whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:], b""):
        status, answer = put(hearth, broken)
        assert status == 400 and "SerializationException" in answer and "the body is not gzip as its Content-Encoding says" in answer


def test_another_encoding_is_no_matter(hearth, put, name):
    assert put(hearth, put.body(name), "identity")[0] == 200


def test_operations_that_the_model_does_not_mark_take_no_gzip(hearth):
    status, _, answer = hearth.request("POST", "/", gzip.compress(b"{}"), SIGNED | {
        "X-Amz-Target": "GraniteServiceVersion20100801.ListMetrics", "Content-Type": "application/x-amz-json-1.0", "Content-Encoding": "gzip"})
    assert status == 400 and b"SerializationException" in answer
