"""Addresses of the bank's screens, below /admin/assessments/."""

from django.urls import path

from assessments.admin import (
    analysis_views,
    assessment_views,
    bank_views,
    decision_views,
    draw_views,
    exchange_views,
    list_views,
    picture_views,
    query_views,
    question_views,
    reference_views,
    standard_views,
)

app_name = "assessments_admin"
urlpatterns = [
    path("", list_views.QuestionIndex.as_view(), name="index"),
    path("questions/import/", exchange_views.ImportView.as_view(), name="import"),
    path("questions/import/<uuid:brought_id>/", exchange_views.ImportLookView.as_view(), name="import_look"),
    path("questions/export/", exchange_views.ExportView.as_view(), name="export"),
    path("questions/new/", question_views.NewQuestionView.as_view(), name="question_new"),
    path("questions/new/<slug:type_name>/", question_views.WriteQuestionView.as_view(), name="question_write"),
    path("questions/<uuid:question_id>/", question_views.QuestionView.as_view(), name="question"),
    path("questions/<uuid:question_id>/edit/", question_views.EditQuestionView.as_view(), name="question_edit"),
    path("questions/<uuid:question_id>/versions/<int:number>/", question_views.preview, name="preview"),
    path(
        "questions/<uuid:question_id>/versions/<int:number>/pictures/<slug:digest>/",
        picture_views.picture,
        name="picture",
    ),
    path("pictures/<slug:digest>/", picture_views.own_picture, name="own_picture"),
    path("performing-badly/", analysis_views.WeakIndex.as_view(), name="weak"),
    path("questions/<uuid:question_id>/decide/", decision_views.ProposeView.as_view(), name="propose"),
    path("decisions/", decision_views.DecisionIndex.as_view(), name="decisions"),
    path("decisions/<uuid:decision_id>/", decision_views.DecisionView.as_view(), name="decision"),
    path("queries/", query_views.QueryIndex.as_view(), name="queries"),
    path("queries/<uuid:query_id>/", query_views.QueryView.as_view(), name="query"),
    path("banks/", bank_views.BankIndex.as_view(), name="banks"),
    path("banks/<slug:bank>/topics/", bank_views.TopicTree.as_view(), name="topics"),
    path("banks/<slug:bank>/references/", reference_views.ReferenceIndex.as_view(), name="references"),
    path("banks/<slug:bank>/references/new/", reference_views.NewReference.as_view(), name="reference_new"),
    path("references/<int:reference_id>/", reference_views.EditReference.as_view(), name="reference"),
    path("topics/<uuid:topic_id>/", bank_views.TopicView.as_view(), name="topic"),
    path("tests/", assessment_views.AssessmentIndex.as_view(), name="assessments"),
    path("tests/new/", assessment_views.NewAssessmentView.as_view(), name="assessment_new"),
    path("tests/new/rules/", assessment_views.WriteAssessmentView.as_view(), name="assessment_write"),
    path("tests/<uuid:assessment_id>/", assessment_views.AssessmentView.as_view(), name="assessment"),
    path("tests/<uuid:assessment_id>/versions/<int:number>/draw/", draw_views.draw_preview, name="draw"),
    path("tests/<uuid:assessment_id>/versions/<int:number>/try/", draw_views.rehearse, name="rehearse"),
    path("tests/<uuid:assessment_id>/edit/", assessment_views.EditAssessmentView.as_view(), name="assessment_edit"),
    path("tests/<uuid:assessment_id>/analysis/", analysis_views.AnalysisView.as_view(), name="analysis"),
    path(
        "tests/<uuid:assessment_id>/analysis/<slug:kind>/", analysis_views.AnalysisFile.as_view(), name="analysis_file"
    ),
    path(
        "tests/<uuid:assessment_id>/analysis/<uuid:question_id>/<int:number>/",
        analysis_views.QuestionAnalysisView.as_view(),
        name="analysis_question",
    ),
    path("tests/<uuid:assessment_id>/standards/", standard_views.StandardsView.as_view(), name="standards"),
    path("standards/<uuid:exercise_id>/", standard_views.StandardView.as_view(), name="standard"),
]
