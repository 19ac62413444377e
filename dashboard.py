"""The dashboard: one list of pages, one frame around each. Settings: $BETA_SETTINGS or beta.toml."""

from __future__ import annotations

import streamlit as st

from pages.parts import frame

# Section -> (file, title, icon, what the page answers). A new page is one more line.
PAGES = {
    "Review": [
        ("scorecard", "Scorecard", "fact_check", "Go or no-go, and because of what: verdict, six cards, every KPI."),
        ("week_review", "Week review", "calendar_view_week", "What happened in each week, with its evidence."),
        ("report", "Report", "description", "Is the evaluation ready? Preflight and downloads."),
    ],
    "Experience": [
        ("engagement", "Engagement", "group", "Do testers come back, who, and which features bring them back?"),
        ("feedback", "Feedback", "forum", "What hurts testers: satisfaction, bugs, requests, and do they hear back?"),
        ("testers", "Testers", "groups", "Who is missing: the way of every wave, seats, whom to ask."),
    ],
    "Engineering": [
        (
            "reliability",
            "Reliability",
            "gpp_maybe",
            "Is the error rate really changing? Budget, incidents, who met errors.",
        ),
        ("bottlenecks", "Bottlenecks", "speed", "Where is testers' time lost, and since which release?"),
        ("resources", "Resources", "memory", "Will it hold at launch? Use, limits, what saturates first."),
    ],
    "Programme": [
        (
            "launch",
            "Launch",
            "rocket_launch",
            "What is left: checklist, criteria, incidents, scaling, word to testers.",
        ),
    ],
    "Data": [
        ("catalogue", "Catalogue", "menu_book", "What a number means: definition, owner, target, query."),
        ("data_health", "Data health", "monitor_heart", "Can the numbers be trusted? Sources, gaps, rejected rows."),
    ],
}

# Drawn here: a Material or emoji icon of the tab would be fetched from another host.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0072b2"/>'
    '<path d="M6 22l6-8 5 5 9-12" fill="none" stroke="#fff" stroke-width="3"/></svg>'
)
SIDEBAR = 240  # pixels: as wide as its words, so that tables of a review are seen whole beside it at 1,280

st.set_page_config(page_title="Beta KPIs", page_icon=ICON, layout="wide", initial_sidebar_state=SIDEBAR)
frame.run(
    st.navigation(
        {
            section: [
                st.Page(
                    f"pages/{file}.py", title=title, icon=f":material/{icon}:", help=about, default=file == "scorecard"
                )
                for file, title, icon, about in pages
            ]
            for section, pages in PAGES.items()
        },
        expanded=True,
    )
)
