"""Screens of banks and their topics: the list, a bank's tree, and one topic: renamed, moved or merged by trainers of its family."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from assessments import authors
from assessments.admin.fields import WordsField
from assessments.admin.list_forms import INDENT
from assessments.banks import banks_seen_by, questions_by_topic
from assessments.models import Topic
from assessments.topics import (
    Place,
    TopicRefused,
    find_or_create_topic,
    merge_topics,
    move_topic,
    rename_topic,
    tree_of,
    words_for,
)
from people import clock
from people.admin.screens import AdminScreen, signed_in

NOT_YOURS = "Trainers of a family keep the topics of its banks."


class PathForm(forms.Form):
    """A topic to make, by its path below the bank."""

    path = WordsField(label="New topic", max_length=500, help_text="Its path below the bank, such as Custody/Rights.")


class TopicForm(forms.Form):
    """What may be done with a topic: call it otherwise, put it elsewhere, make it one with another."""

    title = WordsField(label="Title", max_length=120)
    below = forms.ChoiceField(label="Move it below", required=False)
    into = forms.ChoiceField(label="Merge it into", required=False)

    def __init__(self, data: QueryDict | None, *, topic: Topic, places: list[Place]) -> None:
        super().__init__(data, initial={"title": topic.title, "below": str(topic.parent_id or "")})
        inside = {place.topic.pk for place in places if place.topic.path.startswith(f"{topic.path}/")} | {topic.pk}
        free = [place for place in places if place.topic.pk not in inside]
        self.topics = {str(place.topic.pk): place.topic for place in free}
        named = [
            (
                str(place.topic.pk),
                INDENT * place.depth + (place.topic.title if place.depth else f"{topic.bank}, at the top"),
            )
            for place in free
        ]
        below, into = self.fields["below"], self.fields["into"]
        if isinstance(below, forms.ChoiceField) and isinstance(into, forms.ChoiceField):
            below.choices = named
            into.choices = [("", "Choose a topic"), *named]


class BankIndex(AdminScreen):
    """Banks of one's families."""

    page_title = "Banks, topics and references"
    template_name = "assessments/admin/banks.html"
    header_icon = "folder-open-inverse"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.crumbs = [(reverse("assessments_admin:index"), "Questions")]
        return super().get_context_data(banks=banks_seen_by(self.request.user), **kwargs)


class TopicTree(AdminScreen):
    """A bank's topics as a tree, with how many questions stand at each."""

    template_name = "assessments/admin/topics.html"
    header_icon = "folder-open-inverse"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        tops = Topic.objects.visible_to(request.user).filter(parent__isnull=True)
        self.top = get_object_or_404(tops, bank=kwargs["bank"])
        self.crumbs = [(reverse("assessments_admin:banks"), "Banks, topics and references")]

    def get_page_title(self) -> str:
        return f"Topics of {self.top.bank}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", PathForm())
        counts = questions_by_topic(self.top.bank)
        rows = [(place, counts.get(place.topic.pk, 0)) for place in tree_of(self.top.bank)]
        may_write = authors.may_write(self.request.user, self.top.family)
        return super().get_context_data(top=self.top, rows=rows, may_write=may_write, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by = signed_in(request)
        if not authors.may_write(by, self.top.family):
            raise PermissionDenied(NOT_YOURS)
        form = PathForm(request.POST)
        if form.is_valid():
            try:
                path = form.cleaned_data["path"].strip().strip("/")
                if not path:
                    raise TopicRefused("Name a topic, such as Custody/Rights.")
                topic = find_or_create_topic(f"{self.top.bank}/{path}", by=by, at=clock.now())
            except TopicRefused as refused:
                form.add_error("path", str(refused))
            else:
                messages.success(request, f"The topic {words_for(topic)} is in the tree.")
                return redirect("assessments_admin:topics", self.top.bank)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class TopicView(AdminScreen):
    """One topic: where it stands, what was done to it, and what may be done."""

    template_name = "assessments/admin/topic.html"
    header_icon = "folder-inverse"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        seen = Topic.objects.visible_to(request.user).select_related("parent", "merged_into__parent")
        self.topic = get_object_or_404(seen, pk=kwargs["topic_id"])
        bank = self.topic.bank
        self.crumbs = [
            (reverse("assessments_admin:banks"), "Banks, topics and references"),
            (reverse("assessments_admin:topics", args=[bank]), f"Topics of {bank}"),
        ]

    def get_page_title(self) -> str:
        return self.topic.title

    def _form(self, data: QueryDict | None = None) -> TopicForm:
        return TopicForm(data, topic=self.topic, places=tree_of(self.topic.bank))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        may_write = authors.may_write(self.request.user, self.topic.family)
        stands = self.topic.merged_into_id is None
        changes = self.topic.changes.select_related("by").order_by("-at", "-id")
        return super().get_context_data(
            topic=self.topic, changes=changes, may_write=may_write and stands and not self.topic.is_bank, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not authors.may_write(signed_in(request), self.topic.family):
            raise PermissionDenied(NOT_YOURS)
        form = self._form(request.POST)
        if form.is_valid():
            try:
                said, topic = self._do(request.POST.get("do", ""), form)
            except TopicRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, said)
                return redirect("assessments_admin:topic", topic.pk)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _do(self, what: str, form: TopicForm) -> tuple[str, Topic]:
        by, at, asked = signed_in(self.request), clock.now(), form.cleaned_data
        if what == "rename":
            topic = rename_topic(self.topic, asked["title"], by=by, at=at)
            return f"The topic is called {topic.title} now. Its old name leads here.", topic
        if what == "move":
            below = form.topics.get(asked["below"])
            if below is None:
                raise TopicRefused("Choose where to move it.")
            topic = move_topic(self.topic, below=below, by=by, at=at)
            return f"{topic.title} stands below {below.title} now. Its old place leads here.", topic
        if what == "merge":
            into = form.topics.get(asked["into"])
            if into is None:
                raise TopicRefused("Choose the topic to merge it into.")
            merge_topics(self.topic, into=into, by=by, at=at)
            return f"{self.topic.title} is part of {into.title} now, with its questions.", into
        raise TopicRefused("Choose what to do with the topic.")
