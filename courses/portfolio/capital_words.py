"""Words that are written with a capital and are nobody's name: they begin a sentence, or belong to days, places and police work."""

NOBODYS = frozenset(
    """
    A About After All Although Also An And Another Any As Asked At Back Because Before Being Both But By Called Did
    During Each Early Explained Every Everybody First For Found From Gave Had Have He Her Here His How However I If
    In It Its Just Last Later Left Made Many Most My Near Next Night No Nobody Nothing Now Of On Once One Or Our Out
    Over Put Read Said Searched She Since Some Somebody Spoke Still Such Than That The Their Then There These They
    This Those Through To Told Took Two Under Until Up Used Was We Went Were What When Where Which While Who Why
    With Without Wrote Yesterday You Your Arrested Attended Stopped Met Having Using Working Following Three Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September
    October November December Police Service Constable Sergeant Inspector Officer Officers Metropolitan National
    Decision Model Code Ethics Practice Act Acts Road Street Lane Avenue Park Station Hospital School College Court
    Crown Magistrates Hill Square Bridge Green Common Market High Central North South East West London Hendon Team
    Unit Area Borough Command Body Worn Video Stop Search Right Care Person Mental Health Domestic Abuse Missing
    Vehicle Traffic Response Patrol Training Learning Programme Portfolio Tutor Recruit Aid Public Order Safety
    Taser Custody Suite Evidence Notebook Pocket Book Form Record Use Force Human Rights Theft Criminal Justice
    Terms Reference Control Room Duty Home Office Crime Number Victims Victim Witness Charter Social Services
    Children Adult Fire Brigade Ambulance Underground Property Store Primary Investigation Briefing Shift Module
    Practical Exercise Academy Handover Association Federation
    """.split()  # noqa: SIM905 - a page of words is read more easily than a page of quotes
)
