"""Small recordings, made here: a tone that rises every second."""

from __future__ import annotations

import array
import math
import wave

RATE = 8000


def write_tone(path, seconds=4):
    """Write a WAV file of so many seconds."""
    tone = array.array(
        "h",
        (
            int(6000 * math.sin(2 * math.pi * (220 + 20 * (i // RATE)) * i / RATE))
            for i in range(seconds * RATE)
        ),
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(tone.tobytes())
    return path
