"""The config on disk, with its pictures and sounds: what the server told, whether it can be reached or not.

A folder beside the outbox. Files are replaced whole, so that a power cut leaves the old one or
the new one. A disk that takes nothing is no reason to stop: the config holds all the same, and
is confirmed to the server once it is safe.
"""

import hashlib
import logging
import os
from pathlib import Path

from pydantic import ValidationError

from gateway.config import MAX_ASSET_BYTES, Config
from gateway.log import about
from gateway.messages import MAX_MESSAGE_BYTES

log = logging.getLogger(__name__)


class KeptConfig:
    """`config`: what is in force, None before the first. Used by one thread, but for `asset`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = self._read()
        self.is_safe = self.config is not None
        self._failed = False

    def _read(self) -> Config | None:
        path = self.folder / "config.json"
        try:
            if path.stat().st_size > MAX_MESSAGE_BYTES:
                return None
            return Config.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError):
            log.warning("The kept config cannot be read; the server will send it", extra=about("config_unreadable"))
            return None

    def take(self, payload: bytes) -> bool:
        """The server's config, if it is one and newer than ours; whether it is in force from now on."""
        try:
            config = Config.model_validate_json(payload)
        except ValidationError as error:
            kinds = ",".join(sorted({one["type"] for one in error.errors(include_input=False, include_url=False)}))
            log.warning("A config does not fit the contract; the old one holds", extra=about("config_bad", why=kinds))
            return False
        if self.config and (config.made_at, config.version) <= (self.config.made_at, self.config.version):
            return False
        self.config, self.is_safe = config, False
        log.info("A new config is in force", extra=about("config_taken", version=config.version))
        self.make_safe()
        return True

    def make_safe(self) -> None:
        """Write it down, if that has not been done; a full disk is tried again at the next call."""
        if self.config is None or self.is_safe:
            return
        if self._write("config.json", self.config.model_dump_json().encode()):
            self.is_safe = True
            self._throw_away()

    @property
    def confirmed(self) -> int | None:
        """The version that is in force and on disk."""
        return self.config.version if self.config and self.is_safe else None

    def missing(self) -> tuple[str, ...]:
        """Pictures and sounds of the config that are not here."""
        wanted = dict.fromkeys(self.config.assets()) if self.config else {}
        return tuple(one for one in wanted if not os.path.exists(self._path(one)))  # noqa: PTH110

    def take_asset(self, payload: bytes) -> bool:
        """Keep a picture or sound that the config names; anything else is thrown away."""
        name = hashlib.sha256(payload).hexdigest()
        if len(payload) > MAX_ASSET_BYTES or name not in self.missing():
            return False
        return self._write(f"asset-{name}", payload)

    def asset(self, name: str) -> bytes | None:
        """One that the config names. May be called from any thread."""
        config = self.config
        if config is None or name not in config.assets():
            return None
        try:
            return self._path(name).read_bytes()
        except OSError:
            return None

    def _path(self, name: str) -> Path:
        return self.folder / f"asset-{name}"

    def _throw_away(self) -> None:
        """Files of pictures and sounds that nothing uses any more."""
        wanted = {f"asset-{name}" for name in self.config.assets()} if self.config else set()
        for file in self.folder.glob("asset-*"):
            if file.name not in wanted:
                file.unlink(missing_ok=True)

    def _write(self, name: str, content: bytes) -> bool:
        half = self.folder / f".{name}.new"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with half.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(self.folder / name)
        except OSError as error:
            if not self._failed:
                log.warning("The config cannot be kept: %s", error.strerror, extra=about("config_not_kept"))
            self._failed = True
            return False
        self._failed = False
        return True
