"""Addresses of a plan's family: the tree, what is taken up, who owes a plan of its own."""

from django.urls import path

from haidang.web.plans import coverage, family, own_plans

app_name = "family"
urlpatterns = [
    path("<int:pk>/gia-dinh/", family.family_page, name="tree"),
    path("<int:pk>/gia-dinh/gan/", family.link_say, name="link"),
    path("<int:pk>/gia-dinh/gan/<int:parent_pk>/", family.link_forget, name="forget"),
    path("<int:pk>/do-phu/", coverage.coverage_page, name="coverage"),
    path("<int:pk>/do-phu/doi-chieu/", coverage.coverage_say, name="coverage_say"),
    path("<int:pk>/do-phu.xlsx", coverage.coverage_workbook, name="coverage_workbook"),
    path("<int:pk>/ke-hoach-rieng/", own_plans.own_plans_page, name="own_plans"),
    path("<int:pk>/ke-hoach-rieng/doan/", own_plans.ask_say, name="ask"),
    path("<int:pk>/ke-hoach-rieng/<int:agency_pk>/", own_plans.issued_say, name="issued"),
]
