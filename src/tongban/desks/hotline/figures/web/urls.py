"""Pages of the hotline's figures: for leaders and the desk, and the bulletin for everybody."""

from django.urls import path

from tongban.desks.hotline.figures.web import bulletins, maps, screens

app_name = "figures"
urlpatterns = [
    path("work/hotline/screen", screens.screen, name="screen"),
    path("work/hotline/screen/figures", screens.figures, name="screen-figures"),
    path("work/hotline/map", maps.map_page, name="map"),
    path("work/hotline/tickets-behind", screens.behind, name="behind"),
    path("work/hotline/bulletin", bulletins.latest, name="bulletins"),
    path("work/hotline/bulletin/<str:month>", bulletins.bulletin, name="bulletin"),
    path("work/hotline/bulletin/<str:month>/pdf", bulletins.paper, name="bulletin-pdf"),
    path("hotline/bulletin", bulletins.public_latest, name="public-bulletins"),
    path("hotline/bulletin/<str:month>", bulletins.public, name="public-bulletin"),
]
