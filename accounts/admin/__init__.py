"""Apps, their keys, accounts and staff in the admin."""

from accounts.admin import accounts, app_keys, apps, log, staff

__all__ = ["accounts", "app_keys", "apps", "log", "staff"]
