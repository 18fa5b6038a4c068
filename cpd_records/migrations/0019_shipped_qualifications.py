"""The role requirements a force begins with: qualifications, their rules and needs, and who must hold them, as editable data.

Each rule says whether it rests on a published source; the rest are local defaults, to be shown as such. The rows are true from the
year 2000 on, so that any history a force imports, or the demonstration writes, meets them. What a qualification needs and what can
lapse is a need (so eyesight and the driving licence check are qualifications of their own); what can only be passed once, such as an
examination, is a condition of the award and stands in words.
"""

from datetime import UTC, date, datetime, timedelta

from django.db import migrations
from django.utils import timezone

FROM = date(2000, 1, 1)
REASON = "Shipped with the product"
SOURCED, PART, ILLUSTRATIVE = "sourced", "part", "illustrative"
DEFAULT = "No national interval was found: a local default."
SCHEDULE = "A local default until the Schedule of SI 2023/185, amended by SI 2025/792, is loaded."
FRONTLINE = ("operational-officer", "response-officer", "neighbourhood-officer")
EVERYBODY = ("everybody",)
NO_NEEDS = ()

# code, title, short title, months, refresher hours, grace days, needs, what follows a lapse, whom it is for, status, source
ROWS = (
    ("PPST", "Public and personal safety training", "Safety training", 12, 12, 0, NO_NEEDS, "Not deployable public-facing, no kit",
     "Operational officers, special constables, public-facing designated staff", SOURCED,
     "College of Policing, New safety training for officers, 2023. Lapse as practised by forces; some allow 15 months."),
    ("FALP", "First aid, module 2", "First aid", 12, 6, 0, NO_NEEDS, "Not deployable without a risk-assessed exception",
     "Operational officers, special constables, public-facing designated staff", SOURCED,
     "College of Policing, First aid training updated; Police Professional, 23 November 2023."),
    ("JRFT", "Job-related fitness test, level 5.4", "Fitness", 12, 1, 30, NO_NEEDS, "Action plan",
     "Operational officers, special constables, public-facing designated staff", PART, "South Wales Police Federation, 2023."),
    ("CED", "Taser user", "Taser", 12, 6, 0, ("PPST", "FALP", "JRFT", "EYE"), "Authority ends", "Specially trained officers",
     PART, "Dymond 2021, citing the College; College of Policing, 2 March 2017. 12 months are the most."),
    ("AFO", "Firearms role", "Firearms", 12, 72, 0, ("PPST", "FALP", "JRFT"), "Authority ends",
     "Authorised firearms officers. First aid at the firearms level (D13).", ILLUSTRATIVE,
     "The interval rests on a weak source and the hours are a local default."),
    ("POPS3", "Public order, level 3", "Public order 3", 24, 6, 60, ("PPST",), "Not on serials", "Deployable constables", ILLUSTRATIVE, DEFAULT),
    ("POPS2", "Public order, level 2 (police support unit)", "Public order 2", 12, 12, 30, ("PPST", "JRFT"), "Not on a support unit",
     "Support unit officers", ILLUSTRATIVE, "The levels are the College's; the interval is a local default."),
    ("POPS1", "Public order, level 1", "Public order 1", 12, 48, 0, ("POPS2",), "Role review", "Level 1 units", ILLUSTRATIVE, DEFAULT),
    ("POPSC", "Public order commander", "Public order command", 24, 12, 0, NO_NEEDS, "Off the cadre",
     "Bronze, silver and gold cadre. A portfolio is reviewed with each renewal.", ILLUSTRATIVE,
     "CPD and a portfolio are the College's; the interval is a local default."),
    ("MOE", "Method of entry", "Method of entry", 24, 6, 30, ("PPST", "JRFT"), "No method of entry", "Trained officers", ILLUSTRATIVE, DEFAULT),
    ("DRV-S", "Standard driving", "Standard driving", 60, 2, 0, ("LIC",), "Do not drive", "Drivers", ILLUSTRATIVE, SCHEDULE),
    ("DRV-R", "Response driving", "Response driving", 60, 6, 0, ("DRV-S",), "No blue lights", "Response drivers", ILLUSTRATIVE, SCHEDULE),
    ("DRV-P", "Pursuit driving, initial and tactical phase", "Pursuit driving", 24, 6, 0, ("DRV-R",), "No pursuit", "Trained drivers",
     ILLUSTRATIVE, SCHEDULE),
    ("CUST", "Custody officer or detention officer", "Custody", 12, 6, 30, ("PPST", "FALP"), "Not in a custody post", "Custody staff",
     ILLUSTRATIVE, DEFAULT),
    ("CBRN", "CBRN initial response", "CBRN", 36, 2, 90, NO_NEEDS, "Action", "Frontline", ILLUSTRATIVE, DEFAULT),
    ("JESIP", "Joint working awareness", "JESIP", 24, 1, 90, NO_NEEDS, "Action", "Frontline, supervisors", ILLUSTRATIVE, DEFAULT),
    ("DP", "Data protection and information security", "Data protection", 12, 1, 30, NO_NEEDS, "Access review", "Everyone",
     ILLUSTRATIVE, DEFAULT),
    ("CCU", "Counter-corruption and standards", "Counter-corruption", 12, 1, 30, NO_NEEDS, "Action", "Everyone", ILLUSTRATIVE, DEFAULT),
    ("ETH", "Ethics and candour", "Ethics", 24, 2, 60, NO_NEEDS, "Action", "Everyone", ILLUSTRATIVE,
     "The content is the College's; the interval is a local default."),
    ("DEI", "Equality and inclusion", "Equality", 36, 3, 90, NO_NEEDS, "Action", "Everyone", ILLUSTRATIVE, DEFAULT),
    ("SS", "Stop and search", "Stop and search", 24, 3, 60, NO_NEEDS, "Supervised search only", "Officers who search, supervisors",
     ILLUSTRATIVE, "The Met's Charter of 27 February 2025 promises training; the interval is a local default."),
    ("UOF", "Use of force: law and recording", "Use of force", 12, None, 0, ("PPST",), "Not deployable public-facing, no kit",
     "Operational officers. The refresher is part of safety training.", PART, "As safety training, of which it is part."),
    ("BWV", "Body-worn video user", "Body-worn video", 36, 1, 90, NO_NEEDS, "Action", "Users of body-worn video", ILLUSTRATIVE, DEFAULT),
    ("DA", "Domestic abuse: first response", "Domestic abuse", 36, 2, 90, NO_NEEDS, "Supervised",
     "First responders. Initial training takes a day.", PART, "SafeLives, Domestic Abuse Matters; the interval is a local default."),
    ("SAFE", "Safeguarding children and adults", "Safeguarding", 36, 3, 90, NO_NEEDS, "Action", "Public-facing officers and staff",
     ILLUSTRATIVE, DEFAULT),
    ("MH", "Mental health response and section 136", "Mental health", 24, 3, 60, NO_NEEDS, "Action",
     "Frontline, supervisors, control room", ILLUSTRATIVE, "The law is sourced; the interval is a local default."),
    ("RCRP", "Right Care, Right Person", "Right Care", 24, 1, 60, NO_NEEDS, "Action", "Control room, duty officers", ILLUSTRATIVE,
     "The threshold is sourced; the interval is a local default."),
    ("MISP", "Missing persons", "Missing persons", 36, 2, 90, NO_NEEDS, "Action", "Frontline, supervisors", ILLUSTRATIVE, DEFAULT),
    ("PIP1", "Priority and volume investigation (PIP 1)", "PIP 1", None, None, 0, NO_NEEDS, "Does not lapse",
     "Constables. Awarded with initial training.", SOURCED, "College of Policing, investigation pathway."),
    ("PIP2", "Serious and complex investigation (PIP 2)", "PIP 2", 12, 6, 60, NO_NEEDS, "Limits on the allocation of cases",
     "Detectives. Awarded after the investigators' examination, the programme and a portfolio; then a yearly CPD check.", PART,
     "The award is the College's; the yearly check is a local default."),
    ("PIP3", "Senior investigating officer (PIP 3)", "PIP 3", 12, 12, 0, ("PIP2",), "Off the cadre", "Cadre of senior investigating officers",
     PART, "The award is the College's; the interval is a local default."),
    ("SCAI", "Child abuse investigation", "Child abuse", 24, 6, 60, ("PIP2",), "Supervised", "Child abuse investigation teams",
     ILLUSTRATIVE, DEFAULT),
    ("TUTOR", "Tutor constable", "Tutor", 36, 6, 90, ("PPST", "FALP"), "No new recruits", "Tutors", PART,
     "The programme is the College's; the interval is a local default."),
    ("ASSR/IQA", "Assessor or internal quality assurer", "Assessor or IQA", 12, 4, 60, NO_NEEDS, "No sign-offs",
     "Assessors and internal quality assurers. Awarded after CAVA or the IQA award.", PART,
     "The award is sourced; the interval is a local default."),
    ("PPSTI", "Safety training instructor", "Safety instructor", 12, 12, 0, ("PPST",), "No delivery", "Trainers", PART,
     "College of Policing, APP on safety training."),
    ("PLP2", "First-line leader (leadership programme, stage 2)", "First-line leader", None, 40, 180, NO_NEEDS, "Development plan",
     "Sergeants and equivalents, within 12 months of promotion", ILLUSTRATIVE, "The stage is the College's; the time is a local default."),
    ("PLP3", "Mid-level leader (leadership programme, stage 3)", "Mid-level leader", None, 40, 180, ("PLP2",), "Development plan",
     "Inspectors and equivalents, within 12 months of promotion", ILLUSTRATIVE, DEFAULT),
    # Not rows of their own in the table of requirements: they are needed by rows of it, and lapse.
    ("EYE", "Eyesight check", "Eyesight", 24, None, 0, NO_NEEDS, "Taser authority ends", "Specially trained officers", ILLUSTRATIVE, DEFAULT),
    ("LIC", "Driving licence check", "Licence check", 12, None, 0, NO_NEEDS, "Do not drive", "Drivers", ILLUSTRATIVE, DEFAULT),
)
INITIAL_HOURS = {"FALP": 12, "CED": 18}
# A short piece of learning at one's desk: renewed within 30 days before it lapses, the anniversary is kept.
KEEP_THE_ANNIVERSARY = ("DP", "CCU", "ETH", "DEI")
# No risk assessment makes up for these.
NO_EXCEPTION = ("CED", "AFO", "DRV-S", "DRV-R", "DRV-P", "EYE", "LIC", "DP", "CCU", "PIP1", "PLP2", "PLP3", "ASSR/IQA", "PPSTI")

# Who must hold what. Role codes, or 'rank:' and a rank's code, or everybody. The second tuple: a lapse does not end the duty.
STOPS = {
    "PPST": FRONTLINE, "FALP": FRONTLINE, "UOF": FRONTLINE,
    "CED": ("taser-officer",), "AFO": ("firearms-officer",),
    "POPS3": ("public-order-3",), "POPS2": ("public-order-2",), "POPS1": ("public-order-1",), "POPSC": ("public-order-commander",),
    "MOE": ("method-of-entry",),
    "DRV-S": ("standard-driver",), "DRV-R": ("response-driver",), "DRV-P": ("pursuit-driver",),
    "CUST": ("custody-officer",),
    "PIP2": ("detective",), "PIP3": ("senior-investigating-officer",), "SCAI": ("child-abuse-investigator",),
    "TUTOR": ("tutor-constable",), "ASSR/IQA": ("assessor", "iqa"), "PPSTI": ("safety-instructor",),
}
ASKED = {
    "JRFT": FRONTLINE, "CBRN": FRONTLINE, "JESIP": (*FRONTLINE, "supervisor"),
    "DP": EVERYBODY, "CCU": EVERYBODY, "ETH": EVERYBODY, "DEI": EVERYBODY,
    "SS": (*FRONTLINE, "supervisor"), "BWV": FRONTLINE, "DA": ("operational-officer", "response-officer"),
    "SAFE": (*FRONTLINE, "custody-officer"), "MH": (*FRONTLINE, "supervisor", "control-room"), "RCRP": ("control-room", "supervisor"),
    "MISP": (*FRONTLINE, "supervisor"),
    "PIP1": ("rank:constable",), "PLP2": ("rank:sergeant",), "PLP3": ("rank:inspector",),
}


def stamp(apps):
    """Return when these rows were recorded: before everything on a new database, and after the last stamp on one in use."""
    last = apps.get_model("people", "LastStamp").objects.select_for_update().filter(id=1).first()
    if last is None:
        return datetime(2000, 1, 1, tzinfo=UTC)
    last.at = last.row_at = max(timezone.now(), last.at + timedelta(microseconds=1))
    last.save()
    return last.at


def add(apps, schema_editor):
    def model(name, app="cpd_records"):
        return apps.get_model(app, name).objects

    dated = {"valid_from": FROM, "recorded_at": stamp(apps), "recorded_by": None, "reason": REASON}
    ranks = {rank.code: rank for rank in model("Rank", "people").all()}
    roles = {role.code: role for role in model("Role", "people").all()}
    made = {}
    for order, row in enumerate(ROWS, start=1):
        code, title, short_title, months, hours, grace, _needs, lapse, applies_to, status, source = row
        made[code] = model("Qualification").create(code=code, title=title, short_title=short_title, order=order * 10)
        model("QualificationRule").create(
            qualification=made[code], validity_months=months,
            initial_minutes=INITIAL_HOURS[code] * 60 if code in INITIAL_HOURS else None,
            refresher_minutes=hours * 60 if hours else None,
            warning_days=90, grace_days=grace, early_renewal_days=30 if code in KEEP_THE_ANNIVERSARY else 0,
            exception_allowed=code not in NO_EXCEPTION,
            exception_rank=None if code in NO_EXCEPTION else ranks.get("inspector"),
            lapse=lapse, applies_to=applies_to, status=status, source=source, **dated,
        )
    for code, _title, _short, _months, _hours, _grace, needs, *_rest in ROWS:
        for needed in needs:
            model("QualificationNeed").create(qualification=made[code], needed=made[needed], **dated)
    for table, stops_duty in ((STOPS, True), (ASKED, False)):
        for code, whom in table.items():
            for who in whom:
                kind, _, rank = who.partition(":")
                # A force may have renamed a shipped rank or role's code away: then there is nobody to ask it of.
                if kind == "rank" and rank not in ranks or kind not in ("rank", "everybody") and who not in roles:
                    continue
                model("Requirement").create(
                    qualification=made[code], role=roles.get(who), rank=ranks.get(rank), stops_duty=stops_duty, **dated
                )


def remove(apps, schema_editor):
    codes = [row[0] for row in ROWS]
    for name in ("Requirement", "QualificationNeed", "QualificationRule"):
        # The latest first: a row that another one corrects is protected by it.
        for row in apps.get_model("cpd_records", name).objects.filter(qualification__code__in=codes).order_by("-recorded_at", "-pk"):
            row.delete()
    apps.get_model("cpd_records", "Qualification").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0018_readiness_counts"), ("people", "0006_duty_roles")]

    operations = [migrations.RunPython(add, remove)]
