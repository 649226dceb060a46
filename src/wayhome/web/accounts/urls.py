"""Signing in, one's own account, and the administrator's pages.

Only the pages of allauth that staff use are here: nobody signs up, and no email is sent.
"""

from allauth.account import views as allauth_views
from django.urls import include, path

from wayhome.web.accounts import people_views, views

urlpatterns = [
    path("start/", views.start, name="start"),
    path("sign-in/", allauth_views.login, name="account_login"),
    path("sign-out/", allauth_views.logout, name="account_logout"),
    path("sign-in/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("sign-in/again/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/", allauth_views.password_change, name="account_change_password"),
    path("second-factor/needed/", views.second_factor_needed, name="second_factor_needed"),
    path("second-factor/", include("allauth.mfa.urls")),
    path("join/", views.join, name="join"),
    path("join/<str:secret>/", views.join_by_link, name="join_by_link"),
    path("account/", views.my_account, name="my_account"),
    path("account/organization/", views.choose_organization, name="choose_organization"),
    path("account/sessions/end/", views.end_every_session, name="end_every_session"),
    path("account/sessions/<int:sign_in>/end/", views.end_session, name="end_session"),
    path("people/", people_views.people, name="people"),
    path("people/<int:membership>/", people_views.person, name="person"),
    path("people/<int:membership>/let-go/", people_views.let_go, name="let_go"),
    path("people/<int:membership>/back/", people_views.let_back_in, name="let_back_in"),
    path(
        "people/invitations/<uuid:invitation>/withdraw/",
        people_views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("settings/", people_views.organization_settings, name="organization_settings"),
]
