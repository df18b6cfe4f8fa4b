"""Pages of the themes desk: the list of themes and the wizard, which serves single matters too."""

from django.urls import path

from tongban.desks.themes.web import begin, fill, finish, papers

app_name = "themes"
urlpatterns = [
    path("themes", begin.index, name="index"),
    path("apply/<str:code>", begin.apply, name="apply"),
    path("themes/<str:slug>", begin.start, name="start"),
    path("themes/<str:slug>/discard", begin.discard, name="discard"),
    path("themes/<str:slug>/questions/<str:key>", begin.question, name="question"),
    path("themes/<str:slug>/notice", begin.notice, name="notice"),
    path("themes/<str:slug>/tasks", fill.tasks, name="tasks"),
    path("themes/<str:slug>/form/<int:number>", fill.form, name="form"),
    path("themes/<str:slug>/form/<int:number>/keep", fill.keep, name="keep"),
    path("themes/<str:slug>/materials", papers.materials, name="materials"),
    path("themes/<str:slug>/materials/<str:key>/<str:digest>", papers.paper, name="paper"),
    path("themes/<str:slug>/delivery", finish.delivery, name="delivery"),
    path("themes/<str:slug>/check", finish.check, name="check"),
]
