"""Duties in words, for the templates of messages, whose values are kept as codes."""

from django import template

from huiyin.duties.words import duty_words

register = template.Library()
register.simple_tag(duty_words)
