"""A real PostgreSQL for the tests, in a temporary folder and on a free port."""

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg

PASSWORD = "s3cret %41/@:word"  # every sign that a URL writes otherwise
_PROGRAMS = "/usr/lib/postgresql"  # Debian's


def find_programs():
    """The folder of the newest installed server's programs, or None."""
    found = sorted(Path(_PROGRAMS).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    beside = shutil.which("initdb")
    return found[-1].parent if found else Path(beside).parent if beside else None


class Server:
    """One that only this machine reaches; `start` and `stop` it as often as needed."""

    def __init__(self, programs):
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="digitrec-postgres-"))
        self._as_user = []
        if os.geteuid() == 0:  # which PostgreSQL refuses
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as_user = ["runuser", "-u", "postgres", "--"]
        with socket.socket() as free:
            free.bind(("localhost", 0))
            self.port = free.getsockname()[1]
        self._numbers = itertools.count(1)
        password = self.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run("initdb", "-U", "digitrec", "-A", "scram-sha-256", f"--pwfile={password}", "-N")

    def start(self):
        # Without fsync a test is quick; no test cuts the machine's power.
        settings = f"-p {self.port} -k {self.folder} -c fsync=off -c listen_addresses=localhost"
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "-w", "-l", log, "-o", settings)

    def stop(self):
        self._run("pg_ctl", "stop", "-w", "-m", "immediate")

    def remove(self):
        shutil.rmtree(self.folder)

    def url(self, database="postgres", password=PASSWORD):
        secret = quote(password, "")
        return f"postgresql://digitrec:{secret}@localhost:{self.port}/{database}"

    def new_database(self):
        """The URL of an empty one."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def _run(self, program, *arguments):
        command = [*self._as_user, self._programs / program, "-D", self.folder / "data", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        assert done.returncode == 0, done.stdout.decode()
