"""Addresses of what comes after the project, of the map and the plan, and of the measuring link."""

from django.urls import include, path

from benefits.importing import (
    AmountsImporter,
    BenefitsImporter,
    ChangesImporter,
    IndicatorsImporter,
    MeasurementsImporter,
)
from benefits.views import after, imports, links, plan, suppliers
from benefits.views import map as maps
from roadmap.views.imports import import_paths

OF_PROJECT = "prosjekter/<slug:slug>/gevinster/"

urlpatterns = [
    path("m/<str:secret>/", links.link, name="link"),
    path("m/<str:secret>/sjekk/", links.check, name="link_check"),
    path("m/<str:secret>/senere/", links.later, name="link_later"),
    path("m/<str:secret>/ikke-meg/", links.not_me, name="link_not_me"),
    path("m/<str:secret>/ny/", links.renew, name="link_renew"),
    path(f"{OF_PROJECT}<int:pk>/overlever/", after.hand_over, name="hand_over"),
    path(f"{OF_PROJECT}<int:pk>/lenker/", after.measuring_links, name="measuring_links"),
    path(f"{OF_PROJECT}<int:pk>/lenker/<int:token>/steng/", after.revoke_link, name="revoke_link"),
    path(f"{OF_PROJECT}moteark/", after.meeting_sheet, name="meeting_sheet"),
    path(f"{OF_PROJECT}plan/", plan.plan, name="plan"),
    path(f"{OF_PROJECT}plan/rediger/", plan.edit_plan, name="edit_plan"),
    path(f"{OF_PROJECT}kart/", maps.the_map, name="map"),
    path(f"{OF_PROJECT}kart/ny/", maps.new_node, name="new_node"),
    path(f"{OF_PROJECT}kart/<int:pk>/", maps.node, name="node"),
    path(f"{OF_PROJECT}kart/<int:pk>/flytt/", maps.move_node, name="move_node"),
    path(f"{OF_PROJECT}kart/<int:pk>/slett/", maps.delete_node, name="delete_node"),
    path(f"{OF_PROJECT}leverandorer/", suppliers.suppliers, name="suppliers"),
    path(f"{OF_PROJECT}leverandorer/ny/", suppliers.new_supplier, name="new_supplier"),
    path(f"{OF_PROJECT}leverandorer/<int:pk>/", suppliers.supplier, name="supplier"),
    path(f"{OF_PROJECT}leverandorer/<int:pk>/rediger/", suppliers.edit_supplier, name="edit_supplier"),
    path(f"{OF_PROJECT}leverandorer/<int:pk>/slett/", suppliers.delete_supplier, name="delete_supplier"),
    path(f"{OF_PROJECT}leverandorer/<int:pk>/leveranse/", suppliers.delivery, name="new_delivery"),
    path(f"{OF_PROJECT}leverandorer/<int:pk>/leveranse/<int:delivery>/", suppliers.delivery, name="delivery"),
    path(
        f"{OF_PROJECT}leverandorer/<int:pk>/leveranse/<int:delivery>/slett/",
        suppliers.delete_delivery,
        name="delete_delivery",
    ),
    path(f"{OF_PROJECT}leverandorer/<int:pk>/mote/", suppliers.supplier_meeting, name="new_supplier_meeting"),
    path(
        f"{OF_PROJECT}leverandorer/<int:pk>/mote/<int:meeting>/",
        suppliers.supplier_meeting,
        name="supplier_meeting",
    ),
]
urlpatterns += import_paths(BenefitsImporter(), OF_PROJECT)
urlpatterns += [
    path("", include((import_paths(ChangesImporter(), f"{OF_PROJECT}endringsanalyse/"), "changes"))),
    path("", include((import_paths(AmountsImporter(), f"{OF_PROJECT}gevinstanalyse/"), "analysis"))),
    path("", include((import_paths(IndicatorsImporter(), f"{OF_PROJECT}indikatorer/"), "indicators"))),
    path("", include((import_paths(MeasurementsImporter(), f"{OF_PROJECT}malinger/"), "measurements"))),
    path(f"{OF_PROJECT}regneark/", imports.sheets, name="sheets"),
    path(f"{OF_PROJECT}ar-for-ar.<str:form>", imports.amount_sheet, name="amount_sheet"),
    path(f"{OF_PROJECT}indikatorer.<str:form>", imports.indicator_sheet, name="indicator_sheet"),
    path(f"{OF_PROJECT}malinger.<str:form>", imports.measurement_sheet, name="measurement_sheet"),
]
