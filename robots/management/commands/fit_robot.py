"""`manage.py fit_robot`: the robot's model, and what it rests on, made from `robots/data/tuning/`."""

from typing import Any

import msgspec
import numpy as np
from django.core.management.base import BaseCommand

from robots.finding import affinity, fitting, lessons, phrasebook, purpose
from robots.finding import model as models
from robots.finding.data import DATA
from robots.finding.sets import read_set


class Command(BaseCommand):
    help = "Fit the robot's model to the sets in robots/data/tuning/ and write it, with what it rests on."

    def handle(self, *args: Any, **options: Any) -> None:
        phrases, others = (
            [read_set(path) for path in sorted(folder.glob("*.jsonl"))]
            for folder in (DATA / "tuning" / "phrasebook", DATA / "tuning")
        )
        sets = [*phrases, *others]
        book, learnt, plane = (
            lessons.written(phrases, lessons.idle_talk(sets)),
            lessons.learnt(sets),
            lessons.intended(sets),
        )
        model = fitting.fitted(sets, phrases)
        with phrasebook.FILE.open("wb") as file:
            np.savez_compressed(
                file,
                phrases=book.phrases.astype(np.float16),
                starts=book.starts.astype(np.int32),
                idle=book.idle.astype(np.float16),
            )
        with affinity.FILE.open("wb") as file:
            np.savez_compressed(file, matrix=learnt.matrix.astype(np.float16))
        with purpose.FILE.open("wb") as file:
            np.savez_compressed(file, direction=plane.direction, offset=plane.offset)
        models.FILE.write_bytes(msgspec.json.format(msgspec.json.encode(model)) + b"\n")
        files = (models.FILE, affinity.FILE, purpose.FILE, phrasebook.FILE)
        self.stdout.write(f"Written: {', '.join(file.name for file in files)}.")
