"""Every address of the product, face by face."""

from django.urls import include, path

urlpatterns = [
    path("", include("huiyin.access.urls")),
    path("", include("huiyin.clockwork.urls")),
    path("", include("huiyin.api.urls")),
    path("", include("huiyin.desk.urls")),
    path("", include("huiyin.portal.urls")),
    path("ui/", include("huiyin.ui.urls")),
]
