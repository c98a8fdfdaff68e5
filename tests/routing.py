"""Running code of the server in the tests' process, on the database of a deployment."""

from django.db.models import Model


class Everywhere:
    """Django's models read from one database, which is not the default one."""

    def __init__(self, alias: str) -> None:
        self._alias = alias

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        return self._alias
