"""Opening and closing shops."""

from accounts import lifecycle
from robots.models import Shop


def set_enabled(shop: Shop, enabled: bool) -> None:
    """Open the shop, or close it at once: its account is disabled with it, and its sockets close."""
    shop.enabled = enabled
    shop.save(update_fields=["enabled"])
    settle(shop)


def settle(shop: Shop) -> None:
    """Let the shop's account be used if the shop may be, and else stop it at once."""
    if shop.account.enabled != shop.enabled:
        lifecycle.set_enabled(shop.account, shop.enabled)
