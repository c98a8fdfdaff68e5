"""Apps, their keys and accounts in the admin."""

from accounts.admin import accounts, app_keys, apps

__all__ = ["accounts", "app_keys", "apps"]
