"""The addresses of the whole site.

Of allauth only signing in and out are open, under the names that it reverses; sign-up and password reset have no
address: an administrator makes accounts.
"""

from django.urls import include, path
from django.views.generic import TemplateView

from haidang.web.work.entrance import SignIn, SignOut

urlpatterns = [
    path("", include("haidang.web.urls")),
    path("accounts/login/", SignIn.as_view(), name="account_login"),
    path("accounts/logout/", SignOut.as_view(), name="account_logout"),
    path("accounts/inactive/", TemplateView.as_view(template_name="ui/inactive.html"), name="account_inactive"),
]
