"""Closed lists of the organization."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SiteKind(models.TextChoices):
    RESIDENTIAL = "residential", _("住宅小区")
    SINGLE_OWNER = "single_owner", _("写字楼／单一业主")
    STUDENT_HOUSING = "student_housing", _("学生公寓")
    ENGINEERING = "engineering", _("工程项目")


class UserKind(models.TextChoices):
    STAFF = "staff", _("员工")
    SERVICE = "service", _("接口账号")


class Role(models.TextChoices):
    """Posts of the procedures; what each may do stands in rules.RIGHTS."""

    SERVICE_ASSISTANT = "service_assistant", _("客服助理")
    DUTY_OFFICER = "duty_officer", _("值班员")
    DEPARTMENT_STAFF = "department_staff", _("责任部门人员")
    CLUSTER_SUPERVISOR = "cluster_supervisor", _("组团主管")
    SITE_MANAGER = "site_manager", _("管理处经理")
    QUALITY_OFFICER = "quality_officer", _("品质管理部人员")
    DIRECTOR = "director", _("主任／总经理")
    GENERAL_MANAGER = "general_manager", _("物业公司总经理")
    ASSISTANT_GENERAL_MANAGER = "assistant_general_manager", _("分管总经理助理")
    OPERATIONS_OFFICER = "operations_officer", _("经营管理部人员")
    FINANCE_OFFICER = "finance_officer", _("财务部人员")
    PROJECT_PLANNER = "project_planner", _("项目计划部人员")
    QUALITY_ENGINEER = "quality_engineer", _("工程安质部人员")
    QUALITY_INSPECTOR = "quality_inspector", _("质检员")
    AUDITOR = "auditor", _("审核员")
    SYSTEM_SERVICE = "system_service", _("系统接口")


class CircumstanceName(models.TextChoices):
    """Facts about a site that decide which duties apply there."""

    OWNERS_COMMITTEE = "owners_committee", _("业主委员会")
