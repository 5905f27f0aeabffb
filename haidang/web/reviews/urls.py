"""Addresses of the closing-report screens."""

from django.urls import path

from haidang.web.reviews import views

app_name = "reviews"
urlpatterns = [
    path("", views.reviews, name="workspace"),
    path("mo/", views.open_review, name="open"),
    path("<int:pk>/", views.workspace, name="workspace"),
    path("<int:pk>/muc/", views.text, name="text"),
    path("<int:pk>/lap/", views.build, name="build"),
    path("<int:pk>/ban/<int:build_pk>/", views.download, name="download"),
]
