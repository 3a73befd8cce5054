"""A Mosquitto of our own on loopback: for the demo, the tests and the bench.

Two shapes. The server's broker has a password for each client, and rules that let a
gateway reach only `hearth/1/<its own id>/...`. The broker inside a home, where
Zigbee2MQTT publishes, is open to that home.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from ingest.broker_rules import RULES
from simulators.postgres import free_port

CONFIG = """\
listener {port} 127.0.0.1
{tls}persistence true
persistence_location {folder}/
autosave_interval 60
max_queued_messages 0
max_inflight_messages 1000
message_size_limit 2097152
log_dest file {folder}/mosquitto.log
log_type error
log_type warning
"""


def mosquitto(program: str = "mosquitto") -> str:
    """The path of Mosquitto; Debian puts it where an ordinary user's PATH does not look."""
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/opt/homebrew/sbin:/usr/local/sbin")
    if found is None:
        raise RuntimeError(
            "Mosquitto is not installed: on Debian `apt install mosquitto`, on macOS `brew install mosquitto`"
        )
    return found


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files. With `clients_ca` a client needs a certificate too, whose common name is its user name."""

    ca: Path
    certificate: Path
    key: Path
    clients_ca: Path | None = None

    def lines(self) -> str:
        own = f"certfile {self.certificate}\nkeyfile {self.key}\ncafile {self.clients_ca or self.ca}\n"
        return own + ("require_certificate true\nuse_identity_as_username true\n" if self.clients_ca else "")


@dataclass(slots=True)
class Broker:
    """One running Mosquitto. Without passwords it lets anybody on this machine in."""

    folder: Path
    passwords: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    certificates: "Certificates | None" = None
    """With them it speaks TLS alone."""
    followed: bool = False
    """Whether `python -m ingest passwords` writes its password file once it runs; ours are then in `also`."""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        tls = self.certificates.lines() if self.certificates else ""
        config = CONFIG.format(port=self.port, folder=self.folder, tls=tls)
        if os.geteuid() == 0:
            config += "user root\n"  # else it drops to a user who may not write in our folder
        config += self._access()
        (self.folder / "mosquitto.conf").write_text(config)
        self.process = subprocess.Popen(
            [mosquitto(), "-c", str(self.folder / "mosquitto.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us: we end our servers in order
        )
        self.pid_file.write_text(str(self.process.pid))
        self._wait()

    @property
    def password_file(self) -> Path:
        return self.folder / "passwords"

    @property
    def also(self) -> Path:
        """The lines of those who are no gateways that set themselves up."""
        return self.folder / "also"

    @property
    def pid_file(self) -> Path:
        return self.folder / "mosquitto.pid"

    def _access(self) -> str:
        if not self.passwords:
            return "allow_anonymous true\n"
        (self.folder / "rules").write_text(RULES)
        (self.folder / "rules").chmod(0o600)
        self._write_passwords()
        return f"allow_anonymous false\npassword_file {self.password_file}\nacl_file {self.folder}/rules\n"

    def _write_passwords(self) -> None:
        self._write_hashed(self.also if self.followed else self.password_file)
        if self.followed and not self.password_file.exists():
            shutil.copy(self.also, self.password_file)

    def _write_hashed(self, path: Path) -> None:
        path.touch(mode=0o600)
        path.write_text("".join(f"{name}:{word}\n" for name, word in self.passwords.items()))
        subprocess.run([mosquitto("mosquitto_passwd"), "-U", str(path)], check=True, capture_output=True)

    def add(self, passwords: dict[str, str]) -> None:
        """Let more clients in, without disturbing those that are connected."""
        self.passwords |= passwords
        self._write_passwords()
        if self.process is not None:
            self.process.send_signal(signal.SIGHUP)

    def _wait(self, seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"Mosquitto did not start: see {self.folder}/mosquitto.log") from None
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self, lose_queue: bool = True) -> None:
        """A power cut. What the broker had queued is lost, as it is with its default settings."""
        self._end(signal.SIGKILL)
        if lose_queue:
            (self.folder / "mosquitto.db").unlink(missing_ok=True)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(10)
        self.process = None
