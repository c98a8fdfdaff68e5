"""PostgreSQL keeps the plans of what a connection asks often, unless an operator forbids it."""

import os
import subprocess
import sys
from typing import ClassVar

from tests.case import SocketTest
from tests.services import ROOT

ASKING_OFTEN = """
import django; django.setup()
from django.db import connection
from accounts.models import Account
for number in range(10):
    Account.objects.filter(name=f"User{number}").first()
with connection.cursor() as cursor:
    cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%accounts_account%'")
    print(cursor.fetchone()[0])
"""


class FrequentQueries(SocketTest):
    deployments: ClassVar = ("grown-up",)

    def kept(self, **variables: str) -> int:
        """How many plans a connection keeps after the same question with ten names."""
        environment = {**os.environ, **self.deployment.servers[0].environment, **variables}
        environment["DJANGO_SETTINGS_MODULE"] = "chatproject.settings"
        command = [sys.executable, "-c", ASKING_OFTEN]
        return int(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)

    async def test_are_planned_once(self) -> None:
        self.assertEqual(self.kept(), 1)

    async def test_are_planned_each_time_where_they_must_not_be_prepared(self) -> None:
        self.assertEqual(self.kept(DATABASE_PREPARES="0"), 0)
