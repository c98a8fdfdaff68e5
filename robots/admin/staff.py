"""Who may use the admin, for what, and of which shops: Django's users and groups.

Superusers alone change them: whoever could would give themselves what they have not.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.admin.lists import LimitedAdmin, LimitedInline
from robots.models import Membership
from robots.roles import ROLES

admin.site.unregister(User)
admin.site.unregister(Group)

MEANINGS = {role.group: role.meaning for role in ROLES}


class GroupsField(forms.ModelMultipleChoiceField):
    """Groups to be ticked, each with what it is for."""

    def label_from_instance(self, group: Group) -> str:
        return str(MEANINGS.get(group.name, group.name))


class StaffForm(UserChangeForm):
    groups = GroupsField(
        Group.objects.order_by("pk"),
        label=_("roles"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


class BySuperusersAdmin(LimitedAdmin):
    """What others may look at, if they have the right to, and superusers alone change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser and super().has_add_permission(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser and super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser and super().has_delete_permission(request, obj))


class MembershipInline(LimitedInline):
    model = Membership
    autocomplete_fields = ("shop",)
    extra = 0
    verbose_name_plural = _("Own shops: what shop staff see belongs to these")


@admin.register(User)
class UserAdmin(DjangoUserAdmin, BySuperusersAdmin):
    form = StaffForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("is_active", "is_staff", "groups", "is_superuser")}),
        (_("Single rights"), {"fields": ("user_permissions",), "classes": ("collapse",)}),
    )
    inlines: ClassVar = [MembershipInline]

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj else ()


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, BySuperusersAdmin):
    list_display = ("name", "meaning")

    @admin.display(description=_("role"))
    def meaning(self, group: Group) -> str:
        return str(MEANINGS.get(group.name, ""))
