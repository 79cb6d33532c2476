"""The settings: all faults at once, by name, and never with a value."""

import os
from pathlib import Path

import pytest

from app.settings import NAMES, TELEGRAM, Listen, SettingsWrong, read

TOKEN = "123456789:AAcanary-canary-canary-canary-canary"
MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch):
    for name in list(os.environ):
        if name.upper().startswith("MINDSHIFT_"):
            monkeypatch.delenv(name)


def faults(**asked):
    with pytest.raises(SettingsWrong) as wrong:
        read(**asked)
    return wrong.value.faults


def test_nothing_needs_to_be_set_for_a_conversation_in_the_terminal(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    settings = read()
    assert settings.data == tmp_path / ".local" / "share" / "mindshift"
    assert (settings.language, settings.timezone.key) == (None, "Europe/Amsterdam")
    assert (settings.telegram_api, settings.listen) == (TELEGRAM, Listen("127.0.0.1", 8080))


def test_the_systems_place_for_data_is_honoured_when_it_is_an_absolute_path(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert read().data == tmp_path / "mindshift"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert read().data == Path.home() / ".local" / "share" / "mindshift"


def test_every_setting_can_be_set(monkeypatch, tmp_path):
    values = {
        "DATA": str(tmp_path),
        "LANGUAGE": "en",
        "TIMEZONE": "Europe/Brussels",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API": "http://127.0.0.1:8081/",
        "WEBHOOK_URL": "https://coach.example.org/",
        "WEBHOOK_SECRET": "s3cret_-",
        "LISTEN": "[::1]:9000",
        "KEYS": str(tmp_path / "keys"),
        "MASTER_KEY": MASTER_KEY,
        "PUBLIC_URL": "https://Coach.example.org/",
        "PROXY": "10.0.0.0/8, ::1",
        "METRICS": "127.0.0.1:9100",
        "RETENTION_MONTHS": "6",
        "LOG_LEVEL": "debug",
    }
    assert {f"MINDSHIFT_{name}" for name in values} == set(NAMES)
    for name, value in values.items():
        monkeypatch.setenv(f"MINDSHIFT_{name}", value)
    settings = read(bot=True)
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.webhook_secret.get_secret_value() == "s3cret_-"
    assert (settings.telegram_api, settings.webhook_url) == ("http://127.0.0.1:8081", "https://coach.example.org")
    assert (settings.listen, settings.log_level, settings.language) == (Listen("::1", 9000), "DEBUG", "en")
    assert settings.retention_months == 6
    assert (settings.public_url, settings.proxy) == ("https://coach.example.org", "10.0.0.0/8,::1/128")
    assert settings.keys == tmp_path / "keys"
    assert set(settings.secrets()) == {TOKEN, "s3cret_-", MASTER_KEY}
    assert not any(secret in repr(settings) for secret in settings.secrets())


def test_all_faults_stand_in_one_list_by_name_and_without_values(monkeypatch):
    wrong = {
        "LANGUAGE": "canary-fr",
        "TIMEZONE": "Mars/canary",
        "TELEGRAM_TOKEN": "canary token",
        "TELEGRAM_API": "ftp://canary",
        "WEBHOOK_URL": "canary",
        "WEBHOOK_SECRET": "canary with spaces",
        "LISTEN": "canary",
        "MASTER_KEY": "canary",
        "PUBLIC_URL": "http://canary.example.org",
        "PROXY": "canary",
        "METRICS": "canary",
        "RETENTION_MONTHS": "canary",
        "LOG_LEVEL": "canary",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(f"MINDSHIFT_{name}", value)
    found = faults(bot=True)
    assert {fault.split()[0] for fault in found} == {f"MINDSHIFT_{name}" for name in wrong}
    assert len(found) == len(wrong)
    assert "canary" not in "\n".join(found)


def test_the_error_carries_no_trace_of_the_values(monkeypatch):
    monkeypatch.setenv("MINDSHIFT_TELEGRAM_TOKEN", "canary token")
    with pytest.raises(SettingsWrong) as wrong:
        read()
    assert wrong.value.__suppress_context__
    assert "canary" not in str(wrong.value)


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("MINDSHIFT_TELEGRAM_TOKN", "MINDSHIFT_TELEGRAM_TOKEN"),
        ("MINDSHIFT_LANG", "MINDSHIFT_LANGUAGE"),
        ("MINDSHIFT_DATABASE", "MINDSHIFT_DATA"),
        ("mindshift_listen", "MINDSHIFT_LISTEN"),
    ],
)
def test_a_misspelt_setting_is_refused_and_the_nearest_one_named(monkeypatch, misspelt, meant):
    monkeypatch.setenv(misspelt, "canary")
    assert f"{misspelt} is not a setting; the nearest one is {meant}" in faults()


def test_the_bot_needs_a_token_and_the_terminal_does_not():
    assert read().telegram_token is None
    assert [fault.split()[0] for fault in faults(bot=True)] == ["MINDSHIFT_TELEGRAM_TOKEN"]


def test_a_webhook_without_a_secret_is_refused(monkeypatch):
    monkeypatch.setenv("MINDSHIFT_WEBHOOK_URL", "https://coach.example.org")
    assert [fault.split()[0] for fault in faults()] == ["MINDSHIFT_WEBHOOK_SECRET"]


def test_a_webhook_without_https_is_refused_unless_the_bot_api_is_ones_own(monkeypatch):
    monkeypatch.setenv("MINDSHIFT_WEBHOOK_URL", "http://127.0.0.1:9000")
    monkeypatch.setenv("MINDSHIFT_WEBHOOK_SECRET", "secret")
    assert [fault.split()[0] for fault in faults()] == ["MINDSHIFT_WEBHOOK_URL"]
    monkeypatch.setenv("MINDSHIFT_TELEGRAM_API", "http://127.0.0.1:8081")
    assert read().webhook_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize("listen", ["8080", "host:", ":8080", "host:65536", "host:-1", "host:1e3", "host:٣"])
def test_where_to_listen_is_a_host_and_a_port(monkeypatch, listen):
    monkeypatch.setenv("MINDSHIFT_LISTEN", listen)
    assert [fault.split()[0] for fault in faults()] == ["MINDSHIFT_LISTEN"]


@pytest.mark.parametrize("zone", ["Amsterdam", "../../etc/hostname", "Europe", "CET+1\x00"])
def test_only_real_time_zones_are_taken(monkeypatch, zone):
    if "\x00" in zone:
        monkeypatch.setattr(os, "environ", {**os.environ, "MINDSHIFT_TIMEZONE": zone})
    else:
        monkeypatch.setenv("MINDSHIFT_TIMEZONE", zone)
    assert [fault.split()[0] for fault in faults()] == ["MINDSHIFT_TIMEZONE"]


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("MINDSHIFT_LANGUAGE", "")
    monkeypatch.setenv("MINDSHIFT_WEBHOOK_URL", "")
    assert read().language is None


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "https://gids.example.org:8443"]
)
def test_the_pages_have_a_secure_address_or_one_of_this_machine(monkeypatch, address):
    monkeypatch.setenv("MINDSHIFT_PUBLIC_URL", address)
    assert read().public_url == address


@pytest.mark.parametrize(
    "address",
    [
        "http://gids.example.org",
        "https://gids.example.org/pad",
        "https://wie@gids.example.org",
        "https://gids.example.org?x=1",
        "https://",
        "ftp://localhost",
    ],
)
def test_pages_have_no_address_that_others_could_read_along_or_that_is_no_place(monkeypatch, address):
    monkeypatch.setenv("MINDSHIFT_PUBLIC_URL", address)
    assert [fault.split()[0] for fault in faults()] == ["MINDSHIFT_PUBLIC_URL"]
