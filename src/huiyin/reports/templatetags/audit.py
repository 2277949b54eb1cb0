"""Words for the pages of an audit pack."""

from django import template

from huiyin.reports import verbs

register = template.Library()
register.filter("verb_words", verbs.verb_words)
