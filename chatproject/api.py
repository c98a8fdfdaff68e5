"""Everything below `/api/`."""

from django.urls import path, re_path, register_converter
from drf_spectacular.views import SpectacularSwaggerSplitView

from accounts.api.accounts import Accounts, AccountTokens, OneAccount
from accounts.api.catalogue import NoSuchPlace, Number, Problems
from accounts.api.openapi import OpenApi
from chat.api.asyncapi import AsyncApi
from chat.api.asyncapi_page import SocketPage
from chat.api.conversations import Conversations, ShopMessages, Transcript
from chat.api.exports import AllMessages, Erasure, PersonalData
from chat.api.guests import Guests, KeptGuests, PageOfGuest
from chat.api.me import OnePeer, WhoAmI
from chat.api.notifications import Notifications, OneNotification
from chat.api.states import OnlineStates, UnreadTotals
from chat.api.tokens import KeptTokens, Tokens
from chat.api.uploads import Uploads
from robots.api.desk import Answers, OneQuickReply, QuickReplies
from robots.api.questions import Questions
from robots.api.shops import OneShop, Shops

register_converter(Number, "number")

urlpatterns = [
    path("accounts/", Accounts.as_view()),
    path("accounts/<str:account>/", OneAccount.as_view()),
    path("accounts/<str:account>/tokens/", AccountTokens.as_view()),
    path("accounts/<str:account>/conversations/", Conversations.as_view()),
    path("accounts/<str:account>/conversations/<str:peer>/messages/", Transcript.as_view()),
    path("accounts/<str:account>/data/", PersonalData.as_view()),
    path("accounts/<str:account>/erasure/", Erasure.as_view()),
    path("shops/", Shops.as_view()),
    path("shops/<number:number>/", OneShop.as_view()),
    path("shops/<number:number>/questions/", Questions.as_view()),
    path("shops/<number:number>/messages/", ShopMessages.as_view()),
    path("notifications/", Notifications.as_view()),
    path("notifications/<number:notification_id>/", OneNotification.as_view()),
    path("messages/", AllMessages.as_view()),
    path("me/", WhoAmI.as_view()),
    path("me/peers/<str:account>/", OnePeer.as_view()),
    path("me/visit/", PageOfGuest.as_view()),
    path("me/shop/questions/", Answers.as_view()),
    path("me/shop/quick-replies/", QuickReplies.as_view()),
    path("me/shop/quick-replies/<number:number>/", OneQuickReply.as_view()),
    path("unread/", UnreadTotals.as_view()),
    path("online/", OnlineStates.as_view()),
    path("tokens/", Tokens.as_view()),
    path("tokens/kept/", KeptTokens.as_view()),
    path("guests/", Guests.as_view()),
    path("guests/kept/", KeptGuests.as_view()),
    path("uploads/", Uploads.as_view()),
    path("problems/", Problems.as_view()),
    path("openapi.json", OpenApi.as_view(), name="openapi"),
    path("asyncapi.json", AsyncApi.as_view()),
    path("docs/socket/", SocketPage.as_view(), name="socket-docs"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="openapi")),
    re_path("", NoSuchPlace.as_view()),
]
