"""`python -m fuzz`: throw frames at the codec and at running servers, and say what did not hold."""

import argparse
import os
import random
import sys

import django


def main() -> int:
    """Run what is asked for; the exit status is 1 if anything did not hold."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    django.setup()
    from fuzz import campaigns

    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(campaigns.ALL)}; both if none is named"
    )
    parser.add_argument("--seed", type=int, help="repeat a campaign")
    parser.add_argument("--inputs", type=int, default=300_000, help="how many frames the codec gets")
    parser.add_argument("--sockets", type=int, default=2000, help="how many sockets each deployment gets")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in campaigns.ALL]:
        parser.error(f"nothing is called {', '.join(unknown)}")
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    sizes = {"frames": asked.inputs, "sockets": asked.sockets}
    complaints = 0
    for name in asked.names or campaigns.ALL:
        sys.stdout.write(
            f"python -m fuzz {name} --{'inputs' if name == 'frames' else name} {sizes[name]} --seed {seed}\n"
        )
        sys.stdout.flush()
        complaints += campaigns.ALL[name](seed, sizes[name])
    sys.stdout.write(f"{complaints} complaints\n" if complaints else "nothing to complain of\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
