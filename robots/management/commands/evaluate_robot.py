"""`manage.py evaluate_robot --set FILE`: how well the robot finds answers."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from robots.finding.data import DATA
from robots.finding.evaluation import Tally, evaluate, evaluate_unknown
from robots.finding.sets import read_set


class Command(BaseCommand):
    help = (
        "Ask a shop with the questions of a set every sentence of the set. Sets are JSON lines of question, answer and "
        "queries (a null question: what the shop does not answer). Without --set: the sets kept aside."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--set", action="append", type=Path, dest="sets", metavar="FILE")
        parser.add_argument("--mistakes", action="store_true", help="show every sentence that got something else")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["sets"] or sorted((DATA / "held").glob("*.jsonl")):
            try:
                each = read_set(path)
                tally, mistakes = evaluate(each)
            except (OSError, ValueError) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{path.name}: {_told(tally, evaluate_unknown(each))}")
            for mistake in mistakes if options["mistakes"] else ():
                self.stdout.write(f"    {mistake.sentence}  {mistake.got}  ({mistake.wanted})")


def _told(tally: Tally, unknown: Tally) -> str:
    parts = []
    if tally.asked:
        share = {name: 100 * getattr(tally, name) / tally.asked for name in Tally.__slots__}
        parts.append(
            f"{tally.asked} questions: hit@1 {share['first']:.1f} %, hit@3 {share['among_three']:.1f} %, "
            f"answered at once {share['answered_right']:.1f} % rightly and {share['answered_wrong']:.1f} % wrongly, "
            f"fallback {share['unheard']:.1f} %"
        )
    for kind, strange in (("out of scope", tally), ("whose question is taken out", unknown)):
        if strange.strange:
            parts.append(
                f"{strange.strange} {kind}: answered {100 * strange.strange_answered / strange.strange:.1f} %, "
                f"menu {100 * strange.strange_menus / strange.strange:.1f} %"
            )
    return "; ".join(parts) or "no sentences"
