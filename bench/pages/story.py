"""What the pictures show: a shop on an ordinary afternoon."""

import io
import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.lifecycle import create_account, create_app
from accounts.models import Account, Source
from chat.demo import PASSWORD
from chat.models import Conversation, LastSeen, Message
from robots.models import Faq, QuickReply, Shop

APPID = "story"
SHOP, CUSTOMER = "yunshang", "lin"
COAT = {
    "goods_id": 1024,
    "goods_name": "双面羊毛呢大衣 中长款 冬季新款",
    "goods_cover": "/media/story/coat.png",
    "goods_price": "599.00",
}
PEOPLE = {
    CUSTOMER: "林小满",
    "chen": "陈一诺",
    "gu": "顾北",
    "emma": "Emma",
    "wu": "吴向晚",
    "zhao": "赵清欢",
    "xu": "许知远",
    "he": "何以安",
}
FAQS = (
    ("发什么快递", "默认发顺丰，偏远地区发邮政 EMS，亲可以备注指定快递哦。"),
    ("包邮吗", "本店全场包邮，新疆、西藏也包。"),
    ("多久发货", "现货 48 小时内发出，预售款请看商品页的发货时间。"),
    ("这款有什么尺码", "S 到 XXL 都有。身高 165、体重 52 公斤左右建议 M 码。"),
    ("可以退换吗", "七天无理由退换，吊牌完整即可，运费险已经帮您买好了。"),
    ("会不会起球", "面料是 70% 绵羊毛，日常穿着不易起球，建议干洗。"),
)
REPLIES = {
    "hi": "{name} 您好，欢迎光临云上衣橱，请问有什么可以帮您？",
    "尺码": "{name}，方便告诉我您的身高和体重吗？我帮您推荐合适的尺码。",
    "发货": "亲，您的订单今天就会发出，发出后会有短信通知。",
    "谢谢": "谢谢 {name} 的喜欢，祝您生活愉快，欢迎再来！",
}
TALK: tuple[tuple[bool, int, dict[str, Any]], ...] = (
    (True, 1500, {"type": "txt", "content": "上次买的围巾收到啦，很暖和 😊"}),
    (False, 1498, {"type": "txt", "content": "谢谢小满的喜欢，戴着开心就好～"}),
    (True, 26, {"type": "goods", "content": "商品", "data": COAT}),
    (True, 26, {"type": "txt", "content": "在吗？想问下这件大衣"}),
    (True, 25, {"type": "txt", "content": "我 165，52 公斤，穿什么尺码合适呀？"}),
    (False, 22, {"type": "txt", "content": "小满您好，按您的身高体重建议 M 码，里面加一件毛衣也不紧。"}),
    (False, 21, {"type": "img", "content": "/media/story/coat.png"}),
    (False, 21, {"type": "txt", "content": "这是 M 码的实拍图，肩宽 38，衣长 102"}),
    (True, 12, {"type": "audio", "content": "7|/media/story/voice.mp3"}),
    (False, 9, {"type": "txt", "content": "可以的，今天下单的话明天就能发出。"}),
    (True, 2, {"type": "txt", "content": "好的，那包邮吗？大概多久发货？"}),
)
OTHERS = (
    ("chen", 4, 2, "这个颜色还有货吗"),
    ("gu", 11, 1, "发票可以开公司抬头吗？"),
    ("emma", 35, 0, "Thanks, it fits perfectly!"),
    ("wu", 80, 0, "亲，已经帮您改好地址了"),
    ("zhao", 170, 0, "[图片]"),
    ("xu", 900, 0, "好的，谢谢"),
    ("he", 3000, 0, "退款已经收到了"),
)


def tell() -> None:
    """Put the story into the database, and its picture where uploads lie."""
    folder = settings.MEDIA_ROOT / "story"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "coat.png").write_bytes(_coat())
    app = create_app(appid=APPID, name="云上商城")
    keeper = create_account(app=app, name=SHOP, nickname="云上衣橱", password=PASSWORD)
    shop = Shop.objects.create(app=app, number=17, account=keeper, name="云上衣橱")
    Faq.objects.bulk_create(
        Faq(shop=shop, number=number, question=question, answer=answer, position=number)
        for number, (question, answer) in enumerate(FAQS, 1)
    )
    QuickReply.objects.bulk_create(QuickReply(shop=shop, shortcut=key, text=text) for key, text in REPLIES.items())
    people = {
        name: create_account(app=app, name=name, nickname=nickname, password=PASSWORD)
        for name, nickname in PEOPLE.items()
    }
    for name, ago, unread, words in reversed(OTHERS):
        _say(people[name], keeper, ago, {"type": "txt", "content": words}, words, unread=unread)
    for theirs, ago, body in TALK:
        sides = (people[CUSTOMER], keeper) if theirs else (keeper, people[CUSTOMER])
        _say(*sides, ago, body, body["content"] if body["type"] == "txt" else "[图片]", unread=0)
    Conversation.objects.filter(owner=keeper, peer=people[CUSTOMER]).update(unread=1)
    at = timezone.now() - timedelta(minutes=1)
    LastSeen.objects.create(account=people[CUSTOMER], at=at, source=Source.WECHAT)


def _say(sender: Account, recipient: Account, ago: int, body: dict[str, Any], preview: str, *, unread: int) -> None:
    at = timezone.now() - timedelta(minutes=ago)
    text = json.dumps(body, ensure_ascii=False)
    message = Message.objects.create(sender=sender, recipient=recipient, body=text, created_at=at)
    for owner, peer, waiting in ((recipient, sender, unread), (sender, recipient, 0)):
        read_up_to = 0 if waiting else message.pk
        values = {"unread": waiting, "read_up_to": read_up_to, "last_message_id": message.pk, "last_message_at": at}
        Conversation.objects.update_or_create(owner=owner, peer=peer, defaults={**values, "preview": preview})


def _coat() -> bytes:
    """A coat on a hanger, drawn."""
    image = Image.new("RGB", (480, 480), "#efe6dc")
    pen = ImageDraw.Draw(image)
    pen.ellipse((60, 40, 420, 440), fill="#f6f0e9")
    pen.line((240, 70, 240, 105), fill="#8b7a6a", width=5)
    pen.line((165, 140, 240, 102, 315, 140), fill="#8b7a6a", width=6, joint="curve")
    pen.polygon(
        (
            (190, 122),
            (120, 150),
            (88, 300),
            (128, 312),
            (150, 230),
            (140, 410),
            (340, 410),
            (330, 230),
            (352, 312),
            (392, 300),
            (360, 150),
            (290, 122),
            (240, 190),
        ),
        fill="#b98a63",
    )
    pen.polygon(((190, 122), (240, 190), (228, 240), (176, 170)), fill="#a37550")
    pen.polygon(((290, 122), (240, 190), (252, 240), (304, 170)), fill="#a37550")
    pen.line((240, 235, 240, 410), fill="#95683f", width=4)
    for y in (270, 315, 360):
        pen.ellipse((252, y, 266, y + 14), fill="#5e4126")
    pen.rectangle((160, 330, 210, 340), fill="#a37550")
    pen.rectangle((272, 330, 322, 340), fill="#a37550")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
