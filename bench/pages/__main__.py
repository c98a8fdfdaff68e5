"""`python -m bench.pages pictures` and `python -m bench.pages measure`."""

import argparse
import sys
from pathlib import Path

from bench import machine
from bench.pages import measure, pictures, report, site
from bench.results import say


def main() -> int:
    """Does one of the two."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("what", choices=["pictures", "measure"])
    parser.add_argument("--folder", type=Path, default=pictures.FOLDER, help="where the pictures go")
    parser.add_argument("--conversations", type=int, default=2_000)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--trial", action="store_true", help="see that it works: docs/pages.md stays as it is")
    asked = parser.parse_args()
    on = machine.about()
    with site.server(DEBUG="1" if asked.what == "pictures" else "0") as server, site.browser() as browser:
        if asked.what == "pictures":
            for path in pictures.take(server, browser, asked.folder):
                say(f"{path.stat().st_size / 1024:6.1f} KB  {path.name}")
        else:
            rows = measure.run(server, browser, asked.conversations, asked.messages)
            for what, came in rows:
                say(f"{what}: {came}")
            if not asked.trial:
                report.write(rows, on)
    return 0


if __name__ == "__main__":
    sys.exit(main())
