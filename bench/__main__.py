"""`python -m bench`: run scenarios, or write what they found into the document."""

import argparse
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import cores, machine, report
from bench.options import Options
from bench.results import FOLDER, Result, say
from bench.scenarios import SCENARIOS


def main() -> int:
    """Runs what is asked for; the exit status is 1 if any figure is not to be believed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="scenarios; all of them if none is named")
    parser.add_argument("--list", action="store_true", help="say which scenarios there are")
    parser.add_argument("--report", action="store_true", help=f"write the results into {report.DOCUMENT.name}")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_const", const="quick", dest="size", help="smaller and shorter")
    size.add_argument("--smoke", action="store_const", const="smoke", dest="size", help="only see that it works")
    parser.add_argument("--seconds", type=float, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=1, help="turns of each contender in pairs and grown-up")
    parser.add_argument("--largest", action="store_true", help="reading also fills in ten million messages")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in SCENARIOS]:
        parser.error(f"no scenario is called {', '.join(unknown)}; --list says which there are")
    if asked.list:
        for name, scenario in SCENARIOS.items():
            say(f"{name:16}{scenario.about}")
        return 0
    if asked.report:
        say(f"written into {report.DOCUMENT}: {', '.join(report.write(FOLDER))}")
        return 0
    options = Options(asked.size or "full", asked.seconds, asked.rounds, asked.largest)
    return run(asked.names or list(SCENARIOS), options)


def run(names: list[str], options: Options) -> int:
    """Run the scenarios one after the other and keep what they find."""
    # Each socket is a file, here and in the servers that are started from here.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    for warning in machine.warnings():
        say(f"WARNING {warning}")
    cores.become_the_load()
    results = []
    for name in names:
        say(f"{name}: {SCENARIOS[name].about}")
        result = Result(name, machine.about(), {"size": options.size})
        began = time.monotonic()
        SCENARIOS[name].run(options, result)
        result.parameters["took s"] = round(time.monotonic() - began)
        results.append(result)
        if options.measures:
            say(f"\n{result.tables()}\n\nkept in {result.write()}\n")
        else:
            say(f"  {'as' if _whole(result) else 'NOT as'} expected, in {result.parameters['took s']} s")
    return 0 if all(map(_whole, results)) else 1


def _whole(result: Result) -> bool:
    """Whether there are figures, nothing went wrong, and all of it can be kept and read again."""
    with TemporaryDirectory() as folder:
        kept = Result.read(result.write(Path(folder)))
    return bool(result.rows) and not result.faults and kept == result


if __name__ == "__main__":
    sys.exit(main())
