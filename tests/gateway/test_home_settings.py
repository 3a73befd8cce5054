"""A wrong setting ends the gateway at once, with a sentence that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.devices import DeviceTableError, read_devices
from gateway.home_settings import HomeSettings


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HEARTH_")}
    command = [sys.executable, "-m", "gateway", *arguments]
    return subprocess.run(command, env=plain | more, capture_output=True, text=True, timeout=20, check=False)


WRONG = [
    ("HEARTH_GATEWAY", "two words"),
    ("HEARTH_GATEWAY", "gw/+"),
    ("HEARTH_BROKER_PORT", "70000"),
    ("HEARTH_BROKER_PORT", "mqtt"),
    ("HEARTH_HOME_BROKER_HOST", ""),
    ("HEARTH_BEAT_S", "301"),
    ("HEARTH_BEAT_S", "0"),
    ("HEARTH_CLOCK", "yesterday"),
    ("HEARTH_OUTBOX_MAX_MB", "0"),
    ("HEARTH_ZIGBEE2MQTT_TOPIC", "zigbee2mqtt/#"),
    ("HEARTH_INTEGRATIONS", "zigbee2mqtt,carrier_pigeon"),
    ("HEARTH_INTEGRATIONS", ","),
    ("HEARTH_MORE_TOPICS", "flat/#/door"),
    ("HEARTH_LOG_JSON", "perhaps"),
    ("HEARTH_BROKER_TLS", "maybe"),
    ("HEARTH_DEVICES", "/nonexistent/devices.json"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named(name: str, value: str, tmp_path: Path) -> None:
    settings = {"HEARTH_GATEWAY": "gw-1", "HEARTH_OUTBOX": str(tmp_path / "o.sqlite"), name: value}
    ended = run(**settings)
    assert ended.returncode == 2
    assert name in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_the_gateway_needs_a_name() -> None:
    ended = run()
    assert ended.returncode == 2
    assert "HEARTH_GATEWAY" in ended.stderr


def test_a_wrong_setting_does_not_give_the_password_away() -> None:
    ended = run(HEARTH_GATEWAY="gw-1", HEARTH_BROKER_PASSWORD="s3cret", HEARTH_BROKER_PORT="x")
    assert "s3cret" not in ended.stderr + ended.stdout


def test_integrations_and_topics_are_lists_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTH_GATEWAY", "gw-1")
    monkeypatch.setenv("HEARTH_INTEGRATIONS", "tasmota, zigbee2mqtt")
    monkeypatch.setenv("HEARTH_MORE_TOPICS", "flat/+/tele/#,#")
    settings = HomeSettings()
    assert settings.integrations == ("tasmota", "zigbee2mqtt")
    assert settings.more_topics == ("flat/+/tele/#", "#")


def test_help_names_every_setting() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    missing = [name for name in HomeSettings.model_fields if f"HEARTH_{name.upper()} " not in shown.stdout]
    assert missing == []


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"a": 1}', '{"a": {"role": "king"}}', '{"a": {"sensor": "two words"}}', '{"a": {"colour": "red"}}'],
)
def test_a_table_of_devices_with_a_mistake_is_refused_with_a_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "devices.json"
    path.write_text(text)
    with pytest.raises(DeviceTableError, match=r"devices\.json"):
        read_devices(path)
