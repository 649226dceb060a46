"""Drafts of papers."""

from django.urls import path

from wayhome.web.papers import views

urlpatterns = [
    path("cases/<uuid:case_id>/papers/", views.make, name="make_paper"),
    path("cases/<uuid:case_id>/papers/words/", views.words, name="paper_words"),
    path("cases/<uuid:case_id>/papers/exhibits/", views.exhibits, name="paper_exhibits"),
    path("papers/", views.many, name="many_papers"),
    path("papers/<uuid:batch_id>/", views.batch, name="paper_batch"),
    path("papers/<uuid:batch_id>/drafts.zip", views.batch_file, name="paper_batch_file"),
]
