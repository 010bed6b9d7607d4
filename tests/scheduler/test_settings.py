"""The environment: every default of the contract, every fault by its name, production told from trial."""

from pathlib import Path

import pytest

from scheduler.settings import Settings, SettingsFault, read_settings

SECRET = "s" * 43


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"LICHDAN_{name.upper()}", value)
    return read_settings()


def test_defaults_are_those_of_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch)
    assert settings.database_url == "sqlite:///var/lichdan.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.mail_url == "file:var/mail"
    assert (settings.var, settings.port, settings.demo, settings.language) == (Path("var"), 8000, True, "vi")


def test_defaults_follow_folder_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, var="elsewhere", port="9000")
    assert settings.database_url == "sqlite:///elsewhere/lichdan.db"
    assert settings.base_url == "http://127.0.0.1:9000"
    assert settings.mail_url == "file:elsewhere/mail"


def test_an_absolute_folder_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = given(monkeypatch, var=str(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path}/lichdan.db"


def test_an_empty_setting_is_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, port="", language="", base_url="").port == 8000


@pytest.mark.parametrize(("word", "demo"), [("yes", True), ("no", False)])
def test_the_demonstration_can_be_declined(monkeypatch: pytest.MonkeyPatch, word: str, demo: bool) -> None:
    assert given(monkeypatch, demo=word).demo is demo


@pytest.mark.parametrize(
    "url",
    [
        "smtp://user:password@mail.example.vn:25",
        "smtps://user:password@mail.example.vn:465",
        "smtp+starttls://mail.example.vn:587",
        "file:letters",
    ],
)
def test_every_way_to_carry_mail(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert given(monkeypatch, mail_url=url).mail_url == url


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "port": "many",
        "base_url": "lich.example.vn",
        "mail_url": "pigeon://loft",
        "database_url": "oracle://x",
        "language": "fr",
        "demo": "perhaps",
        "secret_key": "short",
    }
    with pytest.raises(SettingsFault) as refusal:
        given(monkeypatch, **wrong)
    lines = str(refusal.value).splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == sorted(f"LICHDAN_{name.upper()}" for name in wrong)


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
def test_a_port_out_of_range_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    with pytest.raises(SettingsFault, match="LICHDAN_PORT"):
        given(monkeypatch, port=port)


@pytest.mark.parametrize(
    ("address", "production"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
        ("https://lich.hoankiem.example.vn", True),
        ("http://192.168.1.5", True),
        ("http://0.0.0.0:8000", True),
    ],
)
def test_production_is_what_is_not_on_loopback(monkeypatch: pytest.MonkeyPatch, address: str, production: bool) -> None:
    assert given(monkeypatch, base_url=address, secret_key=SECRET).production is production


def test_production_without_a_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsFault, match="LICHDAN_SECRET_KEY"):
        given(monkeypatch, base_url="https://lich.example.vn")


def test_a_missing_secret_is_told_with_the_other_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsFault) as refusal:
        given(monkeypatch, base_url="https://lich.example.vn", port="many")
    assert sorted(line.partition(":")[0] for line in str(refusal.value).splitlines()) == [
        "LICHDAN_PORT",
        "LICHDAN_SECRET_KEY",
    ]


def test_a_short_secret_is_refused_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsFault, match="LICHDAN_SECRET_KEY"):
        given(monkeypatch, secret_key="short")


def test_a_fault_never_shows_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsFault) as refusal:
        given(monkeypatch, mail_url="pigeon://user:hidden-word@loft", database_url="mysql://user:hidden-word@host/x")
    assert "hidden-word" not in str(refusal.value)


def test_a_secret_is_made_once_and_kept_to_its_owner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = given(monkeypatch, var=str(tmp_path / "var")).secret
    assert len(first) >= 43
    assert read_settings().secret == first
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_settings_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="frozen"):
        given(monkeypatch).port = 1  # type: ignore[misc]


@pytest.mark.parametrize("url", ["https://sms.example.vn/send?v=2", "http://127.0.0.1:9000/send", "http://localhost/x"])
def test_a_gateway_for_messages(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert given(monkeypatch).sms_url == ""
    assert given(monkeypatch, sms_url=url, sms_token="t", sms_from="HOANKIEM").sms_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sms_url", "http://sms.example.vn/send"),
        ("sms_url", "https://user:hidden-word@sms.example.vn"),
        ("sms_url", "sms.example.vn"),
        ("sms_url", "https://"),
        ("sms_token", "hidden-word\nX: y"),
        ("sms_from", "HOÀN KIẾM"),
    ],
)
def test_what_is_no_gateway_is_told_without_its_secret(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(SettingsFault, match=f"LICHDAN_{name.upper()}") as refusal:
        given(monkeypatch, **{name: value})
    assert "hidden-word" not in str(refusal.value)


@pytest.mark.parametrize("hosts", ["lich.example.vn", "*.icloud.com, http://10.0.0.5:8080", "[fd00::1]:8443"])
def test_hosts_of_other_calendars(monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    assert given(monkeypatch, busy_hosts=hosts).busy_hosts == hosts


@pytest.mark.parametrize("hosts", ["https://", "a b/c", "ftp://lich.example.vn", "lich.example.vn:port"])
def test_what_is_no_host_is_told(monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    with pytest.raises(SettingsFault, match="LICHDAN_BUSY_HOSTS"):
        given(monkeypatch, busy_hosts=hosts)
