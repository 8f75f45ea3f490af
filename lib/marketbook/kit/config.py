"""Settings from the environment and `.marketbook/config.toml`; no path depends on the working directory.

The environment wins over the file. `MARKETBOOK_HOME` names the workspace (the folder with notebooks/ and params/);
without it, it is the checkout that this package was installed from.
"""

import os
import tomllib
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from babel.numbers import list_currencies
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from marketbook.kit.errors import ConfigError

LanguageName = Literal["zh_Hans", "en", "zh_Hant"]


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not a time zone; give one like 'Asia/Shanghai'")
    return name


def _currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError(f"{code!r} is not an ISO 4217 currency; give one like 'CNY'")
    return code


def _several(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _words(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


def _without_slash(url: str) -> str:
    return url.rstrip("/")


def _networks(found: tuple[str, ...]) -> tuple[str, ...]:
    for each in found:
        ip_network(each, strict=False)  # its ValueError names the text
    return found


def _lowered(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each.lower() for each in found)


class Settings(BaseModel):
    """What can be set: each field is `MARKETBOOK_<NAME>` in the environment or `name` in config.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path
    language: LanguageName = "zh_Hans"
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Asia/Shanghai"
    currency: Annotated[str, AfterValidator(_currency)] = "CNY"
    store_url: str = Field(default="", repr=False)
    facts_path: Path | None = None
    outputs_path: Path | None = None
    workers: int = Field(default=0, ge=0, le=256)
    live_kernels: int = Field(default=24, ge=1, le=1000)
    proxies: Annotated[tuple[str, ...], BeforeValidator(_several), AfterValidator(_networks)] = ()
    user_header: str = Field(default="", pattern=r"^[A-Za-z0-9-]*$")
    hosts: Annotated[tuple[str, ...], BeforeValidator(_several), AfterValidator(_lowered)] = ()
    public_url: Annotated[str, AfterValidator(_without_slash)] = Field(default="", pattern=r"^(https?://[^\s?#]+)?$")
    notify_urls: Annotated[tuple[str, ...], BeforeValidator(_words)] = Field(default=(), repr=False)

    @property
    def notebooks(self) -> Path:
        """The folder of notebooks."""
        return self.home / "notebooks"

    @property
    def params(self) -> Path:
        """The folder of parameter files, one per schedule."""
        return self.home / "params"

    @property
    def outputs(self) -> Path:
        """The folder of published runs."""
        return self.outputs_path or self.home / "outputs"

    @property
    def state(self) -> Path:
        """The folder of everything the workspace keeps to itself."""
        return self.home / ".marketbook"

    @property
    def facts(self) -> Path:
        """The folder of Parquet datasets."""
        return self.facts_path or self.state / "facts"

    @property
    def cache(self) -> Path:
        """The folder of what can be made again at any time."""
        return self.state / "cache"

    @property
    def store(self) -> str:
        """The SQLAlchemy URL of the record store."""
        return self.store_url or f"sqlite:///{self.state / 'store.db'}"

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def processes(self) -> int:
        """How many reports run side by side: `workers`, or one for each core."""
        return self.workers or os.cpu_count() or 1


_store = ""


def use_store(url: str) -> None:
    """Keep records where the app server says, whatever is set; the URL may hold a password, so nothing else holds it.

    Args:
        url: A SQLAlchemy URL; empty for the one that is set.
    """
    global _store  # one process has one store
    _store = url
    settings.cache_clear()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read the settings once.

    Raises:
        ConfigError: A setting is unknown or out of range; the message names it, its source and what is allowed.
    """
    home = _home()
    file = home / ".marketbook" / "config.toml"
    found = {**_from_file(file), **_from_environment(), "home": home} | ({"store_url": _store} if _store else {})
    try:
        return Settings.model_validate(found)
    except ValidationError as error:
        lines = [f"{_source(str(e['loc'][0]), file)}: {e['input']!r}: {e['msg']}" for e in error.errors()]
        raise ConfigError("\n".join(lines)) from None


def keep_private() -> None:
    """Keep the workspace's own folder, with its records and datasets, from other users of this machine."""
    folder = settings().state
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for file in folder.glob("store.db*"):
        file.chmod(0o600)


def _home() -> Path:
    given = os.environ.get("MARKETBOOK_HOME")
    home = Path(given).expanduser().resolve() if given else Path(__file__).resolve().parents[3]
    if not (home / "notebooks").is_dir():
        raise ConfigError(
            f"{home} is not a workspace: it has no folder notebooks/. Set MARKETBOOK_HOME to one that has."
        )
    return home


def _from_file(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not TOML: {error}") from None


def _from_environment() -> dict[str, str]:
    names = set(Settings.model_fields) - {"home"}
    return {name: value for name in names if (value := os.environ.get(f"MARKETBOOK_{name.upper()}"))}


def _source(name: str, file: Path) -> str:
    variable = f"MARKETBOOK_{name.upper()}"
    return variable if os.environ.get(variable) else f"{file}: {name}"
