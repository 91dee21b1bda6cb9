"""What people say on bad days: cancelled flights, a cut cable, an empty parcel, and a post that everybody answers."""
# ruff: noqa: E501 - what people say is read one text to a line

from __future__ import annotations

from collections.abc import Mapping, Sequence

Lines = Sequence[str]

AIR_SLOTS: Mapping[str, Lines] = {
    "whom": (
        "my mum",
        "three kids",
        "my {age}-year-old father",
        "a choir of {tries}",
        "my best man",
        "our whole team",
        "a baby",
        "my bride",
    ),
    "why": (
        "a wedding",
        "a job interview",
        "my exam",
        "an operation",
        "a funeral",
        "my first day at work",
        "a final",
        "a christening",
    ),
    "said": ("crew shortage", "the weather", "a technical fault", "nothing at all", "air traffic control", "the storm"),
    "sleep": (
        "on the floor by gate {gate}",
        "on two chairs at gate {gate}",
        "in the chapel",
        "next to the vending machines",
        "nowhere",
    ),
}
AIR_QUESTION: Lines = (
    "{flight} to {there} just went from delayed to cancelled. What now?",
    "is {flight} cancelled or not? The board says yes, the app says {time}.",
    "cancelled at {time}, and the next seat to {there} you offer is in {days} days. Really?",
    "who pays for a hotel tonight, now that {number} of us are stuck in {city} because {flight} is gone?",
    "we were put on a flight from {origin}, but we are in {city}. Can somebody correct {booking}?",
    "{flight} is cancelled and {whom} cannot wait until tomorrow. Is there any other way to {there}?",
    "do I have to queue for {hours} hours at the desk in {city} or can you rebook {booking} here?",
    "our bags went into {flight} before it was cancelled. Where do they come out in {city}?",
    "am I allowed to take the train from {origin} and send you the bill of {money} euros?",
    "I can be in {there} by {time} if you put me on another airline. Will you?",
)
AIR_ANGER: Lines = (
    "{hours} hours in the queue at {city}, {minutes} people in front of me, one desk open.",
    "you cancelled {flight} by text message at {time} while we were already in the plane.",
    "they told us {said}, then {said}. I will miss {why}.",
    "sleeping {sleep} with {whom}. Thanks for nothing.",
    "your phone line plays one song, and I heard it {tries} times and then it hung up.",
    "the app rebooked me to {there} via {city} with {minutes} minutes for the connection, has anybody looked at this?",
    "I missed {why} because of {flight}, and no apology brings that back.",
    "a voucher for {number} euros, and the only open shop sells perfume.",
    "nobody in a uniform has been seen at gate {gate} since {time}.",
)
AIR_VULNERABLE: Lines = (
    "{whom} is with me, diabetic, and the insulin is in the hold of {flight}. Please answer.",
    "I am travelling alone with {number} children and have been at gate {gate} since {time}. Somebody, please?",
    "my mother is {age} and uses a wheelchair. They left her at gate {gate} when {flight} was cancelled.",
)
AIR_KIND: Lines = (
    "the storm is nobody's fault, and the woman at gate {gate} is doing wonders. Just tell us about {flight} when you can.",
    "respect to the staff in {city}: {hours} hours of angry people and still polite.",
)
CABLE_SLOTS: Mapping[str, Lines] = {
    "whom": (
        "my daughter",
        "my husband",
        "the practice downstairs",
        "my {age}-year-old neighbour",
        "our little shop",
        "my lodger",
    ),
    "need": (
        "a video exam",
        "telehealth",
        "card payments",
        "home office",
        "the alarm button",
        "a school test",
        "the lift phone",
    ),
    "place": (
        "Harbour Road",
        "Mill Lane",
        "the old brewery",
        "Station Hill",
        "Church Street",
        "the quay",
        "Elm Park",
        "Fuller's Yard",
    ),
}
CABLE_FIRST: Lines = (
    "no internet at {place} since {time}, {postcode}. Is it only us?",
    "the whole of {place} is offline. Router blinks {number} times and gives up.",
    "line dead in {postcode}. {whom} needs it for {need}.",
    "is there an outage around {place}, while your status page is all green?",
    "{speed} Mbit since {time}, then nothing. {postcode} here.",
    "the bot told me to restart the router, which I did {tries} times; there is an excavator in front of {place}.",
    "my neighbours in {postcode} are down too, so please no talk about my cables.",
    "{need} starts at {time} and there is no line in {place}. When is it back?",
)
CABLE_LATER: Lines = (
    "day {day} without a line in {postcode}. Any news today?",
    "you said yesterday by {time}. It is still dead in {place}.",
    "I have used {money} MB of mobile data for {need}, will that be credited?",
    "somebody came to {place} at {time}, looked into a hole and left.",
    "can you at least tell me whether {place} is before or after {postcode} on your list?",
    "{whom} has gone without {need} for {day} days now, please just say what happens next.",
    "the text message says repaired, but it is not, not in {postcode}, not at {time}.",
    "I am not angry, I only want one update a day so that {whom} can plan. {postcode}.",
)
CABLE_BACK: Lines = (
    "it is back in {postcode} since {time}, thank you for the daily word!",
    "line works again at {place}, {speed} Mbit and rising.",
    "thank you, {place} is online again as of {time}. {whom} says hello.",
    "the light on the router went green at {time}, {postcode} is back.",
    "{speed} Mbit at {time}, we can do {need} again!",
    "back online after {day} days. And the credit for {need}?",
)
PARCEL_SLOTS: Mapping[str, Lines] = {
    "item": (
        "a camera",
        "a tablet",
        "a coffee machine",
        "noise-cancelling headphones",
        "a watch",
        "a graphics card",
        "a console",
    ),
    "found": (
        "paper",
        "a brick in bubble wrap",
        "two bags of rice",
        "air cushions",
        "an old catalogue",
        "a single glove",
    ),
    "from": ("the locker", "my neighbour", "the courier himself", "the shop around the corner", "behind the bins"),
}
PARCEL_OPEN: Lines = (
    "Good evening. I just opened order {order}: the box is sealed, but inside is only {found}. It should be {item} for {money} dollars.",
    "Hi, sorry for the hour, but parcel {order} came from {from} and weighs nothing. There should be {item} in it, there is {found}.",
    "I paid {money} for {item}, order {order}, and what I have in my hands is {found}. What do I do now?",
)
PARCEL_THEN: Lines = (
    "I took pictures of every side, the label says {order} and 0.{number} kg.",
    "The tape was not broken when I got it from {from} at {time}.",
    "It is a present, and the birthday is tomorrow at {time}.",
    "Your assistant wants me to send {found} back first. I cannot send {item} back, it never came.",
    "Is anybody awake, now that it is {now} here?",
    "I do not want to write about {order} in public, I only want {item} or the {money} back.",
    "Shall I keep the box, {found} included, or is {order} closed for you?",
)
PARCEL_WAIT: Lines = (
    "Still here at {now}, in case somebody reads this.", "I will try to sleep, so please write here, not by phone, about {order}.",
    "One more thing: the driver's note says handed over at {time}, and I was at work until later.",
)  # fmt: skip
FAMOUS: Lines = (
    "We've had enough. {minutes} minutes of menus, a bot that calls me {booking}, and nobody home. @{company} let me talk to a human.",
)
STORY_SLOTS: Mapping[str, Lines] = {
    "firm": (
        "my bank", "the gas company", "my health insurer", "a parcel service", "my phone provider", "the city", "a hotel site",
        "my landlord's portal", "a ticket shop", "the pension office", "a furniture chain", "my car insurer", "the railway",
        "a streaming service", "the dentist's new line", "a bike shop online", "my broadband people", "the power company",
        "a food delivery app", "the tax hotline", "a ferry line", "my gym", "a bed maker", "the water works", "an eyewear site",
    ),
    "topic": (
        "a refund", "my late father's contract", "a double charge", "a wrong name", "a lost parcel", "a broken boiler",
        "a stolen card", "an address change", "one missing screw", "a bill of {money}", "a locked account", "a form with {tries} pages",
        "an appointment", "a cancelled trip", "a meter that runs backwards", "{thing}", "a fee of {money} nobody could explain",
    ),
    "thing": ("a fridge", "a pram", "hearing aids", "a wheelchair part", "glasses", "a mattress", "a boiler valve", "a passport"),
    "did": (
        "the line went dead", "I was back at the first menu", "a voice wished me a lovely day", "they sent me a survey",
        "the bot said it was learning", "I was asked to rate my experience", "it told me to use the app",
        "the app told me to call", "I got a case number and silence", "they closed at {time}", "the chat said it would miss me",
    ),
    "who": ("my nan", "my mother", "a colleague", "my son", "my flatmate", "my neighbour", "my uncle", "our caretaker", "my wife"),
    "feel": ("I cried a bit.", "I laughed, then I did not.", "I paid it just to be left alone.", "I moved, honestly.",
             "I wrote a letter, with a stamp.", "I gave up.", "I drove there instead."),
}  # fmt: skip
STORY: Lines = (
    "{minutes} minutes with {firm} about {topic}, then {did}.",
    "{who} called {firm} {tries} times because of {topic}. Every time {did}.",
    "with {firm} I pressed {number}, then {number}, then {number}. For {topic}. In the end {did}.",
    "I said the word person to {firm} {tries} times. It understood parsnip, then {did}.",
    "{firm}: {days} days, {tries} calls, {topic}, and {did}.",
    "when {who} died I had to explain it to {firm} {number} times, each time to a machine. It was about {topic}.",
    "{firm} has a person, once. She fixed {topic} in {number} minutes. Then they replaced her and {did}.",
    "{who} is {age} and cannot hear the menu of {firm}. It is only {topic}.",
    "the hold music of {firm} has {minutes} seconds. I know, because I heard it {days} times over {topic}.",
    "I work in care for {firm}. We want to talk to you about {topic}, they give us {number} minutes a call.",
    "I asked {firm} for a human over {topic}. The answer was a link to {tries} questions nobody asks.",
    "after {hours} hours {firm} offered me {number} euros for {topic}. I only wanted somebody to listen to {who}.",
)
STORY_TAIL: Lines = (
    "So yes, {who} would sign this.", "Thank you for saying it, {who} says so too.", "You speak for {who} and me.", "Same with {firm}, by the way.",
    "It was {topic}, not rocket science.", "{who} still talks about it after {days} months.", "I kept the bill: {money}.",
    "That was {days} weeks ago.", "And {firm} calls that service.", "Never again with {firm}.",
)  # fmt: skip
STORY_OWED: Lines = (
    "@{company} same here: booking {booking}, {topic}, {days} days, can a person please answer me too?",
    "@{company} I have waited {days} days about {topic}. Who can I talk to?",
    "@{company} what about {booking}? I wrote {tries} times and {did}.",
    "@{company} my flight {flight} to {there} was cancelled and I need a human, not a link. {booking}",
    "@{company} how do I get past the bot with {topic}? It is {time} and I have been at it since noon.",
)
STORY_ES: Lines = (
    "{minutes} minutos al teléfono por un recibo de {money} euros y al final se cortó.",
    "a mi abuela de {age} años le piden que lo haga por la aplicación, y ya van {tries} veces.",
    "pulse {number}, pulse {number}, y {days} días después nadie llamó.",
)
STORY_DE: Lines = (
    "{minutes} Minuten Warteschleife wegen {money} Euro, dann war die Leitung tot.",
    "meine Mutter ist {age} und soll es in der App machen, zum {tries}. Mal.",
    "drücken Sie die {number}, dann die {number}. Nach {days} Tagen kam ein Fragebogen.",
)
STORY_FR: Lines = (
    "{minutes} minutes d'attente pour une facture de {money} euros, puis plus rien.",
    "ma grand-mère a {age} ans et le robot lui dit d'utiliser l'application, pour la {tries}e fois.",
    "tapez {number}, tapez {number}, et {days} jours plus tard un questionnaire.",
)
STORY_PT: Lines = (
    "{minutes} minutos à espera por causa de {money} euros e a chamada caiu.",
    "a minha avó tem {age} anos e mandam-na para a aplicação, já {tries} vezes.",
    "prima {number}, prima {number}, e ao fim de {days} dias um inquérito.",
)
