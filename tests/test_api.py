"""Readings over HTTP, from a real server: answers, and what is said to bad input."""

import io
import json
import re
import zipfile

import numpy as np
import pytest
from harmful import png_bomb
from knocking import JSON, knocking_at, picture, plain
from test_files import LOCKED, pdf, saved

from digitrec import __version__
from digitrec.api import examples
from digitrec.errors import DigitrecError
from digitrec.imaging.files import open_file
from digitrec.models import DEFAULT_ARTIFACT, load_artifact
from digitrec.records import digit_record, page_record, reading_record
from digitrec.shapes import digit_strokes


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with knocking_at(tmp_path_factory.mktemp("api") / "log") as client:
        yield client


def problem(answer, status):
    """What a problem says, once it has the form of one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["title"]
    return body["detail"]


def test_one_picture_as_the_body_is_read(api, recognizer):
    answer = api.post("/v1/read", content=picture(7))
    assert answer.status_code == 200
    reading = recognizer.read(picture(7))
    assert answer.json() == {"pages": [page_record("the body", 1, reading)], "notes": []}
    assert answer.json()["pages"][0]["text"] == "7"


def test_every_page_of_every_file_is_read_and_a_bad_one_told(api):
    files = [
        ("files", ("a.png", picture(3))),
        ("files", ("notes.txt", b"no picture")),
        ("other", ("book.pdf", pdf(21))),
    ]
    answer = api.post("/v1/read", files=files)
    assert answer.status_code == 200
    pages = answer.json()["pages"]
    assert [(page["file"], page["page"], page["status"]) for page in pages] == [
        ("a.png", 1, "read"),
        ("notes.txt", 1, "error"),
        *(("book.pdf", number, "empty") for number in range(1, 21)),
    ]
    assert "in notes.txt. Received: something else" in pages[1]["error"]
    assert answer.json()["notes"] == ["book.pdf: Only the first 20 of its 21 pages are read."]


def test_nothing_that_can_be_read_is_a_problem_with_every_file(api):
    files = [("files", ("a.pdf", LOCKED)), ("files", ("b.png", b""))]
    answer = api.post("/v1/read", files=files)
    assert "locked by a password" in problem(answer, 422)
    told = [(bad["file"], bad["page"]) for bad in answer.json()["errors"]]
    assert told == [("a.pdf", None), ("b.png", None)]


def test_strokes_are_read(api, recognizer):
    strokes = [s for n, c in enumerate("42") for s in digit_strokes(int(c), left=10 + 150 * n)]
    answer = api.post("/v1/read-strokes", json={"strokes": plain(strokes)})
    assert answer.status_code == 200
    assert answer.json() == reading_record(recognizer.read_strokes(strokes))
    assert answer.json()["text"] == "42"
    empty = api.post("/v1/read-strokes", json={"strokes": []}).json()
    assert empty == {"status": "empty", "text": "", "turned": 0, "digits": []}


@pytest.mark.parametrize("count", [0, 1, 40])
def test_digits_in_mnist_s_form_are_classified(api, recognizer, templates, count):
    digits = np.tile(templates, (4, 1, 1))[:count]
    answer = api.post("/v1/classify", json={"digits": digits.tolist()})
    expected = [digit_record(digit) for digit in recognizer.read_digits(digits)]
    assert answer.json() == {"digits": expected}


def test_model_tells_which_network_answers(api, recognizer):
    told = api.get("/v1/model").json()
    card = load_artifact(DEFAULT_ARTIFACT).card
    assert told["sha256"] == recognizer.model
    for name in ("created", "parameters", "figures", "digit_threshold"):
        assert told[name] == card[name]


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.png", bytes(10_000_000))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        LOCKED,
        b"%PDF-1.7 and no more",
        pdf(3)[:200],
        saved("PNG")[:60],
        saved("JPEG")[:-80],
        saved("TIFF")[:200],
        saved("WEBP")[:-40],
        png_bomb(),
        zipped(),
        np.random.default_rng(0).bytes(5_000),
    ],
)
def test_bad_pictures_get_the_engine_s_sentence(api, content):
    with pytest.raises(DigitrecError) as told:
        open_file(content, "the body").load()
    assert problem(api.post("/v1/read", content=content), 422) == str(told.value)


@pytest.mark.parametrize(
    "strokes",
    [
        "strokes",
        5,
        None,
        {"a": 1},
        [[1, 2, 3]],
        [[[1, 2, 3]]],
        [[["a", "b"]]],
        [[[float("nan"), 1]]],
        [[[float("inf"), 1]]],
        [[[1e9, 1]]],
        [[[0, 0], [1]]],
        [[[1, 1]] * 60_000],
    ],
)
def test_bad_strokes_get_the_engine_s_sentence(api, recognizer, strokes):
    with pytest.raises(DigitrecError) as told:
        recognizer.read_strokes(strokes)
    content = json.dumps({"strokes": strokes})
    answer = api.post("/v1/read-strokes", content=content, headers=JSON)
    assert problem(answer, 422) == str(told.value)


@pytest.mark.parametrize(
    ("digits", "received"),
    [
        ([[0] * 28] * 28, "(28, 28) uint8"),
        ([[[0] * 28] * 27], "(1, 27, 28) uint8"),
        ([[[0.5] * 28] * 28], "(1, 28, 28) float64"),
        ([[[256] * 28] * 28], "(1, 28, 28) int64"),
        ([[[-1] * 28] * 28], "(1, 28, 28) int64"),
        ([[[True] * 28] * 28], "(1, 28, 28) bool"),
        ([[[0] * 28] * 27 + [[0] * 27]], "list"),
        ("digits", "() <U6"),
    ],
)
def test_bad_digits_get_the_engine_s_sentence(api, digits, received):
    detail = problem(api.post("/v1/classify", json={"digits": digits}), 422)
    assert f"as an array (N, 28, 28) of uint8. Received: {received}." in detail


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 400, "Expected JSON"),
        (b"{", 400, "Expected JSON"),
        (b"\xff\xfe", 400, "Expected JSON"),
        (b"[" * 50_000, 400, "recursion limit"),
        (b'{"strokes": ' + b"[" * 3_000_000, 422, "at most 50,000 points"),
        (b'{"a":' * 3_000_000, 413, "at most 8 MB"),
        (b"{}", 422, "Field required"),
        (b"[]", 422, "Expected"),
        (b'{"strokes": [], "more": 1}', 422, "more"),
        (b'{"strokes": [[[true, 1]]]}', 422, "something else in strokes.0.0.0"),
        (b'{"strokes": [' + b"[]," * 1_000_000 + b"[]]}", 422, "at most 50,000 points"),
        (b'{"strokes": [' + b"1," * 3_000_000 + b"1]}", 422, "Expected"),
        (b'{"strokes": [[[1' + b"0" * 1_000_000 + b", 1]]]}", 400, "out of range"),
    ],
)
def test_what_is_no_such_json_is_refused(api, content, status, words):
    answer = api.post("/v1/read-strokes", content=content, headers=JSON)
    assert words in problem(answer, status)
    assert answer.elapsed.total_seconds() < 5


def test_too_many_digits_are_refused(api):
    detail = problem(api.post("/v1/classify", json={"digits": [[[0] * 28] * 28] * 1_001}), 422)
    assert "at most 1,000" in detail


def test_other_kinds_than_json_are_refused(api):
    answer = api.post("/v1/classify", content=b"{}", headers={"Content-Type": "text/plain"})
    assert "Received: text/plain" in problem(answer, 415)


@pytest.mark.parametrize(
    ("head", "content", "words"),
    [
        ("multipart/form-data", b"x", "boundary"),
        ("multipart/form-data; boundary=b", b"no form", "Received"),
        ("multipart/form-data; boundary=b", b"--b--\r\n", "a form without a file"),
    ],
)
def test_forms_that_are_none_are_refused(api, head, content, words):
    answer = api.post("/v1/read", content=content, headers={"Content-Type": head})
    assert words in problem(answer, 400)


def test_forms_with_text_or_too_many_files_are_refused(api):
    answer = api.post("/v1/read", data={"note": "x"}, files={"files": ("a.png", picture(1))})
    assert "text in the field 'note'" in problem(answer, 400)
    files = [("files", (f"{n}.png", b"x")) for n in range(21)]
    assert "Maximum number of files is 20" in problem(api.post("/v1/read", files=files), 400)


def test_no_such_address_and_no_such_method_are_problems(api):
    assert "/api/docs" in problem(api.get("/v1/nothing"), 404)
    problem(api.get("/v1/read"), 405)


def test_server_is_alive_and_ready(api):
    assert api.get("/healthz").json() == {"status": "ok"}
    assert api.get("/readyz").json() == {"status": "ready"}


def test_metrics_count_answers_and_readings(api):
    before = api.get("/metrics").text
    api.post("/v1/read", content=picture(7))
    api.get("/nowhere/at/all")
    after = api.get("/metrics").text

    def grown(name):
        pattern = re.compile(rf"^{re.escape(name)} (\S+)$", re.MULTILINE)
        (new,) = pattern.findall(after)
        return float(new) - sum(map(float, pattern.findall(before)))

    assert grown('digitrec_http_requests_total{route="/v1/read",status="200"}') == 1
    assert grown('digitrec_http_requests_total{route="other",status="404"}') == 1
    assert grown('digitrec_readings_total{status="read"}') == 1
    assert grown('digitrec_http_request_seconds_count{route="/v1/read"}') == 1
    assert "digitrec_pool_taken 0.0" in after
    assert "nowhere" not in after


def likened(shown, real, where=""):
    """Assert that an example is what is answered: probabilities to two hundredths."""
    if isinstance(shown, dict):
        assert list(shown) == list(real), where
        for name in shown:
            likened(shown[name], real[name], f"{where}.{name}")
    elif isinstance(shown, list):
        assert len(shown) == len(real), where
        for place, pair in enumerate(zip(shown, real, strict=True)):
            likened(*pair, f"{where}[{place}]")
    else:
        assert shown == (pytest.approx(real, abs=0.02) if isinstance(shown, float) else real), where


def test_examples_are_true(api):
    whole = api.get("/openapi.json").json()
    assert whole["servers"] == [{"url": "/api"}]
    assert whole["info"]["version"] == __version__
    for name in ("read-strokes", "classify"):
        told = whole["paths"][f"/v1/{name}"]["post"]
        question = told["requestBody"]["content"]["application/json"]["example"]
        answer = told["responses"]["200"]["content"]["application/json"]["example"]
        likened(answer, api.post(f"/v1/{name}", json=question).json())
    files = [("files", ("seven.png", picture(7))), ("files", ("notes.txt", b"notes"))]
    likened(examples.ANSWERS["read"], api.post("/v1/read", files=files).json())
