"""Addresses of what belongs to the person who is signed in."""

from django.urls import path

from training_site.views import currency, everything, issuing, learning, nominations, record_seen

urlpatterns = [
    path("", learning.my_learning, name="my-learning"),
    path("record/", learning.my_record, name="my-record"),
    path("record/requirements/", currency.requirements, name="my-requirements"),
    path("record/looks/", currency.looks, name="my-looks"),
    path("record/seen/", record_seen.seen, name="my-record-seen"),
    path("nominations/<int:number>/", nominations.my_nomination, name="my-nomination"),
    path("reminders/", currency.reminders, name="my-reminders"),
    path("record/training-record.csv", learning.training_record, name="training-record"),
    path("record/training-record.pdf", learning.training_record_pdf, name="training-record-pdf"),
    path("record/issue/", issuing.issue, name="issue"),
    path("record/issue/qualification/", issuing.issue_qualification, name="issue-qualification"),
    path("record/issue/again/<uuid:certificate>/", issuing.issue_again, name="issue-again"),
    path("record/everything/", everything.everything, name="everything-on-me"),
    path("record/everything/<uuid:export_id>.zip", everything.everything_file, name="everything-file"),
    path("record/<uuid:entry>/", learning.entry_proof, name="entry-proof"),
    path("record/<uuid:entry>/entry.tlog-proof", learning.proof_file, name="proof-file"),
    path("record/<uuid:entry>/opening.json", learning.opening_file, name="opening-file"),
]
