"""Certificates for the tests, signed by somebody the tests trust."""

from pathlib import Path
from typing import Any

import trustme


class Authority:
    """Somebody who signs certificates, and the files they are in."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self.ca = folder, trustme.CA()
        self.file = folder / "ca.pem"
        self.ca.cert_pem.write_to_path(str(self.file))

    def sign(self, name: str, **more: Any) -> tuple[Path, Path]:
        """(certificate, key) for this name."""
        made = self.ca.issue_cert(name, **more)
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        made.private_key_pem.write_to_path(str(key))
        for place, blob in enumerate(made.cert_chain_pems):
            blob.write_to_path(str(certificate), append=place > 0)
        return certificate, key
