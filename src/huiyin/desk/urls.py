"""Addresses of the staff pages. URL name = view name = template name = test name."""

from django.urls import path

from huiyin.desk.views.account import (
    account,
    add_app,
    add_passkey,
    change_password,
    new_codes,
    remove_factor,
    sign_out_everywhere,
)
from huiyin.desk.views.audit import audit, audit_pack, daily_root, draw, draw_list, drawn, trail
from huiyin.desk.views.book import blank_book, book_paper, book_slips, book_word, case_slips, duty_book
from huiyin.desk.views.cases import act, case, cases
from huiyin.desk.views.catalog import catalog, decide_catalog, draft_catalog
from huiyin.desk.views.checkup import checkup
from huiyin.desk.views.daily import duties, inbox, search, today
from huiyin.desk.views.directory import (
    add_way,
    customer,
    directory,
    end_mandate,
    give_mandate,
    own_letter,
    poster,
    reveal,
    write_to,
)
from huiyin.desk.views.entry import log_in, log_out, passkey_log_in, permanent, second_step
from huiyin.desk.views.feeds import calendar_feed, my_calendar
from huiyin.desk.views.figures import counted, figure, figures
from huiyin.desk.views.groups import together
from huiyin.desk.views.handbooks import adopt_handbook, handbook, handbook_text, handbooks
from huiyin.desk.views.households import add_occupant, household, move_out
from huiyin.desk.views.incoming import confirm_directory, import_directory, import_report, import_result
from huiyin.desk.views.ledger import attest, duty, happened, registered, waive
from huiyin.desk.views.letters import letter, letter_act, letter_raw, letters, send_again
from huiyin.desk.views.log import alike, duty_log, proposed, taken, who
from huiyin.desk.views.matrix import matrix, matrix_people, matrix_sites
from huiyin.desk.views.measures import measure, measure_act, measures
from huiyin.desk.views.oversight import acknowledge, analyses, analysis, analysis_pdf, conclude, oversight
from huiyin.desk.views.pages import enter_page
from huiyin.desk.views.papers import (
    blank_form,
    blank_form_word,
    case_form,
    case_form_word,
    case_slip,
    digest_word,
    file,
)
from huiyin.desk.views.privacy import copy_of_data, correct_data, erase_data, personal_data, set_consent
from huiyin.desk.views.projects import (
    add_laid_down_parts,
    add_part,
    change_part,
    describe_project,
    project,
    record_phases,
    remove_part,
)
from huiyin.desk.views.public_answers import (
    prepare_answer,
    public_answer,
    public_answer_act,
    public_answer_paper,
    public_answers,
)
from huiyin.desk.views.remits import remits, save_remits, start_remits
from huiyin.desk.views.reports import digest, digest_act, digest_paper, digests
from huiyin.desk.views.services import (
    blank_service_form,
    blank_service_form_word,
    service_form,
    service_form_word,
)
from huiyin.desk.views.sites import (
    calendar_years,
    load_year,
    load_year_file,
    remove_term,
    set_term,
    site_facts,
    state_circumstance,
)
from huiyin.desk.views.suggestions import referrals, suggestions
from huiyin.desk.views.supervision import supervision
from huiyin.desk.views.unsettled import explain, unsettled

urlpatterns = [
    path("log-in", log_in, name="log_in"),
    path("log-in/second", second_step, name="second_step"),
    path("log-in/passkey", passkey_log_in, name="passkey_log_in"),
    path("me/", account, name="account"),
    path("me/password", change_password, name="change_password"),
    path("me/sign-out-everywhere", sign_out_everywhere, name="sign_out_everywhere"),
    path("me/app", add_app, name="add_app"),
    path("me/passkeys", add_passkey, name="add_passkey"),
    path("me/codes", new_codes, name="new_codes"),
    path("me/factors/<int:key>/remove", remove_factor, name="remove_factor"),
    path("log-out", log_out, name="log_out"),
    path("r/<str:number>", permanent, name="permanent"),
    path("today/", today, name="today"),
    path("inbox/", inbox, name="inbox"),
    path("figures/", figures, name="figures"),
    path("figures/<str:name>/", figure, name="figure"),
    path("figures/<str:name>/<slug:line>/", counted, name="counted"),
    path("duties/", duties, name="duties"),
    path("duties/happened", happened, name="happened"),
    path("duties/<int:pk>/", duty, name="duty"),
    path("duties/<int:pk>/attest", attest, name="attest"),
    path("duties/<int:pk>/waive", waive, name="waive"),
    path("acts/<str:number>/", registered, name="registered"),
    path("matrix/", matrix, name="matrix"),
    path("matrix/sites", matrix_sites, name="matrix_sites"),
    path("matrix/people", matrix_people, name="matrix_people"),
    path("checkup/", checkup, name="checkup"),
    path("search/", search, name="search"),
    path("suggestions/", suggestions, name="suggestions"),
    path("referrals/", referrals, name="referrals"),
    path("measures/", measures, name="measures"),
    path("measures/<int:pk>/", measure, name="measure"),
    path("measures/<int:pk>/<slug:act>", measure_act, name="measure_act"),
    path("log/", duty_log, name="duty_log"),
    path("log/who", who, name="who"),
    path("log/alike", alike, name="alike"),
    path("log/proposed", proposed, name="proposed"),
    path("log/book", duty_book, name="duty_book"),
    path("log/page", enter_page, name="enter_page"),
    path("log/book/paper.pdf", book_paper, name="book_paper"),
    path("log/book/paper.docx", book_word, name="book_word"),
    path("log/book/blank.pdf", blank_book, name="blank_book"),
    path("log/book/slips.pdf", book_slips, name="book_slips"),
    path("log/taken/<str:number>", taken, name="taken"),
    path("letters/", letters, name="letters"),
    path("letters/<int:pk>/", letter, name="letter"),
    path("letters/<int:pk>/raw.eml", letter_raw, name="letter_raw"),
    path("letters/<int:pk>/<slug:act>", letter_act, name="letter_act"),
    path("letters/unsent/<int:pk>/again", send_again, name="send_again"),
    path("cases/", cases, name="cases"),
    path("unsettled/", unsettled, name="unsettled"),
    path("unsettled/<str:number>/why", explain, name="explain"),
    path("cases/slips.pdf", case_slips, name="case_slips"),
    path("cases/together", together, name="together"),
    path("cases/<str:number>/", case, name="case"),
    path("cases/<str:number>/form.pdf", case_form, name="case_form"),
    path("cases/<str:number>/form.docx", case_form_word, name="case_form_word"),
    path("cases/<str:number>/service.pdf", service_form, name="service_form"),
    path("cases/<str:number>/service.docx", service_form_word, name="service_form_word"),
    path("cases/<str:number>/slip.pdf", case_slip, name="case_slip"),
    path("cases/<str:number>/<slug:act>", act, name="act"),
    path("files/<str:key>", file, name="file"),
    path("reports/", digests, name="digests"),
    path("reports/<str:number>/", digest, name="digest"),
    path("reports/<str:number>/paper.pdf", digest_paper, name="digest_paper"),
    path("reports/<str:number>/acknowledge", acknowledge, name="acknowledge"),
    path("reports/<str:number>/paper.docx", digest_word, name="digest_word"),
    path("reports/<str:number>/<slug:act>", digest_act, name="digest_act"),
    path("feedback/", public_answers, name="public_answers"),
    path("feedback/new", prepare_answer, name="prepare_answer"),
    path("feedback/<str:number>/", public_answer, name="public_answer"),
    path("feedback/<str:number>/paper.pdf", public_answer_paper, name="public_answer_paper"),
    path("feedback/<str:number>/<slug:act>", public_answer_act, name="public_answer_act"),
    path("handbooks/", handbooks, name="handbooks"),
    path("handbooks/<slug:name>/", handbook, name="handbook"),
    path("handbooks/<slug:name>/text", handbook_text, name="handbook_text"),
    path("handbooks/<slug:name>/adopt", adopt_handbook, name="adopt_handbook"),
    path("forms/complaint.pdf", blank_form, name="blank_form"),
    path("forms/complaint.docx", blank_form_word, name="blank_form_word"),
    path("forms/service.pdf", blank_service_form, name="blank_service_form"),
    path("forms/service.docx", blank_service_form_word, name="blank_service_form_word"),
    path("directory/", directory, name="directory"),
    path("directory/import/", import_directory, name="import_directory"),
    path("directory/import/confirm", confirm_directory, name="confirm_directory"),
    path("directory/import/result", import_result, name="import_result"),
    path("directory/import/report.csv", import_report, name="import_report"),
    path("directory/<int:customer_id>/", customer, name="customer"),
    path("directory/<int:customer_id>/data", personal_data, name="personal_data"),
    path("directory/<int:customer_id>/data/copy", copy_of_data, name="copy_of_data"),
    path("directory/<int:customer_id>/data/correct", correct_data, name="correct_data"),
    path("directory/<int:customer_id>/data/erase", erase_data, name="erase_data"),
    path("directory/<int:customer_id>/consents/<slug:purpose>", set_consent, name="set_consent"),
    path("directory/<int:customer_id>/mandates", give_mandate, name="give_mandate"),
    path("directory/<int:customer_id>/letters", write_to, name="write_to"),
    path("directory/letters/<str:number>.pdf", own_letter, name="own_letter"),
    path("directory/mandates/<int:mandate_id>/end", end_mandate, name="end_mandate"),
    path("directory/reveal/<int:point_id>", reveal, name="reveal"),
    path("directory/<int:customer_id>/ways", add_way, name="add_way"),
    path("directory/rooms/<int:room_id>/", household, name="household"),
    path("directory/rooms/<int:room_id>/people", add_occupant, name="add_occupant"),
    path("directory/homes/<int:home_id>/end", move_out, name="move_out"),
    path("oversight/", oversight, name="oversight"),
    path("analyses/", analyses, name="analyses"),
    path("analyses/<str:week>/", analysis, name="analysis"),
    path("analyses/<str:week>/conclude", conclude, name="conclude"),
    path("analyses/<str:week>/paper.pdf", analysis_pdf, name="analysis_pdf"),
    path("supervision/", supervision, name="supervision"),
    path("catalog/", catalog, name="catalog"),
    path("sites/<slug:code>/catalog/draft", draft_catalog, name="draft_catalog"),
    path("sites/<slug:code>/catalog/decide", decide_catalog, name="decide_catalog"),
    path("remits/", remits, name="remits"),
    path("sites/<slug:code>/remits", save_remits, name="save_remits"),
    path("sites/<slug:code>/remits/start", start_remits, name="start_remits"),
    path("site/", site_facts, name="site_facts"),
    path("sites/<slug:code>/terms", set_term, name="set_term"),
    path("sites/<slug:code>/terms/<str:period>/remove", remove_term, name="remove_term"),
    path("sites/<slug:code>/circumstances", state_circumstance, name="state_circumstance"),
    path("project/", project, name="project"),
    path("sites/<slug:code>/project", describe_project, name="describe_project"),
    path("sites/<slug:code>/project/phases", record_phases, name="record_phases"),
    path("sites/<slug:code>/project/parts", add_part, name="add_part"),
    path("sites/<slug:code>/project/laid-down", add_laid_down_parts, name="add_laid_down_parts"),
    path("sites/<slug:code>/project/parts/<int:part_id>", change_part, name="change_part"),
    path("sites/<slug:code>/project/parts/<int:part_id>/remove", remove_part, name="remove_part"),
    path("calendar/", calendar_years, name="calendar_years"),
    path("calendar/load", load_year, name="load_year"),
    path("calendar/load-file", load_year_file, name="load_year_file"),
    path("me/calendar", my_calendar, name="my_calendar"),
    path("feeds/<str:token>.ics", calendar_feed, name="calendar_feed"),
    path("audit/", audit, name="audit"),
    path("audit/pack.zip", audit_pack, name="audit_pack"),
    path("audit/draw", draw, name="draw"),
    path("audit/draws/<int:key>/", drawn, name="drawn"),
    path("audit/draws/<int:key>/list.txt", draw_list, name="draw_list"),
    path("audit/roots/<str:day>.pdf", daily_root, name="daily_root"),
    path("audit/trail/<str:number>/", trail, name="trail"),
    path("posters/<str:building_id>.pdf", poster, name="poster"),
]
