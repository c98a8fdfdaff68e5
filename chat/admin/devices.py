"""The sockets of an account: which there are, and ending one."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.deeds import note
from accounts.models import Account, Source
from accounts.staff import seen
from chat import devices
from chat.models import LastSeen

KINDS = {
    Source.APP: ("smartphone", gettext_lazy("phone app")),
    Source.WECHAT: ("chat", Source.WECHAT.label),
    Source.ALIPAY: ("account_balance_wallet", Source.ALIPAY.label),
    Source.PC: ("computer", gettext_lazy("computer")),
}
"""A sign and a word for what a socket was opened from."""


def sockets(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """The page, and what its buttons do."""
    account = get_object_or_404(seen(request.user, Account.objects.select_related("app")), pk=account_id)
    may_end = request.user.has_perm("accounts.change_account")
    if not request.user.has_perm("accounts.view_account"):
        raise PermissionDenied
    if request.method == "POST":
        if not may_end:
            raise PermissionDenied
        _end(request, account, request.POST.get("socket", ""))
        return redirect("admin:accounts_account_sockets", account.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Sockets of %(account)s") % {"account": account.shown_name},
        "opts": Account._meta,
        "original": account,
        "rows": [(device, *KINDS[Source(device.source)]) for device in devices.devices(account.pk)],
        "last_seen": LastSeen.objects.filter(account=account).first(),
        "may_end": may_end,
    }
    return TemplateResponse(request, "admin/accounts/account/sockets.html", context)


def _end(request: HttpRequest, account: Account, channel: str) -> None:
    """End one that is there now: a name that somebody made up reaches nothing."""
    known = {device.channel: device for device in devices.devices(account.pk)}
    device = known.get(channel)
    if device is None:
        messages.warning(request, _("This socket is gone already."))
        return
    devices.end(account.pk, channel)
    said = gettext_lazy("Ended a socket from %(source)s, %(address)s.")
    note(request, [account], said, source=Source(device.source).label, address=device.address)
    messages.success(request, _("The socket is closed. Its client asks to sign in again."))
