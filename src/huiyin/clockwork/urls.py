"""Addresses that watchdogs ask."""

from django.urls import path

from huiyin.clockwork import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
