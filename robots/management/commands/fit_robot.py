"""`manage.py fit_robot`: the robot's model, and what it rests on, made from `robots/data/tuning/`."""

from typing import Any

import msgspec
import numpy as np
from django.core.management.base import BaseCommand
from numpy.typing import NDArray

from robots.finding import affinity, background, fitting, lessons, phrasebook, purpose
from robots.finding import model as models
from robots.finding.data import DATA
from robots.finding.phrasebook import Vectors
from robots.finding.sets import read_set


class Command(BaseCommand):
    help = "Fit the robot's model to the sets in robots/data/tuning/ and write it, with what it rests on."

    def handle(self, *args: Any, **options: Any) -> None:
        phrases, others = (
            [read_set(path) for path in sorted(folder.glob("*.jsonl"))]
            for folder in (DATA / "tuning" / "phrasebook", DATA / "tuning")
        )
        sets = [*phrases, *others]
        taught = lessons.taught(sets, phrases, lessons.idle_talk(sets))
        model = fitting.fitted(sets, phrases)
        book = taught.book
        with phrasebook.FILE.open("wb") as file:
            starts = book.starts.astype(np.int32)
            np.savez_compressed(
                file, phrases=_half(book.phrases), lens=_half(book.lens), starts=starts, idle=_half(book.idle)
            )
        with affinity.FILE.open("wb") as file:
            np.savez_compressed(file, lens=_half(taught.affinity.lens), aim=_half(taught.affinity.aim))
        with background.FILE.open("wb") as file:
            np.savez_compressed(file, questions=_half(taught.background.questions))
        with purpose.FILE.open("wb") as file:
            np.savez_compressed(file, direction=taught.purpose.direction, offset=taught.purpose.offset)
        models.FILE.write_bytes(msgspec.json.format(msgspec.json.encode(model)) + b"\n")
        files = (models.FILE, affinity.FILE, purpose.FILE, background.FILE, phrasebook.FILE)
        self.stdout.write(f"Written: {', '.join(file.name for file in files)}.")


def _half(rows: Vectors) -> NDArray[np.float16]:
    """In half precision."""
    return rows.astype(np.float16)
