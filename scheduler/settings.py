"""What the environment decides, read once at the start of a process (contract: Settings)."""

import ipaddress
import re
import secrets
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "LICHDAN_"
MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls", "file")
SECRET_LENGTH = 32
HOST = re.compile(r"(?:https?://)?(?:(?:\*\.)?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?")


class SettingsFault(Exception):
    """The start is refused; the text names every fault, one a line."""


class Settings(BaseSettings):
    """All settings. Addresses carry no slash at their end; folders are paths as given."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", validate_default=False)

    var: Path = Path("var")
    port: int = Field(8000, ge=1, le=65535)
    database_url: str = ""
    base_url: str = ""
    secret_key: str = Field("", validate_default=True)
    data_key: str = ""
    mail_url: str = ""
    mail_from: str = "Lịch Dân <lichdan@localhost>"
    sms_url: str = ""
    sms_token: str = ""
    sms_from: str = ""
    demo: bool = True
    language: Literal["vi", "en"] = "vi"
    feed_domain: str = ""
    metrics_token: str = ""
    busy_hosts: str = "calendar.google.com, outlook.office365.com, outlook.office.com, outlook.live.com, *.icloud.com"

    @model_validator(mode="before")
    @classmethod
    def _blank_means_default(cls, values: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in values.items() if value != ""}

    @field_validator("base_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("expected an address such as https://lich.example.vn")
        return value.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _strong(cls, value: str, info: ValidationInfo) -> str:
        if value and len(value) < SECRET_LENGTH:
            raise ValueError(f"expected at least {SECRET_LENGTH} characters")
        if not value and not _on_this_machine(info.data.get("base_url", "")):
            raise ValueError("must be set where base_url is not on this machine")
        return value

    @field_validator("data_key")
    @classmethod
    def _strong_keys(cls, value: str) -> str:
        if any(len(key.strip()) < SECRET_LENGTH for key in value.split(",")):
            raise ValueError(f"expected keys of at least {SECRET_LENGTH} characters, with commas between them")
        return value

    @field_validator("mail_url")
    @classmethod
    def _known_transport(cls, value: str) -> str:
        scheme, colon, rest = value.partition(":")
        if scheme not in MAIL_SCHEMES or not colon or not rest.strip("/"):
            raise ValueError("expected smtp://, smtps://, smtp+starttls:// or file:FOLDER")
        return value

    @field_validator("sms_url")
    @classmethod
    def _gateway(cls, value: str) -> str:
        parts = urlsplit(value)
        inside = parts.scheme == "http" and _on_this_machine(value)
        if not parts.hostname or (parts.scheme != "https" and not inside) or parts.username or parts.fragment:
            raise ValueError("expected https://…, or http:// on this machine, without a user in it")
        return value

    @field_validator("sms_token", "sms_from")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable():
            raise ValueError("expected printable ASCII in one line")
        return value.strip()

    @field_validator("busy_hosts")
    @classmethod
    def _hosts(cls, value: str) -> str:
        if not all(HOST.fullmatch(part) for part in re.split(r"[,\s]+", value.strip())):
            raise ValueError("expected hosts such as calendar.google.com, *.icloud.com, http://lich.example.vn:8080")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite://", "postgresql+psycopg://")):
            raise ValueError("expected sqlite:///FILE or postgresql+psycopg://…")
        return value

    @model_validator(mode="after")
    def _follow_folder_and_port(self) -> Self:
        followers = {
            "database_url": f"sqlite:///{self.var}/lichdan.db",
            "base_url": f"http://127.0.0.1:{self.port}",
            "mail_url": f"file:{self.var}/mail",
        }
        for name, default in followers.items():
            if not getattr(self, name):
                object.__setattr__(self, name, default)
        if not self.feed_domain:
            object.__setattr__(self, "feed_domain", urlsplit(self.base_url).hostname or "localhost")
        return self

    @property
    def production(self) -> bool:
        """True where the public address is not on loopback."""
        return not _on_this_machine(self.base_url)

    @property
    def secret(self) -> str:
        """The key that signs cookies and links; outside production made once and kept in the folder."""
        if self.secret_key:
            return self.secret_key
        kept = self.var / "secret_key"
        if not kept.exists():
            self.var.mkdir(parents=True, exist_ok=True)
            try:
                with kept.open("x", encoding="ascii") as file:
                    kept.chmod(0o600)
                    file.write(secrets.token_urlsafe(SECRET_LENGTH * 2))
            except FileExistsError:
                pass
        return kept.read_text(encoding="ascii").strip()

    @property
    def sealing_keys(self) -> str:
        """What seals the texts of residents: keys of its own, else the key that signs."""
        return self.data_key or self.secret


def _on_this_machine(address: str) -> bool:
    """Whether the address is on loopback; a blank one is the default, which is."""
    host = urlsplit(address).hostname or "localhost"
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_settings() -> Settings:
    """Read the environment. Raises SettingsFault whose text names every fault by its variable."""
    try:
        return Settings()
    except ValidationError as refusal:
        raise SettingsFault("\n".join(_fault_line(fault) for fault in refusal.errors())) from None


def _fault_line(fault: object) -> str:
    assert isinstance(fault, dict)
    name = "_".join(str(part) for part in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    if not name:
        name, _, message = message.partition(": ")
    return f"{PREFIX}{name.upper()}: {message}"
