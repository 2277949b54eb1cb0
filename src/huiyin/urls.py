"""Every address of the product, face by face."""

from django.urls import include, path

urlpatterns = [
    # Tried in this order, and most who come are customers.
    path("", include("huiyin.portal.urls")),
    path("", include("huiyin.access.urls")),
    path("", include("huiyin.clockwork.urls")),
    path("", include("huiyin.api.urls")),
    path("", include("huiyin.desk.urls")),
    path("ui/", include("huiyin.ui.urls")),
]
