"""`make audit` and `make sbom`: what is known of the pinned packages, and which they are."""

import json
import os
import re
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import ROOT, run_in_own_process

BIN = Path(sys.executable).parent
PINNED = "fine==1.0 --hash=sha256:" + "0" * 64 + "\nother==2.0 --hash=sha256:" + "1" * 64 + "\n"
WEAKNESS = {
    "id": "PYSEC-1",
    "aliases": [],
    "fixed_in": ["9.9"],
    "summary": "…",
    "published": "2020-01-01T00:00:00Z",
}


class Advisories(BaseHTTPRequestHandler):
    """A proxy behind which there is nothing but PyPI's advisories, on `server.weak` packages."""

    protocol_version = "HTTP/1.1"

    def do_CONNECT(self):
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def finish(self):
        super().finish()
        self.connection.close()

    def do_GET(self):
        name = self.path.split("/")[2]
        found = {} if self.server.weak is None else {"vulnerabilities": []}
        if self.server.weak and name in self.server.weak:
            found["vulnerabilities"] = [WEAKNESS]
        content = json.dumps({"info": {}} | found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def service(tmp_path, monkeypatch):
    """The advisory service that pip-audit asks; `weak` are the packages it knows something of."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=pypi.org"]
    made += ["-addext", "subjectAltName=DNS:pypi.org", "-keyout", key, "-out", certificate]
    subprocess.run(made, check=True, capture_output=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Advisories)
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(certificate, key)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    ask_at(monkeypatch, tmp_path, server.server_port)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    yield server
    server.shutdown()
    server.server_close()


def ask_at(monkeypatch, folder, port):
    """Have pip-audit go through a proxy on this port, and remember nothing."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CACHE_DIR", str(folder / "cache"))


def audit(folder):
    (folder / "pins.txt").write_text(PINNED)
    done = run_in_own_process("audit.py", folder / "pins.txt")
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("weak", "status", "said"),
    [
        (("jinja2",), 0, "0 of 2 packages have known weaknesses.\n"),
        (
            ("jinja2", "other"),
            1,
            "other 2.0: PYSEC-1, mended in 9.9\n1 of 2 packages have known weaknesses.\n",
        ),
    ],
)
def test_audit_tells_which_pinned_packages_are_weak(service, tmp_path, weak, status, said):
    service.weak = weak
    assert audit(tmp_path) == (status, said, "")


@pytest.mark.parametrize("weak", [None, ()])
def test_audit_by_a_mirror_that_knows_no_advisories_fails(service, tmp_path, weak):
    service.weak = weak
    status, out, err = audit(tmp_path)
    assert (status, out) == (3, "")
    assert "knows of no weakness in jinja2==2.4.1" in err
    assert "NOTHING WAS AUDITED" in err


def test_audit_without_the_advisory_service_fails(tmp_path, monkeypatch):
    ask_at(monkeypatch, tmp_path, 9)  # where nobody listens
    status, out, err = audit(tmp_path)
    assert (status, out) == (3, "")
    assert "NOTHING WAS AUDITED" in err
    assert err.count("\n") == 1


def pins(file):
    """(name, version) → hashes, of a file of pinned requirements."""
    found = re.findall(r"^([\w.-]+)(?:\[.*\])?==([^ ;]+).*\\\n((?: +--hash=.*\n)+)", file, re.M)
    return {(n, v): set(re.findall(r"sha256:(\w+)", hashes)) for n, v, hashes in found}


def test_sbom_names_every_pin_and_is_the_same_again(tmp_path):
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    environment = os.environ | nowhere
    made = []
    for place in ("first", "second"):
        command = ["make", "sbom", f"SBOM={tmp_path / place}", f"BIN={BIN}", "INSTALLED="]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        made.append({file.name: file.read_bytes() for file in (tmp_path / place).iterdir()})
    assert made[0] == made[1]
    assert sorted(made[0]) == ["sbom-everything.json", "sbom-server.json"]
    for name, source in (
        ("sbom-server.json", "deployment/requirements.txt"),
        ("sbom-everything.json", "requirements.txt"),
    ):
        whole = json.loads(made[0][name])
        assert (whole["bomFormat"], whole["specVersion"]) == ("CycloneDX", "1.6")
        assert whole["metadata"]["component"]["name"] == "digitrec"
        listed = {
            (part["name"], part["version"]): {
                found["content"]
                for reference in part["externalReferences"]
                for found in reference.get("hashes", [])
            }
            for part in whole["components"]
        }
        assert listed == pins((ROOT / source).read_text())
        assert {"streamlit", "numpy"} <= {name for name, _ in listed}
