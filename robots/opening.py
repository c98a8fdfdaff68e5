"""Opening and closing shops."""

from accounts import lifecycle
from robots.models import Shop


def set_enabled(shop: Shop, enabled: bool) -> None:
    """Open the shop, or close it at once: its account is disabled with it, and its sockets close."""
    shop.enabled = enabled
    shop.save(update_fields=["enabled"])
    settle(shop)


def is_settled(shop: Shop) -> bool:
    """Whether the shop's account may be used just where the shop may be."""
    return shop.account.enabled == shop.enabled


def settle(shop: Shop) -> None:
    """Let the shop's account be used if the shop may be, and else stop it at once."""
    if not is_settled(shop):
        lifecycle.set_enabled(shop.account, shop.enabled)
