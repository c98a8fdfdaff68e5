"""Everything below `/api/`."""

from django.urls import path

from chat.api.tokens import Tokens
from chat.api.uploads import Uploads

urlpatterns = [
    path("tokens/", Tokens.as_view()),
    path("uploads/", Uploads.as_view()),
]
