"""Makes what a scenario needs in a deployment's database; runs as a program with that deployment's settings.

python -m bench.prepare accounts N         tables, demo data, and the accounts u0 … with one password
python -m bench.prepare hashes N FILE      the first N of them get password hashes of their own, kept in FILE
python -m bench.prepare tokens N           prints a chat token for each of the first N
python -m bench.prepare argon2             prints the seconds that one comparison of a password takes
python -m bench.prepare questions N        the demo shop has N questions, as customers of many shops ask them
python -m bench.prepare finding SENTENCES  prints the seconds in which its robot decides on each sentence of a JSON list
"""

import csv
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import django
from django.core.management import call_command

django.setup()

from django.contrib.auth.hashers import check_password, make_password  # noqa: E402  (models load after set-up)

from accounts import tokens  # noqa: E402
from accounts.lifecycle import create_test_accounts  # noqa: E402
from accounts.models import Account, App  # noqa: E402
from bench import cores  # noqa: E402
from chat import demo  # noqa: E402
from robots.finding.data import DATA  # noqa: E402
from robots.finding.sets import read_set  # noqa: E402
from robots.models import Shop  # noqa: E402
from robots.prepared import prepared  # noqa: E402

COMPARISONS = 10


def accounts(count: str) -> None:
    call_command("migrate", verbosity=0)
    demo.load()
    app = App.objects.get(appid=demo.APPID)
    create_test_accounts(app=app, prefix="u", count=int(count), password=demo.PASSWORD)


def proofs(count: str, file: str) -> None:
    kept = Path(file)
    known: list[str] = json.loads(kept.read_text()) if kept.exists() else []
    if len(known) < int(count):
        with ThreadPoolExecutor() as threads:
            known += threads.map(make_password, [demo.PASSWORD] * (int(count) - len(known)))
        kept.write_text(json.dumps(known))
    named = _accounts(int(count))
    for account, encoded in zip(named, known, strict=False):
        account.password = encoded
    Account.objects.bulk_update(named, ["password"], batch_size=100)
    began = time.perf_counter()
    for encoded in known[:COMPARISONS]:
        check_password(demo.PASSWORD, encoded)
    seconds = (time.perf_counter() - began) / COMPARISONS
    sys.stdout.write(json.dumps({"tokens": list(map(tokens.issue, named)), "seconds": seconds}))


def questions(count: str) -> None:
    asked = [
        text
        for file in (DATA / "tuning").rglob("*.jsonl")
        for text, owner in read_set(file).sentences()
        if owner is not None
    ]
    some = sorted(set(asked))[: int(count)]
    with NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("question", "answer"), *((text, f"{text}？马上给您答复。") for text in some)])
        file.flush()
        call_command("import_faqs", file.name, shop=demo.SHOP_NUMBER, app=demo.APPID, remove=True, stdout=StringIO())


def finding(sentences: str) -> None:
    os.sched_setaffinity(0, {cores.SERVER})
    shop = prepared(_demo_shop())
    seconds = []
    for sentence in json.loads(sentences):
        began = time.perf_counter()
        shop.decide(sentence)
        seconds.append(time.perf_counter() - began)
    sys.stdout.write(json.dumps(seconds))


def _demo_shop() -> Shop:
    return Shop.objects.get(app__appid=demo.APPID, number=demo.SHOP_NUMBER)


def _accounts(count: int) -> list[Account]:
    by_name = {account.name: account for account in Account.objects.filter(name__startswith="u")}
    return [by_name[f"u{number}"] for number in range(count)]


if __name__ == "__main__":
    steps: dict[str, Callable[..., None]] = {
        "accounts": accounts,
        "proofs": proofs,
        "questions": questions,
        "finding": finding,
    }
    steps[sys.argv[1]](*sys.argv[2:])
