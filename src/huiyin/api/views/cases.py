"""Cases as JSON: the list, one case, and every act on it."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec
from dmr import Body, Headers, Path, Query, modify

from huiyin.access import clock, doors
from huiyin.api.cursors import page_of
from huiyin.api.faults import WrongFields
from huiyin.api.frame import View, WritingView
from huiyin.api.repeats import Sent, once
from huiyin.api.rows import case_row, case_sheet
from huiyin.api.schema import (
    Answer,
    Because,
    CasePage,
    CaseQuery,
    CaseSheet,
    Closing,
    FollowUp,
    HandOff,
    OneCase,
    Referral,
    Repeatable,
    Solution,
)
from huiyin.cases import actions as act_on
from huiyin.cases import queries
from huiyin.cases.models import Case
from huiyin.cases.rules import WrongAddressee
from huiyin.cases.rules.answers import LeavesOut
from huiyin.organization.queries import staff_at

Act = Callable[[Case, datetime], Any]


class Cases(View):
    """Cases the account may see."""

    def get(self, parsed_query: Query[CaseQuery]) -> CasePage:
        """Newest first, fifty a page; by site and state where asked."""
        site = doors.site(parsed_query.site, self.actor) if parsed_query.site else None
        self.actor.check("cases.read", site)
        found = queries.listed(self.actor)
        found = found.filter(site=site) if site else found
        found = found.filter(state=parsed_query.state) if parsed_query.state else found
        rows, following = page_of(found, "-received_at", parsed_query.cursor)
        return CasePage([case_row(case) for case in rows], following)


class OneCaseView(View):
    """One case."""

    def get(self, parsed_path: Path[OneCase]) -> CaseSheet:
        """Facts, what customers said, the timeline and the duties of a case."""
        return case_sheet(doors.case(parsed_path.reference, self.actor), self.actor, clock.now())


class ActView(WritingView):
    """An act on a case. Answers the case as it then is."""

    is_abstract = True
    name = ""

    def done(self, path: OneCase, headers: Repeatable, body: msgspec.Struct | None, act: Act) -> CaseSheet:
        case, now = doors.case_to_act_on(path.reference, self.actor), clock.now()
        once(case, lambda: act(case, now), sent=Sent(self.name, headers.key, body), by=self.actor, now=now)
        fresh = queries.by_number(path.reference, self.actor) or case
        return case_sheet(fresh, self.actor, now)


class Solutions(ActView):
    name = "solution"

    @modify(status_code=HTTPStatus.OK)
    def post(
        self, parsed_path: Path[OneCase], parsed_headers: Headers[Repeatable], parsed_body: Body[Solution]
    ) -> CaseSheet:
        """Give the customer a solution: what will be done, by whom, until when."""

        def act(case: Case, now: datetime) -> None:
            act_on.solve(case, plan=parsed_body.plan, by=self.actor, now=now)

        return self.done(parsed_path, parsed_headers, parsed_body, act)


class Answers(ActView):
    name = "answer"

    @modify(status_code=HTTPStatus.OK)
    def post(
        self, parsed_path: Path[OneCase], parsed_headers: Headers[Repeatable], parsed_body: Body[Answer]
    ) -> CaseSheet:
        """Answer the customer. With `check` what it leaves out of what was asked is named as faults of `text`, and nothing is sent."""
        said = parsed_body

        def act(case: Case, now: datetime) -> None:
            if not (said.check or said.despite):
                act_on.answer(case, text=said.text, finish_on=said.finish_on, by=self.actor, now=now)
                return
            try:
                act_on.answer_checked(
                    case,
                    text=said.text,
                    despite=said.despite or "",
                    finish_on=said.finish_on,
                    by=self.actor,
                    now=now,
                )
            except LeavesOut as refusal:
                raise WrongFields([{"field": "text", "message": line} for line in refusal.lines]) from None

        return self.done(parsed_path, parsed_headers, parsed_body, act)


class FollowUps(ActView):
    name = "follow-up"

    @modify(status_code=HTTPStatus.OK)
    def post(
        self, parsed_path: Path[OneCase], parsed_headers: Headers[Repeatable], parsed_body: Body[FollowUp]
    ) -> CaseSheet:
        """Write down what the customer said to the result. Dissatisfied takes the case up again."""
        said = parsed_body

        def act(case: Case, now: datetime) -> None:
            act_on.follow_up(
                case,
                result=said.result,
                channel=said.channel,
                score=said.score,
                words=said.words or "",
                waiver=said.waiver or "",
                by=self.actor,
                now=now,
            )

        return self.done(parsed_path, parsed_headers, parsed_body, act)


class HandOffs(ActView):
    name = "hand-off"

    @modify(status_code=HTTPStatus.OK)
    def post(
        self, parsed_path: Path[OneCase], parsed_headers: Headers[Repeatable], parsed_body: Body[HandOff]
    ) -> CaseSheet:
        """Offer the case to a colleague; whoever is accountable stays so until it is accepted."""

        def act(case: Case, now: datetime) -> None:
            colleague = staff_at(case.site).filter(username=parsed_body.to).first()
            if colleague is None:
                raise WrongAddressee
            act_on.hand_off(case, to=colleague, by=self.actor, now=now, why=parsed_body.why or "")

        return self.done(parsed_path, parsed_headers, parsed_body, act)


class Acceptances(ActView):
    name = "accept"

    @modify(status_code=HTTPStatus.OK)
    def post(self, parsed_path: Path[OneCase], parsed_headers: Headers[Repeatable]) -> CaseSheet:
        """Take the case over. No body."""

        def act(case: Case, now: datetime) -> None:
            act_on.accept(case, by=self.actor, now=now)

        return self.done(parsed_path, parsed_headers, None, act)


class Refusals(ActView):
    name = "decline"

    @modify(status_code=HTTPStatus.OK)
    def post(
        self, parsed_path: Path[OneCase], parsed_headers: Headers[Repeatable], parsed_body: Body[Because]
    ) -> CaseSheet:
        """Give an offered case back, with the reason."""

        def act(case: Case, now: datetime) -> None:
            act_on.decline(case, why=parsed_body.why, by=self.actor, now=now)

        return self.done(parsed_path, parsed_headers, parsed_body, act)


class Referrals(ActView):
    name = "refer"

    @modify(status_code=HTTPStatus.OK)
    def post(
        self, parsed_path: Path[OneCase], parsed_headers: Headers[Repeatable], parsed_body: Body[Referral]
    ) -> CaseSheet:
        """Report upward what is outside our authority."""

        def act(case: Case, now: datetime) -> None:
            ask = act_on.Ask(parsed_body.asked or "", parsed_body.expected_on)
            act_on.refer(case, to=parsed_body.to, why=parsed_body.why, ask=ask, by=self.actor, now=now)

        return self.done(parsed_path, parsed_headers, parsed_body, act)


class Closings(ActView):
    name = "close"

    @modify(status_code=HTTPStatus.OK)
    def post(
        self, parsed_path: Path[OneCase], parsed_headers: Headers[Repeatable], parsed_body: Body[Closing]
    ) -> CaseSheet:
        """End the case with an outcome. Where a procedure lays subjects down, a case without `category` needs one here."""

        def act(case: Case, now: datetime) -> None:
            if parsed_body.category:
                act_on.categorize(case, category=parsed_body.category, by=self.actor, now=now)
            act_on.close(case, outcome=parsed_body.outcome, words=parsed_body.words or "", by=self.actor, now=now)

        return self.done(parsed_path, parsed_headers, parsed_body, act)


class Reopenings(ActView):
    name = "reopen"

    @modify(status_code=HTTPStatus.OK)
    def post(
        self, parsed_path: Path[OneCase], parsed_headers: Headers[Repeatable], parsed_body: Body[Because]
    ) -> CaseSheet:
        """Take an answered or closed case up again, with the reason."""

        def act(case: Case, now: datetime) -> None:
            act_on.reopen(case, why=parsed_body.why, by=self.actor, now=now)

        return self.done(parsed_path, parsed_headers, parsed_body, act)
