"""Where the server may listen: not where passwords could be read, or are known to everybody."""

from pathlib import Path

import pytest

from marketbook.app.server.listening import Listening
from marketbook.kit import config
from marketbook.kit.errors import ConfigError

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.fixture
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETBOOK_PROXIES", "127.0.0.1")
    config.settings.cache_clear()


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "market.example"])
def test_other_machines_are_not_let_in_without_tls(address: str) -> None:
    with pytest.raises(ConfigError, match="passwords need TLS: give --certificate"):
        Listening(address).check(known_passwords=False)
    Listening(address, certificate=Path("c.pem")).check(known_passwords=False)
    Listening(address, insecure=True).check(known_passwords=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "127.1.2.3"])
def test_this_machine_needs_nothing(address: str) -> None:
    Listening(address).check(known_passwords=True)


@pytest.mark.usefixtures("behind_a_proxy")
def test_behind_a_proxy_everything_goes_but_known_passwords() -> None:
    Listening("0.0.0.0").check(known_passwords=False)
    with pytest.raises(ConfigError, match="password that everybody knows"):
        Listening("127.0.0.1").check(known_passwords=True)


def test_known_passwords_are_not_shown_to_other_machines_by_tls_either() -> None:
    with pytest.raises(ConfigError, match="disable them with 'marketbook users disable'"):
        Listening("0.0.0.0", certificate=Path("c.pem")).check(known_passwords=True)


def test_what_is_no_certificate_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_text("nothing")
    with pytest.raises(ConfigError, match="not a certificate with its key in PEM"):
        Listening(certificate=tmp_path / "c.pem").tls()
