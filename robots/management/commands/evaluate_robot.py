"""`manage.py evaluate_robot --set FILE`: how well the robot finds answers."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from robots.finding.data import DATA
from robots.finding.evaluation import SMALL, Tally, evaluate, evaluate_small, evaluate_unknown
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
            self.stdout.write(f"{path.name}: {_told(tally, evaluate_unknown(each), evaluate_small(each))}")
            for mistake in mistakes if options["mistakes"] else ():
                self.stdout.write(f"    {mistake.sentence}  {mistake.got}  ({mistake.wanted})")


def _told(tally: Tally, unknown: Tally, small: Tally) -> str:
    parts = []
    if tally.asked:
        share = {name: 100 * getattr(tally, name) / tally.asked for name in Tally.__slots__}
        parts.append(
            f"{tally.asked} questions: hit@1 {share['first']:.1f} %, hit@3 {share['among_three']:.1f} %, "
            f"answered at once {share['answered_right']:.1f} % rightly and {share['answered_wrong']:.1f} % wrongly, "
            f"fallback {share['unheard']:.1f} %"
        )
    if tally.strange:
        parts.append(f"{tally.strange} out of scope: {_strange(tally)}")
    if unknown.strange:
        parts.append(f"{unknown.strange} whose question is taken out: {_strange(unknown)}")
    if small.asked:
        first = 100 * small.first / small.asked
        parts.append(f"in shops of {SMALL}: hit@1 {first:.1f} %, {small.strange} unknown: {_strange(small)}")
    return "; ".join(parts) or "no sentences"


def _strange(tally: Tally) -> str:
    answered, menus = (100 * count / tally.strange for count in (tally.strange_answered, tally.strange_menus))
    return f"answered {answered:.1f} %, menu {menus:.1f} %"
