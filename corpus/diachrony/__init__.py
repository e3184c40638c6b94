"""Wording through time: timelines, traces, charts of them."""
