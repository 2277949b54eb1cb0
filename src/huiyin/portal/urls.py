"""Addresses of the customers' pages. Whoever has the address may read: sites by their code, matters by their token."""

from django.urls import path

from huiyin.portal import views

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("s/<slug:site>/", views.site_page, name="site_page"),
    path("s/<slug:site>/report", views.report, name="report"),
    path("s/<slug:site>/notices/<str:number>", views.notice, name="notice"),
    path("s/<slug:site>/results", views.results, name="results"),
    path("s/<slug:site>/services", views.services, name="services"),
    path("s/<slug:site>/seals", views.seals, name="seals"),
    path("t/<str:token>", views.track, name="track"),
    path("t/<str:token>/object", views.object_to, name="object_to"),
    path("t/<str:token>/slip.pdf", views.slip, name="slip"),
    path("t/<str:token>/photo/<slug:key>", views.photo, name="photo"),
]
