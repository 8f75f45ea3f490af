"""Where the server listens, and what it refuses to do there: passwords cross no network in the clear unless told so."""

import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from marketbook.kit.config import settings
from marketbook.kit.errors import ConfigError
from marketbook.kit.language import gettext as _


@dataclass(frozen=True)
class Listening:
    """Where the server listens.

    Attributes:
        address: 127.0.0.1 unless told.
        port: 0 takes a free one.
        certificate, key: PEM files, or None for plain HTTP on this machine or behind a proxy.
        insecure: Whether plain HTTP and accounts with a known password are meant to be reached from other machines.
    """

    address: str = "127.0.0.1"
    port: int = 8866
    certificate: Path | None = None
    key: Path | None = None
    insecure: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches it, by its users or by a proxy."""
        return is_local(self.address)

    @property
    def is_reached_from_elsewhere(self) -> bool:
        """Whether people on other machines get here, directly or by a proxy."""
        return not self.is_local or bool(settings().proxies)

    def check(self, *, known_passwords: bool) -> None:
        """Refuse to listen where passwords could be read, or are known to everybody.

        Args:
            known_passwords: Whether there are accounts with the demo company's password.

        Raises:
            ConfigError: It is not safe; the message says what would be.
        """
        if self.insecure:
            return
        if not (self.is_local or self.certificate or settings().proxies):
            raise ConfigError(
                _("{address} is reached from other machines, so passwords need TLS: give --certificate and --key, or "
                  "name the proxy that speaks TLS in MARKETBOOK_PROXIES. --insecure does without.").format(
                    address=self.address)
            )  # fmt: skip
        if self.is_reached_from_elsewhere and known_passwords:
            raise ConfigError(
                _("The demo company's accounts have a password that everybody knows, and other machines would reach "
                  "them: disable them with 'marketbook users disable', or say --insecure.")
            )  # fmt: skip

    def tls(self) -> ssl.SSLContext | None:
        """Return the context of TLS, or None.

        Raises:
            ConfigError: Certificate and key cannot be used.
        """
        if self.certificate is None:
            return None
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            made.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(
                _("{file}: not a certificate with its key in PEM: {problem}").format(
                    file=self.certificate, problem=error
                )
            ) from None
        return made

    def url(self, port: int) -> str:
        """Return the address to type into a browser.

        Example:
            >>> Listening("::1").url(8866), Listening("127.0.0.1", certificate=Path("c.pem")).url(443)
            ('http://[::1]:8866/', 'https://127.0.0.1:443/')
        """
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{'https' if self.certificate else 'http'}://{host}:{port}/"


def is_local(name: str) -> bool:
    """Tell whether a name or address is this machine's own, which no other machine reaches.

    Example:
        >>> [is_local(name) for name in ("localhost", "127.0.0.2", "::1", "0.0.0.0", "192.0.2.7", "")]
        [True, True, True, False, False, False]
    """
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
