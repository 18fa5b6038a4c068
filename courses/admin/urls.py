"""Addresses of our own admin screens, below /admin/."""

from django.urls import path

from courses.admin import brand, class_views, course_views, law_views, review_views

app_name = "courses_admin"
urlpatterns = [
    path("course-reviews/", review_views.ReviewIndex.as_view(), name="reviews"),
    path("awaiting-my-review/", review_views.AwaitingIndex.as_view(), name="waiting"),
    path("course-drafts/", review_views.DraftIndex.as_view(), name="drafts"),
    path("course-reviews/submit/<int:page_id>/", review_views.SubmissionView.as_view(), name="submit"),
    path("course-reviews/<int:list_id>/", review_views.ReviewView.as_view(), name="review"),
    path("course-reviews/<int:list_id>/steps/<slug:slug>/", review_views.step_as_learners_read_it, name="step"),
    path("course-reviews/<int:list_id>/files/<slug:digest>/<str:name>", review_views.listed_file, name="file"),
    path("class-lists/<int:course_id>/", class_views.ClassListView.as_view(), name="class_list"),
    path("courses/<int:course_id>/withdraw/", course_views.WithdrawalView.as_view(), name="withdraw"),
    path("courses/<int:course_id>/review-dates/", course_views.ReviewDatesView.as_view(), name="review_dates"),
    path("law-changed/", law_views.LawMarksView.as_view(), name="law_marks"),
    path("law-changed/find/", law_views.LawChangedView.as_view(), name="law_changed"),
    path("brand.css", brand.brand_css, name="brand"),
]
