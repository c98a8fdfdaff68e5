"""Finding accounts by the name that clients use."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Account
from accounts.refusals import Reason, Refusal


@dataclass(frozen=True, slots=True)
class AccountRef:
    """What never changes about an account: safe to keep as long as a socket lives."""

    id: int
    app_id: int
    name: str
    kind: Account.Kind

    @classmethod
    def of(cls, account: Account) -> "AccountRef":
        return cls(id=account.pk, app_id=account.app_id, name=account.name, kind=Account.Kind(account.kind))


def find(*, app_id: int, name: str) -> AccountRef:
    """The account of that name in the app; `Refusal` with `unknown_account` if there is none."""
    account = Account.objects.filter(app_id=app_id, name=name).only("id", "app_id", "name", "kind").first()
    if account is None:
        raise Refusal(Reason.UNKNOWN_ACCOUNT)
    return AccountRef.of(account)


def gone(found: Iterable[AccountRef]) -> set[int]:
    """The ids of those that have been erased since they were found."""
    names = {ref.id: ref.name for ref in found}
    disabled = Account.objects.filter(pk__in=names, enabled=False).values_list("pk", "name")
    return {number for number, name in disabled if name != names[number]}
