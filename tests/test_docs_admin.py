"""The guide to the admin names its pages and buttons as they are named there, in both languages."""

import re

from django.test import SimpleTestCase

from tests.examples import ROOT

CATALOGUE = (ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").read_text()
TEXT = re.compile(r'^msgid "(.+)"\n(?:msgid_plural ".+"\n)?msgstr(?:\[0\])? "(.+)"$', re.MULTILINE)


class TheGuideToTheAdmin(SimpleTestCase):
    def labels(self, name: str) -> list[str]:
        """What stands in bold."""
        return re.findall(r"\*\*(.+?)\*\*", (ROOT / "docs" / name).read_text())

    def test_says_what_the_pages_say(self) -> None:
        english, chinese = map(set, zip(*TEXT.findall(CATALOGUE), strict=True))
        for name, texts in (("admin.md", english), ("admin.zh-CN.md", chinese)):
            labels = set(self.labels(name)) - {"bold", "粗体"}
            self.assertGreater(len(labels), 20)
            self.assertEqual(labels - texts, set(), name)

    def test_names_as_much_in_chinese(self) -> None:
        self.assertLessEqual(abs(len(self.labels("admin.md")) - len(self.labels("admin.zh-CN.md"))), 2)
