"""`python -m faults`: break things while people talk, and judge what they saw."""

import argparse
import logging
import os
import random
import resource
import sys
import time

import django


def main() -> int:
    """Run what is asked for; the exit status is 1 if any invariant does not hold."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    django.setup()
    from bench import machine
    from faults import document
    from faults.campaigns import CAMPAIGNS
    from faults.options import Options
    from faults.report import Report, say
    from tests import deployments

    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="scenarios; if none is named all of them, with --smoke the short ones"
    )
    parser.add_argument("--list", action="store_true", help="say which scenarios there are")
    parser.add_argument("--seed", type=int, help="repeat a campaign")
    parser.add_argument("--rounds", type=int, help="how often the fault happens")
    parser.add_argument("--smoke", action="store_true", help="the short form, as in CI")
    parser.add_argument(
        "--add", action="store_true", help="keep what the last run found: this is a further piece of it"
    )
    parser.add_argument("--document", action="store_true", help="write what the last full runs found into docs/")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in CAMPAIGNS]:
        parser.error(f"no scenario is called {', '.join(unknown)}; --list says which there are")
    if asked.list:
        for name, scenario in CAMPAIGNS.items():
            say(f"{name:16}{scenario.about}")
        return 0
    if asked.document:
        say(f"{document.DOCUMENT.name}: {', '.join(document.write())}")
        return 0
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    options = Options(seed, asked.rounds, asked.smoke)
    complaints = 0
    try:
        for name in asked.names or [name for name in CAMPAIGNS if CAMPAIGNS[name].short or not asked.smoke]:
            report = Report(name, seed, machine.about())
            say(f"{name}: {CAMPAIGNS[name].about} (python -m faults {name} --seed {seed})")
            began = time.monotonic()
            CAMPAIGNS[name].run(options, report)
            report.about["took s"] = round(time.monotonic() - began)
            if not options.smoke:
                report.write(add=asked.add)
            complaints += len(report.complaints)
            verdict = f"{len(report.complaints)} COMPLAINTS" if report.complaints else "nothing to complain of"
            say(f"  {verdict}, in {report.about['took s']} s")
    finally:
        deployments.stop_all()
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
