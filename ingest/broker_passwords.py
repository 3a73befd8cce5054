"""Passwords of the server's broker, in the form that Mosquitto keeps them in. Pure.

Mosquitto's `$7$`: PBKDF2 with HMAC-SHA512, 64 bytes, as `mosquitto_passwd` of 2.0 writes it.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterable

ITERATIONS = 101
"""Mosquitto's own number. A gateway's password is 32 random bytes, which no number of guesses finds;
and the broker works it out in its only thread for each connection, when a county comes back at once too."""
SALT_BYTES = 12
PASSWORD_BYTES = 32


def new_password() -> str:
    return secrets.token_urlsafe(PASSWORD_BYTES)


def hashed(password: str, salt: bytes | None = None) -> str:
    """What the broker keeps of a password. `salt`: random unless given."""
    salt = salt or secrets.token_bytes(SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return f"$7${ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def password_lines(gateways: Iterable[tuple[str, str]], also: str) -> str:
    """The whole password file: the lines of `also`, then the gateways, as (name, hash).

    A name in `also` is never a gateway's: whoever is called `ingest` there stays who that is.
    """
    lines = [line.strip() for line in also.splitlines() if line.strip() and not line.startswith("#")]
    taken = {line.partition(":")[0] for line in lines}
    lines += [f"{name}:{kept}" for name, kept in sorted(gateways) if name not in taken]
    return "".join(f"{line}\n" for line in lines)
