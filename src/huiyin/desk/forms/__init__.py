"""Forms of the desk: they check shape; the actions check truth."""

from huiyin.desk.forms.answers import AnswerForm, CloseForm, FinishForm
from huiyin.desk.forms.cases import (
    AT_THE_DESK,
    CategoryForm,
    CommentForm,
    ContactForm,
    DeclineForm,
    FollowUpForm,
    FreeForm,
    HandOffForm,
    NoteForm,
    ReopenForm,
    SendBackForm,
    SolveForm,
    TakeOverForm,
    WriteForm,
)
from huiyin.desk.forms.fields import a_day, words
from huiyin.desk.forms.groups import MergeForm, SeparateForm, TogetherForm
from huiyin.desk.forms.handbooks import AdoptForm, DecisionForm, WayOutForm
from huiyin.desk.forms.handwritten import LineForm, SheetForm
from huiyin.desk.forms.ledger import ActForm, HappenedForm, WaiveForm
from huiyin.desk.forms.papers import ConclusionForm, DigestForm, DrawForm, PackForm, VerdictForm
from huiyin.desk.forms.people import MandateForm, MoveOutForm, OccupantForm, RevealForm, WayForm, WriteToForm
from huiyin.desk.forms.remits import RemitsForm
from huiyin.desk.forms.sites import (
    CircumstanceForm,
    MilestonesForm,
    PartForm,
    ProjectForm,
    TermForm,
    YearFileForm,
    YearForm,
)
from huiyin.desk.forms.unsettled import ReasonForm

__all__ = [
    "AT_THE_DESK",
    "ActForm",
    "AdoptForm",
    "AnswerForm",
    "CategoryForm",
    "CircumstanceForm",
    "CloseForm",
    "CommentForm",
    "ConclusionForm",
    "ContactForm",
    "DecisionForm",
    "DeclineForm",
    "DigestForm",
    "DrawForm",
    "FinishForm",
    "FollowUpForm",
    "FreeForm",
    "HandOffForm",
    "HappenedForm",
    "LineForm",
    "MandateForm",
    "MergeForm",
    "MilestonesForm",
    "MoveOutForm",
    "NoteForm",
    "OccupantForm",
    "PackForm",
    "PartForm",
    "ProjectForm",
    "ReasonForm",
    "ReferForm",
    "RemitsForm",
    "ReopenForm",
    "RevealForm",
    "SendBackForm",
    "SeparateForm",
    "SheetForm",
    "SolveForm",
    "TakeOverForm",
    "TermForm",
    "TogetherForm",
    "VerdictForm",
    "WaiveForm",
    "WayForm",
    "WayOutForm",
    "WriteForm",
    "WriteToForm",
    "YearFileForm",
    "YearForm",
    "a_day",
    "words",
]
