"""What the environment may say about the HTTP door, and what it may not."""

import re

import pytest

from digitrec.api.settings import Settings, load_settings
from digitrec.errors import SettingError


def test_nothing_said_gives_the_defaults():
    assert load_settings({}) == Settings()
    assert load_settings({"DIGITREC_API_KEY": " ", "DIGITREC_API_WORKERS": ""}) == Settings()


def test_everything_said_is_taken():
    said = {
        "DIGITREC_API_KEY": "0123456789abcdef",
        "DIGITREC_API_CORS": "https://example.org, http://localhost:3000",
        "DIGITREC_API_RATE": "5/second",
        "DIGITREC_API_MAX_MB": "3",
        "DIGITREC_API_WORKERS": "4",
        "DIGITREC_API_WAITING": "0",
        "DIGITREC_API_SECONDS": "9",
        "DIGITREC_API_PROXIES": "10.0.0.7,172.16.0.0/12,::1",
    }
    assert load_settings(said) == Settings(
        key="0123456789abcdef",
        cors=("https://example.org", "http://localhost:3000"),
        rate="5/second",
        max_bytes=3_000_000,
        workers=4,
        waiting=0,
        seconds=9,
        proxies=("10.0.0.7", "172.16.0.0/12", "::1"),
    )
    assert load_settings({"DIGITREC_API_RATE": "off"}).rate == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEY", "short"),
        ("KEY", "with a space"),
        ("KEY", "schlüssel-für-alle"),
        ("CORS", "example.org"),
        ("CORS", "https://example.org/path"),
        ("CORS", "ftp://example.org"),
        ("RATE", "many"),
        ("RATE", "0/minute"),
        ("RATE", "5/fortnight"),
        ("RATE", "5/minute; 7/hour"),
        ("MAX_MB", "0"),
        ("MAX_MB", "1.5"),
        ("MAX_MB", "9" * 5_000),
        ("WORKERS", "0"),
        ("WORKERS", "²"),
        ("WAITING", "-1"),
        ("SECONDS", "inf"),
        ("PROXIES", "proxy"),
        ("PROXIES", "10.0.0.1/8"),
    ],
)
def test_what_cannot_work_is_told_by_name_and_no_key_is_shown(name, value):
    with pytest.raises(SettingError, match=r"^Expected .+\. Received: .+\. \w") as told:
        load_settings({f"DIGITREC_API_{name}": value})
    assert f"DIGITREC_API_{name}" in str(told.value)
    assert len(str(told.value)) < 300
    assert name != "KEY" or not re.search(re.escape(value), str(told.value))
