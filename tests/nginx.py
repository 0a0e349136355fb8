"""A real nginx with the committed configuration, in front of real replicas of the program."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import psutil
from conftest import ROOT
from waiting import wait_until

TEMPLATE = ROOT / "deployment" / "nginx.conf.template"
# All that the committed file leaves to whoever runs it; Debian's own nginx.conf says as much.
_AROUND = """\
{user}
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    log_format tests '$request_method $uri $status $upstream_addr';
    access_log {folder}/access.log tests;
    include {folder}/conf.d/*.conf;
}}
"""


def find_nginx():
    """The path of nginx, which Debian keeps where only root looks; or None."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Replica:
    """One `digitrec serve`; `start` it again after `stop` or `kill`."""

    def __init__(self, folder, **environment):
        self.port = free_port()
        self.place = f"127.0.0.1:{self.port}"
        self.log = folder / f"replica-{self.port}.log"
        self._environment = os.environ | environment
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "digitrec", "serve", "--host", "127.0.0.1"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port)],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self):
        wait_until_answered(f"http://{self.place}/api/readyz", self.process)

    def kill(self):
        """End it at once (SIGKILL)."""
        self.process.kill()
        self.process.wait(10)

    def wait_for_connections(self, number, patience=20):
        """Return once so many are open; raise if seconds have gone."""
        wait_until(
            lambda: self.connections() == number,
            patience,
            why=lambda: f"{self.connections()} connections, not {number}",
        )

    def wait_until_closed(self, patience=20):
        """Return once it takes no new connections; raise if seconds have gone."""
        wait_until(
            lambda: not listens(self.port), patience, why=lambda: f"{self.place} still listens"
        )

    def connections(self):
        """How many connections are open to it: nginx keeps none but those of visits."""
        return sum(
            found.status == psutil.CONN_ESTABLISHED and found.laddr.port == self.port
            for found in psutil.Process(self.process.pid).net_connections("tcp")
        )


class Nginx:
    """One in front of two replicas, on a free port of this machine.

    Args:
        program: where nginx is.
        places: the replicas' addresses and ports.
        listen: what follows address and port where it listens, as " ssl".
        beside: further settings in conf.d.
    """

    def __init__(self, program, places, *, listen="", beside=""):
        self._program = program
        self.folder = Path(tempfile.mkdtemp(prefix="digitrec-nginx-"))
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        (self.folder / "conf.d").mkdir()
        (self.folder / "conf.d" / "digitrec.conf").write_text(
            filled_in(f"127.0.0.1:{self.port}{listen}", *places)
        )
        (self.folder / "conf.d" / "tls.conf").write_text(beside)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(_AROUND.format(folder=self.folder, user=user))
        self.process = None

    def start(self):
        self.check()
        self.process = subprocess.Popen(self._command())
        wait_until_listening(self.port)

    def check(self):
        """Let nginx itself say whether it finds anything wrong."""
        done = subprocess.run([*self._command(), "-t"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "[warn]" not in done.stderr, done.stderr

    def ask(self, method, path, body=None, **headers):
        """Its answer: status, headers, content; `_` in a header's name stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def asked(self):
        """What was asked since the last call: (method, path, status, replicas' addresses)."""
        log = self.folder / "access.log"
        lines = [line.split(" ", 3) for line in log.read_text().splitlines()]
        os.truncate(log, 0)
        return lines

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder)

    def _command(self):
        log, settings = self.folder / "error.log", self.folder / "nginx.conf"
        return [self._program, "-e", str(log), "-c", str(settings)]


def filled_in(listen, *replicas):
    """The committed template as envsubst fills it in; every name is there, and no other."""
    text = TEMPLATE.read_text(encoding="utf-8")
    names = {"DIGITREC_LISTEN": listen}
    names |= {f"DIGITREC_REPLICA_{n}": place for n, place in enumerate(replicas, 1)}
    for name, value in names.items():
        assert f"${{{name}}}" in text
        text = text.replace(f"${{{name}}}", value)
    assert "${" not in text
    return text


def wait_until_answered(address, process, patience=60):
    """Return once this answers with 200; raise if its process ends or seconds have gone."""

    def answered():
        assert process.poll() is None, f"{process.args} ended with {process.returncode}"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return True
        return False

    wait_until(answered, patience, why=lambda: f"{address} does not answer")


def wait_until_listening(port, patience=20):
    """Return once something listens on this port; raise if seconds have gone."""
    wait_until(lambda: listens(port), patience, why=lambda: f"nothing listens on {port}")


def listens(port):
    """Whether something takes connections on this port."""
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
    except ConnectionRefusedError:
        return False
    return True
