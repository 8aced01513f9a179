"""What a deployment installs, copies and sets is what Guide needs and knows."""

import json
import re
import subprocess
import sys
from dataclasses import fields
from importlib.metadata import packages_distributions
from ipaddress import ip_address, ip_network
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from scripts import load_script

from guide.config import Config
from guide.embedding.choose import open_builder
from guide.index.build import build
from guide.web.settings import WebSettings

ROOT = Path(__file__).parents[1]
ARTICLE = ROOT / "tests" / "data" / "sleeping-badly.txt"
of_the_image = pytest.mark.skipif(
    sys.platform != "linux" or sys.version_info[:2] != (3, 11),
    reason="the lists are those of Linux with Python 3.11, which the container has",
)
BUILDING = (
    "onnx",
    "onnxscript",
    "safetensors",
    "scikit-learn",
    "scipy",
    "sentence-transformers",
    "torch",
    "transformers",
)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.fixture(scope="module")
def lists() -> ModuleType:
    """The script that makes the lists."""
    return load_script(ROOT / "deploy" / "requirements.py")


def names(requirements: str) -> set[str]:
    found = re.findall(r"^([\w.-]+)==", requirements, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


# ── what is installed ────────────────────────────────────────────────────────────────────────────────────────────────


@of_the_image
def test_the_lists_are_those_that_the_pins_make(lists: ModuleType) -> None:
    reason = "run python deploy/requirements.py"
    assert text("deploy/requirements.txt") == lists.serving(), reason
    assert text("deploy/space/requirements.txt") == lists.space(), reason


def test_what_only_building_needs_is_in_the_list_of_the_space_alone() -> None:
    serving, space = names(text("deploy/requirements.txt")), names(text("deploy/space/requirements.txt"))
    assert serving.isdisjoint(BUILDING)
    assert space >= serving | set(BUILDING)


WITHOUT = """
import json, sys

absent = set(json.loads(sys.argv.pop(1)))

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
"""
"""Refuses the modules of its first argument, a JSON list, as if they weren't installed."""

ASK = "from guide.cli import main\nsys.exit(main(sys.argv[1:]))"
SERVE = """
from pathlib import Path
from fastapi.testclient import TestClient
from guide.web.application import web_app
from guide.web.reloading import ReloadingGuide
from guide.web.settings import WebSettings
with TestClient(web_app(ReloadingGuide(Path(sys.argv[1])), WebSettings(metrics=True))) as client:
    print(*(client.get(address).status_code for address in ("/", "/health", "/metrics", "/v1/passages")))
    print(len(client.post("/v1/ask", json={"question": "What is bad sleep?"}).json()["passages"]) > 0)
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that the real model made; its export is in the cache afterwards."""
    folder = tmp_path_factory.mktemp("deployed") / "index"
    encoder = open_builder(Config())
    build([ARTICLE], folder, encoder, encoder.identity, encoder.agreement)
    return folder


def run_deployed(program: str, *arguments: str) -> str:
    """What a program prints where nothing but deploy/requirements.txt is installed, and how it goes."""
    serving = names(text("deploy/requirements.txt"))
    absent = [
        module
        for module, distributions in packages_distributions().items()
        if module != "guide" and serving.isdisjoint(re.sub(r"[-_.]+", "-", name).lower() for name in distributions)
    ]
    assert {"torch", "transformers", "sentence_transformers"} <= set(absent)
    command = [sys.executable, "-c", WITHOUT + program, json.dumps(absent), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.model
def test_asking_needs_only_what_is_listed(index: Path) -> None:
    # Misspelt, after an earlier question: what mends and resolves it is needed as well.
    arguments = ["What is bad slep?", "--after", "Why do I lie awake?", "--json", "--index", str(index)]
    answer = json.loads(run_deployed(ASK, "ask", *arguments))
    assert answer["passages"]
    assert answer["corrections"]


@of_the_image
@pytest.mark.model
def test_serving_needs_only_what_is_listed(index: Path) -> None:
    assert run_deployed(SERVE, str(index)) == "200 200 200 200\nTrue\n"


def test_a_torch_that_is_there_would_have_been_refused() -> None:
    with pytest.raises(AssertionError, match="No module named 'torch'"):
        run_deployed("import torch")


# ── the container ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_container_gets_what_it_copies_and_nothing_else() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Dockerfile"), re.MULTILINE)
    copied = [name for line in copied for name in line.split()]
    kept = re.findall(r"^!(.+)$", text(".dockerignore"), re.MULTILINE)
    assert text(".dockerignore").splitlines()[1] == "*"
    assert sorted(copied) == sorted(kept)
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_last_stage_is_no_root_and_installs_nothing() -> None:
    last = text("Dockerfile").split("\nFROM ")[-1]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", last, re.MULTILINE)
    assert "pip" not in last
    assert "/health" in re.search(r"HEALTHCHECK .*\\\n.*", last)[0]


def test_compose_lets_the_container_do_little() -> None:
    service = yaml.safe_load(text("compose.yaml"))["services"]["guide"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [port.rsplit(":", 2)[0] for port in service["ports"]] == ["127.0.0.1"]
    assert "privileged" not in service


@pytest.mark.parametrize(
    "name",
    [
        "compose.yaml",
        "Dockerfile",
        "deploy/guide.service",
        "deploy/replicas/compose.yaml",
        "docs/deploy.md",
        "docs/scale.md",
    ],
)
def test_each_variable_is_one_that_guide_reads(name: str) -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "guide").rglob("*.py"))
    # Those of the language model are put together from their endings.
    known = set(re.findall(r"\bGUIDE_[A-Z_]+\b", code))
    # And those of the server from the names of its settings.
    known |= {f"GUIDE_{field.name.upper()}" for field in fields(WebSettings)}
    named = set(re.findall(r"\bGUIDE_[A-Z_]+\b", text(name)))
    assert named
    assert named - known == set()


# ── several servers ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def replicas() -> dict[str, Any]:
    """The compose file with two servers, a proxy, a store of counts and a database."""
    told: dict[str, Any] = yaml.safe_load(text("deploy/replicas/compose.yaml"))
    return told


def test_what_compose_mounts_and_builds_is_there(replicas: dict[str, Any]) -> None:
    folder = ROOT / "deploy" / "replicas"
    stages = re.findall(r"^FROM .* AS (\w+)$", text("Dockerfile"), re.MULTILINE)
    mounted = []
    for service in replicas["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            # The operator's own articles, and volumes, which are named at the end.
            if source.startswith("./") and source != "./articles":
                mounted.append(source)
                assert (folder / source).is_file()
            elif not source.startswith("./"):
                assert source in replicas["volumes"]
        if build := service.get("build"):
            context = build if isinstance(build, str) else build["context"]
            assert (folder / context / "Dockerfile").is_file()
            assert isinstance(build, str) or build["target"] in stages
    assert sorted(mounted) == ["./nginx.conf", "./roles.sql"]


def test_the_proxy_knows_the_servers_and_they_trust_it_alone(replicas: dict[str, Any]) -> None:
    services, proxy = replicas["services"], text("deploy/replicas/nginx.conf")
    asked = re.findall(r"server ([\w-]+):(\d+) max_fails", proxy)
    assert len(asked) == 2
    address = services["proxy"]["networks"]["inside"]["ipv4_address"]
    for name, port in asked:
        server = services[name]
        assert server["command"] == ["serve", "--host", "0.0.0.0", "--port", port]  # noqa: S104
        assert server["environment"]["GUIDE_TRUSTED_PROXIES"] == address
        WebSettings.from_environment(server["environment"])
    inside = ip_network(replicas["networks"]["inside"]["ipam"]["config"][0]["subnet"])
    addresses = [services[name]["networks"]["inside"]["ipv4_address"] for name in ("proxy", *dict(asked))]
    assert all(ip_address(one) in inside for one in addresses)
    assert len(set(addresses)) == 3
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:7860:" + re.findall(r"listen (\d+);", proxy)[0]]
    assert replicas["networks"]["inside"]["internal"] is True


def test_each_address_names_a_service_and_holds_no_password(replicas: dict[str, Any]) -> None:
    services = replicas["services"]
    named = [
        urlsplit(value)
        for service in services.values()
        for value in (service.get("environment") or {}).values()
        if "://" in value
    ]
    assert {address.hostname for address in named} == {"database", "counts"}
    assert [address.password for address in named] == [None] * len(named)
    roles = re.findall(r"create role (\w+)", text("deploy/replicas/roles.sql"))
    assert {address.username for address in named if address.username} == set(roles)
    told = set(re.findall(r"\$\{(\w+):\?", text("deploy/replicas/compose.yaml")))
    assert told == set(re.findall(r"([A-Z]+_PASSWORD)=%s", text("docs/scale.md")))
    asked = set(re.findall(r"getenv \w+ (\w+)", text("deploy/replicas/roles.sql")))
    assert asked <= services["database"]["environment"].keys()


def test_what_counts_keeps_nothing_on_disk(replicas: dict[str, Any]) -> None:
    command = replicas["services"]["counts"]["command"]
    assert command[command.index("--save") + 1] == ""
    assert command[command.index("--appendonly") + 1] == "no"
    assert "volumes" not in replicas["services"]["counts"]


def test_all_but_the_database_can_do_little(replicas: dict[str, Any]) -> None:
    for name, service in replicas["services"].items():
        if name != "database":
            assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
            assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service


def test_the_space_has_the_pinned_gradio_and_an_entry_that_is_there(lists: ModuleType) -> None:
    front = yaml.safe_load(text("deploy/space/README.md").split("---")[1])
    assert front["sdk"] == "gradio"
    assert lists.pins()["gradio"] == f"gradio=={front['sdk_version']}"
    assert (ROOT / front["app_file"]).is_file()
