"""The pages and where they are."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from chatproject.chat_page import chat, desk, notifier
from chatproject.demo_shop import demo_shop
from chatproject.views import index
from chatproject.widget_page import widget

urlpatterns = [
    # Where browsers look for an icon of pages that name none, such as the admin's.
    path("favicon.ico", RedirectView.as_view(url=static("mark.svg"))),
    path("", index, name="index"),
    path("chat/", chat, name="chat"),
    path("chat/notifier.js", notifier),
    path("desk/", desk, name="desk"),
    path("desk/notifier.js", notifier),
    path("demo/", demo_shop, name="demo"),
    path("widget/", widget, name="widget"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/", include("chatproject.api")),
]
