"""The chat servers that ours is compared with, as Debian installs them, each archiving every message in PostgreSQL."""

from pathlib import Path

CONFIGURATIONS = Path(__file__).parent / "peers"
EJABBERD_TABLES = Path("/usr/share/ejabberd/sql/pg.sql")
EJABBERD_CODE = Path("/usr/lib/x86_64-linux-gnu")
PACKAGES = "ejabberd erlang-p1-pgsql prosody lua-dbi-sqlite3 lua-dbi-postgresql"
