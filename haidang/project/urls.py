"""The addresses of the whole site."""

from django.urls import include, path

urlpatterns = [
    path("", include("haidang.web.urls")),
    path("accounts/", include("allauth.account.urls")),
]
