"""Addresses of a supervisor's team; verification of CPD below ``/team/cpd/`` is the activities' own."""

from django.urls import path

from training_site.views import nominations, team, team_person

urlpatterns = [
    path("", team.board, name="team"),
    path("board.csv", team.board_file, {"kind": "csv"}, name="team-csv"),
    path("board.xlsx", team.board_file, {"kind": "xlsx"}, name="team-xlsx"),
    path("forecast/", team.forecast, name="team-forecast"),
    path("compare/", team.compare, name="team-compare"),
    path("lend/", team_person.lend, name="team-lend"),
    path("lend/<int:number>/end/", team_person.take_back, name="team-take-back"),
    path("people/<uuid:officer>/", team_person.person, name="team-person"),
    path("people/<uuid:officer>/remind/<path:code>/", team_person.send_reminder, name="team-remind"),
    path(
        "people/<uuid:officer>/nominate/<slug:course>/<path:code>/",
        nominations.nominate_officer,
        name="team-nominate",
    ),
    path(
        "people/<uuid:officer>/nominations/<int:number>/withdraw/",
        nominations.withdraw_nomination,
        name="team-withdraw-nomination",
    ),
    path("people/<uuid:officer>/exceptions/grant/<path:code>/", team_person.exception, name="team-exception"),
    path("people/<uuid:officer>/exceptions/<int:number>/end/", team_person.end_exception, name="team-end-exception"),
    path("people/<uuid:officer>/restrict/", team_person.restrict, name="team-restrict"),
    path(
        "people/<uuid:officer>/restrictions/<int:number>/end/", team_person.end_restriction, name="team-end-restriction"
    ),
    path("people/<uuid:officer>/away/", team_person.away, name="team-away"),
    path("people/<uuid:officer>/away/<int:number>/end/", team_person.back, name="team-back"),
]
