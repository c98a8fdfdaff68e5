"""Data to try the chat with: the accounts, the shop and the questions of the customer's document."""

from django.contrib.auth import get_user_model
from django.db import transaction

from accounts.directory import AccountRef
from accounts.lifecycle import add_notification_account, create_account
from accounts.models import Account, App
from chat.database.pairs import exclusive
from chat.drafts import Draft
from chat.messages import store
from chat.models import Conversation
from chat.protocol.bodies import text_body
from robots.models import Faq, Shop

APPID = "af8e2f0dbadb617bda145c84c1"
PASSWORD = "123456"
SHOP_ACCOUNT = "dev17"
SHOP_NUMBER = 17
ADMIN, ADMIN_PASSWORD = "admin", "admin123456"

PEOPLE = {
    "Ken": "Ken",
    "User1": "张三",
    "User2": "李四",
    "User3": "王五",
    "User4": "赵六",
    "User5": "孙七",
    "User6": "周八",
}
QUESTIONS = {1: ("发什么快递", "发顺丰a"), 3: ("包邮吗", "本店全场包邮")}
NOTIFICATION = "欢迎来到商城，祝您购物愉快！"
TALKS = (
    ("User1", "User2", ("你好，周末一起去逛街吗？", "好啊，几点？", "下午两点，老地方见")),
    ("User3", SHOP_ACCOUNT, ("在吗？想问下这件有没有大码", "亲，在的，有大码哦，喜欢可以直接拍")),
    ("User1", SHOP_ACCOUNT, ("你好", "亲，您好，请问有什么可以帮您？")),
)


def load() -> None:
    """Make whatever of the demo data is missing; what is there already is left as it is."""
    with transaction.atomic():
        app, _ = App.objects.get_or_create(appid=APPID, defaults={"name": "演示商城"})
        notifier = add_notification_account(app)
        accounts = {name: _account(app, name, nickname) for name, nickname in PEOPLE.items()}
        accounts[SHOP_ACCOUNT] = _account(app, SHOP_ACCOUNT, "演示小店")
        _shop(app, accounts[SHOP_ACCOUNT])
        users = get_user_model()
        if not users.objects.filter(username=ADMIN).exists():
            users.objects.create_superuser(ADMIN, password=ADMIN_PASSWORD)
    for one, other, lines in TALKS:
        _talk(accounts[one], accounts[other], lines)
    for name in PEOPLE:
        _talk(notifier, accounts[name], (NOTIFICATION,))


def _account(app: App, name: str, nickname: str) -> Account:
    account = Account.objects.filter(app=app, name=name).first()
    return account or create_account(app=app, name=name, password=PASSWORD, nickname=nickname)


def _shop(app: App, account: Account) -> None:
    shop, made = Shop.objects.get_or_create(
        app=app, number=SHOP_NUMBER, defaults={"account": account, "name": account.nickname, "guests": True}
    )
    if made:
        Faq.objects.bulk_create(
            Faq(shop=shop, number=number, question=question, answer=answer, position=number)
            for number, (question, answer) in QUESTIONS.items()
        )


def _talk(first: Account, second: Account, lines: tuple[str, ...]) -> None:
    """A talk in which both take turns, unless they have talked before."""
    if Conversation.objects.filter(owner=first, peer=second).exists():
        return
    sides = (AccountRef.of(first), AccountRef.of(second))
    messages = []
    for turn, line in enumerate(lines):
        body = text_body(line)
        messages.append(Draft(sides[turn % 2], sides[1 - turn % 2], body.json, body.preview))
    with exclusive([messages[0].pair]):
        store(messages)
