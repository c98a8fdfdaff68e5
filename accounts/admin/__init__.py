"""Apps, their keys and accounts in the admin, and what staff did."""

from accounts.admin import accounts, app_keys, apps, log

__all__ = ["accounts", "app_keys", "apps", "log"]
