"""What `deployment/` says of the program is so: ports, addresses, settings, pins, limits."""

import ipaddress
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from conftest import ROOT, missing
from packaging.requirements import Requirement

from digitrec.api.settings import Settings, load_settings
from digitrec.cli.serving import command as serve
from digitrec.corrections.places import find_place
from digitrec.web.door import POLICY

FOLDER = ROOT / "deployment"
_PASSWORD = "0123abcd"
_NGINX_S_OWN = {"DIGITREC_LISTEN", "DIGITREC_REPLICA_1", "DIGITREC_REPLICA_2"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def container():
    """The Containerfile's lines as (instruction, arguments), of the last stage only."""
    text = (FOLDER / "Containerfile").read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line.split(None, 1) for line in text.splitlines() if line and line[0] != "#"]
    last = max(number for number, (word, _) in enumerate(lines) if word == "FROM")
    assert all(rest.startswith("[") for word, rest in lines if word in {"RUN", "CMD", "ENTRYPOINT"})
    return dict(lines[last:])


def pins(file):
    """What a requirements file pins: name → the lines with version, marker and hashes."""
    text = re.sub(r"^ *#.*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {}
    for entry in re.findall(r"^\S(?:.*\\\n)*.*$", text, re.MULTILINE):
        found.setdefault(entry.partition("==")[0], []).append(entry)
    return found


def test_server_gets_the_pinned_versions_of_what_it_needs_and_nothing_else():
    everything, some = pins(ROOT / "requirements.txt"), pins(FOLDER / "requirements.txt")
    hashes = {name: set(re.findall(r"sha256:\w+", " ".join(all_))) for name, all_ in some.items()}
    for name, entries in some.items():
        whole = " ".join(everything[name])
        assert all(entry.split()[0] in whole for entry in entries), name
        assert hashes[name], name
        assert hashes[name] <= set(re.findall(r"sha256:\w+", whole)), name
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["heic"], *extras["postgres"]]
    assert {Requirement(line).name for line in wanted} <= some.keys()
    strange = {"tensorflow", "keras", "ray", "scipy", "matplotlib", "pytest", "playwright", "uv"}
    assert not strange & some.keys()


def test_installer_finds_the_pin_of_what_builds_the_package(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    import install

    (line, *hashes) = install._pin("setuptools").splitlines()
    assert line.startswith("setuptools==")
    assert hashes
    assert all("--hash=sha256:" in each for each in hashes if "#" not in each)
    sys.modules.pop("install")


def test_size_counts_every_file_once(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(FOLDER))
    import size

    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    for name in ("one/a.py", "one/b/c.py", "one.libs/d.so", "two.py"):
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).write_bytes(bytes(range(200)) * 5_000)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    found = size.sizes(tmp_path)
    assert found == {"one": 3.0, "two.py": 1.0}
    for name in ("size", "install"):
        sys.modules.pop(name)


def test_container_runs_without_root_and_is_asked_whether_it_is_well(container):
    user, _, group = container["USER"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    port = {option.name: option.default for option in serve.params}["port"]
    assert container["EXPOSE"] == str(port)
    assert f"http://127.0.0.1:{port}/api/readyz" in container["HEALTHCHECK"]
    assert container["ENTRYPOINT"] == '["digitrec"]'
    assert container["CMD"] == '["serve", "--host", "0.0.0.0"]'


def test_containers_may_do_as_little_as_possible(compose):
    assert set(compose["services"]) == {"nginx", "replica-1", "replica-2", "database"}
    for name, service in compose["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["restart"] == "unless-stopped", name
        assert {"mem_limit", "pids_limit"} <= service.keys(), name
        assert ("ports" in service) == (name == "nginx")
    assert compose["networks"]["inside"]["internal"]


def test_addresses_and_ports_fit_together(compose, container):
    services = compose["services"]
    (config,) = compose["networks"]["inside"]["ipam"]["config"]
    network = ipaddress.ip_network(config["subnet"])
    places = {
        name: service["networks"]["inside"]["ipv4_address"]
        for name, service in services.items()
        if name != "database"
    }
    assert len(set(places.values())) == 3
    assert all(ipaddress.ip_address(place) in network for place in places.values())
    nginx = services["nginx"]
    for number in (1, 2):
        replica = f"{places[f'replica-{number}']}:{container['EXPOSE']}"
        assert nginx["environment"][f"DIGITREC_REPLICA_{number}"] == replica
    assert nginx["ports"][0].endswith(f":{nginx['environment']['DIGITREC_LISTEN']}")
    assert set(nginx["environment"]) >= _NGINX_S_OWN
    replica = services["replica-1"]
    assert replica["build"] == services["replica-2"]["build"]
    assert (ROOT / replica["build"]["dockerfile"]).is_file()
    assert load_settings(replica["environment"]).proxies == (places["nginx"],)
    url = re.sub(r"\$\{POSTGRES_PASSWORD:\?[^}]*\}", _PASSWORD, environment_url(replica))
    place, database = find_place(url), services["database"]["environment"]
    assert place.url.host == "database"
    assert place.url.password == _PASSWORD
    assert (place.url.username, place.url.database) == (
        database["POSTGRES_USER"],
        database["POSTGRES_DB"],
    )


def environment_url(replica):
    return replica["environment"]["DIGITREC_DATABASE_URL"]


def test_every_setting_that_is_named_is_one_of_the_program():
    source = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "digitrec").rglob("*.py"))
    for file in FOLDER.iterdir():
        if not file.is_file():
            continue
        for name in set(re.findall(r"DIGITREC_[A-Z_0-9]*[A-Z0-9]", file.read_text())):
            if name in _NGINX_S_OWN:
                continue
            prefix, _, last = name.partition("DIGITREC_API_")
            known = f'"{last}"' if last and not prefix else f'"{name}"'
            assert known in source, f"{file.name} names {name}"


def test_nginx_takes_a_little_more_than_the_program():
    text = (FOLDER / "nginx.conf.template").read_text(encoding="utf-8")
    (limit,) = re.findall(r"client_max_body_size (\d+)m;", text)
    page = tomllib.loads((ROOT / "digitrec/web/.streamlit/config.toml").read_text())
    upload = page["server"]["maxUploadSize"]
    most = max(Settings().max_bytes, upload * 2**20)
    assert most < int(limit) * 2**20 < 1.1 * most


def test_whoever_stops_a_replica_waits_for_its_last_answers(compose):
    from digitrec.api.serving import _LAST_ANSWERS

    assert compose["services"]["replica-1"]["stop_grace_period"] == "70s"
    unit = (FOLDER / "digitrec@.service").read_text(encoding="utf-8")
    assert "\nTimeoutStopSec=70\n" in unit
    assert _LAST_ANSWERS < 70


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path):
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze is not installed (Debian's package systemd)")
    unit = (FOLDER / "digitrec@.service").read_text(encoding="utf-8")
    program = "ExecStart=/opt/digitrec/bin/digitrec serve"
    assert program in unit
    file = tmp_path / "digitrec@8501.service"  # as systemd makes it of the template
    file.write_text(unit.replace(program, f"ExecStart={sys.executable} -m digitrec serve"))
    verify = ["systemd-analyze", "--man=no", "verify", str(file)]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    exposed = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(file)]
    done = subprocess.run(exposed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]  # 0 to 100; an ordinary service has 96


def test_nginx_protects_the_page_as_the_program_does():
    text = (FOLDER / "nginx.conf.template").read_text(encoding="utf-8")
    assert f'add_header Content-Security-Policy "{POLICY}" always;' in text
