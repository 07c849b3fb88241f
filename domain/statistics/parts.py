"""The parts of the page of numbers."""

from enum import StrEnum


class Part(StrEnum):
    """The parts of the page, in their order."""

    NOW = "now"
    SPEED = "speed"
    QUALITY = "quality"
    DUPLICATES = "duplicates"
    VOLUME = "volume"
    LOOP = "loop"
    INTAKE = "intake"

    @property
    def label(self) -> str:
        return {"loop": "Loop closed", "intake": "Intake counts"}.get(self.value, self.value.capitalize())
