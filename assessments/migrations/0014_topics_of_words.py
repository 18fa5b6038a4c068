"""Questions of before find their place: the word of the newest version becomes a topic below its bank, and each question gets its line."""

from django.db import migrations
from django.utils import timezone

from assessments.search_words import asked_in, words_of


def place_questions(apps, schema_editor):
    Question = apps.get_model("assessments", "Question")
    QuestionVersion = apps.get_model("assessments", "QuestionVersion")
    VersionStep = apps.get_model("assessments", "VersionStep")
    Topic = apps.get_model("assessments", "Topic")
    TopicChange = apps.get_model("assessments", "TopicChange")
    QuestionLine = apps.get_model("assessments", "QuestionLine")
    Citation = apps.get_model("assessments", "Citation")
    now = timezone.now()
    known = {}

    def topic_at(bank, family, titles):
        path = "/".join(title.casefold() for title in titles)
        if (bank, path) not in known:
            parent = topic_at(bank, family, titles[:-1]) if titles else None
            topic = Topic.objects.create(
                bank=bank,
                family=parent.family if parent else family,
                parent=parent,
                title=titles[-1] if titles else bank,
                path=path,
                created_at=now,
            )
            after = "/".join(titles)[:1000] or bank
            TopicChange.objects.create(topic=topic, kind="made", after=after, at=now)
            known[bank, path] = topic
        return known[bank, path]

    approved = VersionStep.objects.filter(state="approved").order_by("at", "id")
    reviewers = dict(approved.values_list("version__question", "by"))
    for question in Question.objects.order_by("code").iterator(chunk_size=500):
        version = QuestionVersion.objects.filter(question=question).order_by("-number").first()
        if version is None:
            continue
        titles = [title for part in version.topic.split("/") if (title := " ".join(part.split()))]
        topic = topic_at(question.bank, question.family, titles)
        Question.objects.filter(pk=question.pk).update(topic=topic)
        QuestionLine.objects.create(
            question=question,
            version=version,
            code=question.code,
            bank=question.bank,
            family=question.family,
            use=question.use,
            type=version.type,
            outcome=version.outcome,
            difficulty=version.difficulty,
            state=version.state,
            topic=topic,
            author=version.created_by,
            reviewer_id=reviewers.get(question.pk),
            words=words_of(question.code, *asked_in(version.definition)),
        )
        Citation.objects.bulk_create(Citation(question=question, code=code) for code in dict.fromkeys(version.references))


def take_out(apps, schema_editor):
    for name in ("Citation", "QuestionLine", "TopicChange", "FormerPath"):
        apps.get_model("assessments", name).objects.all().delete()
    apps.get_model("assessments", "Question").objects.update(topic=None)
    topics = apps.get_model("assessments", "Topic").objects
    while topics.exists():
        leaves = topics.filter(children__isnull=True, merged__isnull=True)
        topics.filter(pk__in=list(leaves.values_list("pk", flat=True))).delete()


class Migration(migrations.Migration):
    dependencies = [("assessments", "0013_bank_rules")]

    operations = [migrations.RunPython(place_questions, take_out)]
