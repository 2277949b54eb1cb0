"""Addresses of the staff pages. URL name = view name = template name = test name."""

from django.urls import path

from huiyin.desk.views import cases, daily, directory, entry, reports

urlpatterns = [
    path("log-in", entry.log_in, name="log_in"),
    path("log-out", entry.log_out, name="log_out"),
    path("r/<str:number>", entry.permanent, name="permanent"),
    path("today/", daily.today, name="today"),
    path("inbox/", daily.inbox, name="inbox"),
    path("figures/", daily.figures, name="figures"),
    path("duties/", daily.duties, name="duties"),
    path("search/", daily.search, name="search"),
    path("log/", cases.duty_log, name="duty_log"),
    path("log/who", cases.who, name="who"),
    path("log/alike", cases.alike, name="alike"),
    path("log/book", cases.duty_book, name="duty_book"),
    path("log/taken/<str:number>", cases.taken, name="taken"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<str:number>/", cases.case, name="case"),
    path("cases/<str:number>/form.pdf", cases.case_form, name="case_form"),
    path("cases/<str:number>/slip.pdf", cases.case_slip, name="case_slip"),
    path("cases/<str:number>/<slug:act>", cases.act, name="act"),
    path("files/<str:key>", cases.file, name="file"),
    path("reports/", reports.digests, name="digests"),
    path("reports/<str:number>/", reports.digest, name="digest"),
    path("reports/<str:number>/paper.pdf", reports.digest_paper, name="digest_paper"),
    path("reports/<str:number>/<slug:act>", reports.digest_act, name="digest_act"),
    path("forms/complaint.pdf", cases.blank_form, name="blank_form"),
    path("directory/", directory.directory, name="directory"),
    path("directory/<int:customer_id>/", directory.customer, name="customer"),
    path("directory/reveal/<int:point_id>", directory.reveal, name="reveal"),
    path("posters/<str:building_id>.pdf", directory.poster, name="poster"),
]
