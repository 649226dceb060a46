"""Letters: `/letters/…` in English, `/letters/es/…` in Spanish; `/campaign/…` for organizers."""

from django.urls import include, path, re_path

from wayhome.web.campaign import (
    demand_views,
    file_views,
    organizer_views,
    paste_views,
    preview_views,
    public_views,
    sign_views,
    signature_views,
)
from wayhome.web.campaign.frame_style import frame_style
from wayhome.web.observatory.wording import PUBLIC_LANGUAGES

_LETTER = "<slug:coalition>/<slug:letter>/"
_PUBLIC = [
    path("", public_views.letters, name="public_letters"),
    path(_LETTER, public_views.letter, name="public_letter"),
    path(f"{_LETTER}sign/", sign_views.sign, name="sign_letter"),
    path(f"{_LETTER}signed/", sign_views.signed, name="signed_letter"),
    path(f"{_LETTER}press/", public_views.press, name="letter_press"),
    path(f"{_LETTER}texts/", public_views.versions, name="letter_versions"),
    path(f"{_LETTER}timeline/", public_views.happened, name="letter_timeline"),
    path(f"{_LETTER}embed/", public_views.embed, name="embed_letter"),
    path(f"{_LETTER}poster.pdf", file_views.poster, name="letter_poster"),
    path(f"{_LETTER}picture.png", file_views.picture, name="letter_picture"),
    path(f"{_LETTER}changes.atom", file_views.atom, name="letter_feed"),
    path(f"{_LETTER}days.ics", file_views.ics, name="letter_calendar"),
    re_path(
        r"^(?P<coalition>[-\w]+)/(?P<letter>[-\w]+)/signatories\.(?P<form>csv|docx|pdf)$",
        file_views.signatories,
        name="letter_signatories",
    ),
    path(f"{_LETTER}with/<slug:other>/", public_views.both, name="both_letters"),
    path(f"{_LETTER}demands/<slug:demand>/", public_views.demand, name="public_demand"),
    path(
        f"{_LETTER}demands/<slug:demand>/picture.png",
        file_views.demand_picture,
        name="demand_picture",
    ),
    path(
        f"{_LETTER}demands/<slug:demand>/evidence/<int:pk>/",
        public_views.evidence_file,
        name="evidence_file",
    ),
]

_OWN = "campaign/<uuid:letter_id>/"
_ORGANIZERS = [
    path("campaign/", organizer_views.letters, name="letters"),
    path("campaign/new/", organizer_views.new_letter, name="new_letter"),
    path(_OWN, organizer_views.run_letter, name="run_letter"),
    path(f"{_OWN}date/", organizer_views.date_letter, name="date_letter"),
    path(f"{_OWN}text/", organizer_views.letter_text, name="letter_text"),
    path(f"{_OWN}preview/", preview_views.preview_letter, name="preview_letter"),
    path(f"{_OWN}step/", organizer_views.step_letter, name="step_letter"),
    path(f"{_OWN}messages/", organizer_views.letter_messages, name="letter_messages"),
    path(f"{_OWN}with/<uuid:other_id>/", organizer_views.compare_letters, name="compare_letters"),
    path(f"{_OWN}signatures/", signature_views.signatures, name="letter_queue"),
    path(f"{_OWN}paste/", paste_views.paste, name="paste_signatories"),
    path(f"{_OWN}likeness/", signature_views.decide_likeness, name="decide_likeness"),
    path(
        f"{_OWN}signatures/<uuid:signature_id>/",
        signature_views.signature,
        name="letter_signature",
    ),
    path(
        f"{_OWN}signatures/<uuid:signature_id>/step/",
        signature_views.step_signature,
        name="step_signature",
    ),
    path(f"{_OWN}demands/", demand_views.demands, name="letter_demands"),
    path(f"{_OWN}demands/<int:pk>/", demand_views.demand, name="letter_demand"),
    path(f"{_OWN}demands/<int:pk>/change/", demand_views.change_demand, name="change_demand"),
    path(f"{_OWN}demands/<slug:slug>/leave/", demand_views.leave_demand, name="leave_demand"),
]

urlpatterns = [
    *_ORGANIZERS,
    path("confirm/<str:secret>/", sign_views.confirm, name="confirm_signature"),
    path("withdraw/<str:secret>/", sign_views.withdraw, name="withdraw_signature"),
    path("letters/embed.css", frame_style, name="frame_style"),
    # English last: its addresses have no language in them.
    *(
        path(
            f"letters/{code}/" if code != "en" else "letters/", include(_PUBLIC), {"language": code}
        )
        for code in sorted(PUBLIC_LANGUAGES, key=lambda code: code == "en")
    ),
]
