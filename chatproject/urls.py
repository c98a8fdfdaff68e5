"""The pages and where they are."""

from django.contrib import admin
from django.urls import include, path

from chatproject.chat_page import chat
from chatproject.views import index

urlpatterns = [
    path("", index, name="index"),
    path("chat/", chat, name="chat"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/", include("chatproject.api")),
]
