"""Who may use the admin, for what, and of which shops: Django's users and groups.

Superusers alone change them: whoever could would give themselves what they have not.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.admin.lists import LimitedAdmin, LimitedInline
from robots.admin import rights
from robots.models import Membership

admin.site.unregister(User)
admin.site.unregister(Group)


class StaffForm(UserChangeForm):
    groups = rights.GroupsField(
        Group.objects.order_by("pk"),
        label=capfirst(_("roles")),
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


class RightsAdmin(BySuperusersAdmin):
    """Where rights are chosen."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None = None, **options: Any) -> Any:
        if db_field.remote_field.model is Permission:
            options |= {"form_class": rights.RightsField, "queryset": rights.offered()}
        return super().formfield_for_manytomany(db_field, request, **options)


@admin.register(User)
class UserAdmin(RightsAdmin, DjangoUserAdmin):
    form = StaffForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "person", "roles", "shops", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser", ("groups", rights.GroupsFilter))
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("is_active", "is_staff", "groups", "is_superuser")}),
        (_("Single rights"), {"fields": ("user_permissions",), "classes": ("collapse",)}),
    )
    inlines: ClassVar = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users: QuerySet[User] = super().get_queryset(request)
        return users.prefetch_related("groups", "memberships__shop")

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj else ()

    @admin.display(description=_("full name"), ordering="last_name")
    def person(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        first = [gettext("Superuser")] if user.is_superuser else []
        return ", ".join(first + [rights.title(group) for group in user.groups.all()])

    @admin.display(description=_("own shops"))
    def shops(self, user: User) -> str:
        return ", ".join(str(membership) for membership in user.memberships.all())


@admin.register(Group)
class GroupAdmin(RightsAdmin, DjangoGroupAdmin):
    """Those that there are from the start keep their names, by which they are known."""

    list_display = ("title", "meaning")

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        return ("title", "permissions") if obj and obj.name in rights.KNOWN else ("name", "permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        return ("title",)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """The next migration would make them anew, with all that they may do at first."""
        return super().has_delete_permission(request, obj) and not (obj and obj.name in rights.KNOWN)

    def shown(self, row: Group) -> Group:
        return Group(pk=row.pk, name=rights.title(row))

    def response_change(self, request: HttpRequest, obj: Group) -> HttpResponse:
        page: HttpResponse = super().response_change(request, self.shown(obj))
        return page

    @admin.display(description=_("name"), ordering="name")
    def title(self, group: Group) -> str:
        return rights.title(group)

    @admin.display(description=_("role"))
    def meaning(self, group: Group) -> str:
        return rights.meaning(group)
