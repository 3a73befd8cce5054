"""Names of devices as ids of sensors. Pure."""

import hashlib
import re
import unicodedata
from functools import lru_cache

from pydantic import TypeAdapter, ValidationError

from gateway.messages import Id

_FITS = TypeAdapter(Id)


@lru_cache(maxsize=4096)
def fitting_id(name: str) -> str:
    """The name itself where the contract takes it as an id; else a likeness with a mark of the true name."""
    try:
        return _FITS.validate_python(name)
    except ValidationError:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        likeness = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:48] or "device"
        return f"{likeness}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
