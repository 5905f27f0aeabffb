"""Addresses of "Việc của tôi" and of coming in and going out.

Sign-in and sign-out stand before allauth's own addresses, which name them (`account_login`, `account_logout`).
"""

from django.urls import path
from django.views.generic import TemplateView

from haidang.web.work import entrance, views

app_name = "work"
urlpatterns = [
    path("", views.home, name="home"),
    path("giao-dien/", views.theme, name="theme"),
    path("accounts/login/", entrance.SignIn.as_view(), name="sign_in"),
    path("accounts/inactive/", TemplateView.as_view(template_name="ui/inactive.html"), name="inactive"),
    path("accounts/logout/", entrance.SignOut.as_view(), name="sign_out"),
]
