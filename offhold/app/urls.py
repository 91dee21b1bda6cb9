"""Every address Django answers; the bare routes beside it are in `asgi.py`."""

from __future__ import annotations

from allauth.headless.account.views import ChangePasswordView, LoginView, SessionView
from allauth.headless.constants import Client
from django.urls import URLPattern, URLResolver, include, path, re_path

from offhold.app import media, media_remote, pages
from offhold.app.api import api

# Of allauth only what is used: no sign-up, no mail, no address to take over.
signing_in = [
    path("session", SessionView.as_api_view(client=Client.BROWSER), name="session"),
    path("login", LoginView.as_api_view(client=Client.BROWSER), name="login"),
]
account = [path("password/change", ChangePasswordView.as_api_view(client=Client.BROWSER), name="change_password")]

urlpatterns: list[URLPattern | URLResolver] = [
    path("_allauth/browser/v1/auth/", include(signing_in)),
    path("_allauth/browser/v1/account/", include(account)),
    path("media/<str:token>", media.show),
    path("media/at/<str:signature>/<str:encoded>", media_remote.show),
    path("api/docs", pages.docs),
    path("sw.js", pages.worker),
    path("api/", api.urls),
    # Everything else that is no bare route is an address of the client's own router.
    re_path(r"^(?!api/|_allauth/|media/|assets/|hooks/|live/).*$", pages.client),
]
handler400 = "offhold.app.pages.bad_request"
handler403 = "offhold.app.pages.forbidden"
handler404 = "offhold.app.pages.not_found"
handler500 = "offhold.app.pages.failed"
