"""Only what the shared look needs: the faces above it have their own tests."""

from django.urls import include, path

urlpatterns = [
    path("", include("huiyin.access.urls")),
    path("ui/", include("huiyin.ui.urls")),
]
