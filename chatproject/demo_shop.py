"""A made-up shop's pages, with the widget by one line: what a site looks like that has it. Only with the demo data."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import App
from chat import demo


@dataclass(frozen=True)
class Product:
    """Something that the made-up shop sells."""

    id: str
    name: Promise
    price: str
    drawing: str

    @property
    def picture(self) -> str:
        """Where its picture is."""
        return static(f"demo/{self.drawing}.svg")

    @property
    def told(self) -> str:
        """What the page tells the widget of it."""
        url = f"{reverse('demo')}?product={self.id}"
        return json.dumps(
            {"id": self.id, "name": str(self.name), "price": self.price, "cover": self.picture, "url": url}
        )


PRODUCTS = (
    Product("9", _("Woollen coat"), "499", "coat"),
    Product("12", _("Canvas shoes"), "159", "shoes"),
    Product("15", _("Straw hat"), "79", "hat"),
    Product("21", _("Backpack"), "229", "backpack"),
)


def demo_shop(request: HttpRequest) -> HttpResponse:
    """All products, or the one that `?product=` names."""
    if not (settings.DEBUG and App.objects.filter(appid=demo.APPID).exists()):
        raise Http404
    asked = request.GET.get("product")
    shown = next((product for product in PRODUCTS if product.id == asked), None)
    if asked is not None and shown is None:
        raise Http404
    context = {"appid": demo.APPID, "shop": demo.SHOP_NUMBER, "products": PRODUCTS, "shown": shown}
    return render(request, "demo.html", context)
