"""Addresses of the whole house. Paths are interface (bokmål); names are code."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

from innovasjon import views

admin.autodiscover()
admin.site.login = login_not_required(secure_admin_login(admin.site.login))

frame = [
    path("tema/<str:colour>.css", views.theme, name="theme"),
    path("vapen/<str:number>/<str:digest>.png", views.shield, name="shield"),
    path("kommune/", views.switch_municipality, name="switch_municipality"),
    path("fortsett/", views.resume_form, name="resume"),
    path("hjelp/", views.help_page, name="help"),
    path("personvern/", views.privacy, name="privacy"),
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
    path("trenger-du-tilgang/", views.need_access, name="need_access"),
]

people = [
    path("logg-inn/", login_not_required(account.login), name="account_login"),
    path("logg-ut/", account.logout, name="account_logout"),
    path("ny-konto/", views.need_access, name="account_signup"),
    path("ikke-aktiv/", login_not_required(account.account_inactive), name="account_inactive"),
    path("passord/", account.password_change, name="account_change_password"),
    path("glemt-passord/", login_not_required(account.password_reset), name="account_reset_password"),
    path(
        "glemt-passord/sendt/",
        login_not_required(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^glemt-passord/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        login_not_required(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "glemt-passord/ferdig/",
        login_not_required(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]

urlpatterns = [
    path("", include((frame, "innovasjon"))),
    *people,
    path("drift/", admin.site.urls),
    path("", include("roadmap.urls")),
    path("", include("stakeholders.urls")),
    path("", include("benefits.urls")),
    path("", include("reports.urls")),
    path("", include("reports.api_urls")),
]

handler403 = "innovasjon.views.permission_denied"
handler500 = "innovasjon.views.server_error"
