"""What the tests of gaps share: a shop whose robot can't answer what customers ask about presents."""

from typing import Any

from robots import answers, gaps
from robots.models import Gap, UnansweredQuestion
from tests.admin_case import AdminTest
from tests.world import World

LIST = "/admin/robots/gap/"
ALIKE = ["有没有赠品", "请问有赠品吗", "有赠品吗？"]


def ask(world: World, shop: Any, asker: str, *texts: str) -> None:
    """These are asked, and nobody knows."""
    for content in texts:
        UnansweredQuestion.objects.using(world.alias).create(shop=shop, asker=world.get(asker), text=content)


class GapTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("dev17", 17, {3: ("送什么礼物", "送杯子"), 5: ("发什么快递", "顺丰")})
        self.world.accounts("User1", "User2")

    def ask(self, *texts: str, asker: str = "User1") -> None:
        ask(self.world, self.shop, asker, *texts)
        while gaps.gather():
            pass

    def gap(self) -> Gap:
        self.ask(*ALIKE)
        return Gap.objects.get()

    def dismiss(self, gap: Gap) -> int:
        return gaps.dismiss(Gap.objects.filter(pk=gap.pk))

    def path(self, gap: Gap) -> str:
        return f"{LIST}{gap.pk}/change/"

    def heard(self, sentence: str) -> Any:
        self.shop.refresh_from_db()
        return answers.answer(self.shop, content=sentence)
