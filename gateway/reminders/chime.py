"""Two soft notes before anything is said, and instead of it where there is no voice. Pure.

Low notes, since old ears lose the high ones first: nearly everybody hears 400 to 500 Hz.
"""

import io
import math
import struct
import wave
from functools import cache

RATE = 16_000
NOTES = ((523.25, 0.0), (392.0, 0.35))
"""Each note's frequency in Hz, and when it begins in seconds: C, then the G below it."""
LASTS_S = 1.2
LOUDNESS = 0.35
SOFT_START_S = 0.02


@cache
def chime() -> bytes:
    """A WAV file of 16 bits, one channel, 38 kB."""
    samples = [_swing(number / RATE) for number in range(int(RATE * LASTS_S))]
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *(round(one * 32767) for one in samples)))
    return made.getvalue()


def _swing(at: float) -> float:
    """From -1 to 1, at so many seconds."""
    return sum(_note(frequency, at - begins) for frequency, begins in NOTES if at >= begins)


def _note(frequency: float, since: float) -> float:
    fades = math.exp(-4 * since) * min(1.0, since / SOFT_START_S)
    return LOUDNESS * fades * math.sin(math.tau * frequency * since)
