"""Addresses of the shared look, under /ui/."""

from django.urls import path

from huiyin.ui import views

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("look/", views.set_look, name="set_look"),
]
