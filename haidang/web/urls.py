"""Addresses of the screens, one include a room."""

from django.urls import include, path

urlpatterns = [
    path("", include("haidang.web.work.urls")),
    path("ke-hoach/", include("haidang.web.plans.urls")),
    path("ke-hoach/", include("haidang.web.plans.family_urls")),
    path("bao-cao/", include("haidang.web.filings.urls")),
    path("so-lieu/", include("haidang.web.figures.urls")),
    path("tong-ket/", include("haidang.web.reviews.urls")),
    path("nguoi-dung/", include("haidang.web.people.urls")),
]
