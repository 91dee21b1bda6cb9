"""Why a message is taken as a request for a human: the closed list, and how sure each is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Level = Literal["explicit", "likely"]
Reason = Literal[
    # explicit: the wish stands there in words
    "wants_to_talk",  # "can I talk to someone"
    "wants_a_human",  # "get me a human", "connect me to an agent"
    "wants_a_call",  # "call me back": a voice on the phone is a human's
    "no_machine",  # "I don't want a bot"
    "human_there",  # "is there a person there"
    "one_word",  # "HUMAN", "agent!!", or the sign of a person and nothing else
    # likely: no wish in words, but whoever writes so has had enough of being answered by nobody
    "anyone_there",  # "is anyone there"
    "is_it_a_machine",  # "are you a bot"
    "tired_of_machine",  # "stop with the bot"
    "same_answer",  # "you keep sending the same answer"
    "asked_before",  # "third time I ask"
    "nobody_answers",  # "nobody replies", "I can't reach anyone"
    "someone_in_touch",  # "have somebody contact me"
    "unanswered_turns",  # said again, or a nudge, after turns that nobody answered
]

LEVELS: Mapping[Reason, Level] = {
    "wants_to_talk": "explicit",
    "wants_a_human": "explicit",
    "wants_a_call": "explicit",
    "no_machine": "explicit",
    "human_there": "explicit",
    "one_word": "explicit",
    "anyone_there": "likely",
    "is_it_a_machine": "likely",
    "tired_of_machine": "likely",
    "same_answer": "likely",
    "asked_before": "likely",
    "nobody_answers": "likely",
    "someone_in_touch": "likely",
    "unanswered_turns": "likely",
}
