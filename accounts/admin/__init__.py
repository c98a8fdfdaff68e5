"""Apps and accounts in the admin."""

from accounts.admin import accounts, apps

__all__ = ["accounts", "apps"]
