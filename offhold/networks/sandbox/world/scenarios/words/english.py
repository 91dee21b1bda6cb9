"""Ordinary weather in English: what an airline hears on a quiet day."""
# ruff: noqa: E501 - what people say is read one text to a line

from __future__ import annotations

from collections.abc import Mapping, Sequence

SLOTS: Mapping[str, Sequence[str]] = {
    "companion": (
        "my mum", "my two kids", "my partner", "a toddler", "my {age}-year-old dad", "our cat", "my grandmother",
        "eleven colleagues", "my sister and her baby", "a cello", "three teenagers", "my best friend",
    ),
    "thing": (
        "a folding bike", "a violin", "skis", "a wedding dress", "a pram", "two insulin pens", "a surfboard",
        "a drone", "a 10 kg cheese", "a power wheelchair", "a sewing machine", "a tent with poles", "baby formula",
    ),
    "bag": (
        "my suitcase", "the pram", "my backpack", "one of our three bags", "my guitar case", "the kids' car seat",
        "a blue hard-shell case", "my checked bag", "the box with my samples", "my walking poles",
    ),
    "nice": (
        "the crew", "the woman at gate {gate}", "your colleague at the desk in {city}", "the captain",
        "the steward in the back row", "whoever answered the chat", "the ground staff in {city}",
    ),
    "deed": (
        "found my son's stuffed rabbit", "let my mother board first without being asked",
        "held the door for our late connection from {origin}", "walked me to the right gate with {number} minutes left",
        "brought water to a whole row of crying children", "made the safety talk actually funny",
        "rebooked me to {there} before I had finished my sentence", "gave up her own seat so we could sit together",
        "sent my lost scarf back to {city}", "stayed on after the shift to sort out my visa papers",
    ),
    "broken": (
        "seat {seat} does not recline", "the app logs me out every {number} minutes", "check-in stops at step {number}",
        "the seat map shows {seat} twice", "my card is declined for {money} euros and works everywhere else",
        "the boarding pass for {flight} is blank", "the miles from {flight} never arrived",
        "your site says my name is too long for {there}", "the wifi on {flight} took my {number} euros and did nothing",
    ),
    "when": (
        "on Friday", "next Tuesday", "tomorrow at {time}", "on the 3rd", "in two weeks", "over Christmas", "at {time} tonight",
        "this Sunday", "on the first flight out",
    ),
}  # fmt: skip

QUESTION: Sequence[str] = (
    "can I take {thing} as cabin baggage on {flight} {when}?",
    "does anyone at your end know if {flight} to {there} leaves from gate {gate} or still from the old terminal?",
    "how early do I have to be in {city} when I travel with {companion} and {thing}?",
    "what happens to my connection in {city} if {flight} is {minutes} minutes late?",
    "is there a way to move booking {booking} to a flight {when} without paying {money} euros?",
    "where do I send the papers for {thing}, when the form wants a number I do not have?",
    "I fly {origin} to {there} {when} with {companion}, can we choose seats together at no charge?",
    "my name has an ø in the passport and an o on {booking}. Will they let me board in {city}?",
    "do you serve anything without nuts on {flight}? Asking for {companion}.",
    "what is the latest time to drop a bag in {city} for {flight}?",
    "is the {time} from {origin} to {there} the big plane or the small one with propellers?",
    "how do I add an infant to {booking}, when the app offers me a dog instead?",
    "can somebody tell me whether a {number} hour stop in {city} needs a visa?",
    "I have a voucher over {money} euros that ends in {days} days. Does it count for {flight}?",
    "if I miss the first leg from {origin}, is my way back from {there} cancelled as well?",
    "quick one: is breakfast included on the {time} to {there} or should {companion} eat before?",
)
PROBLEM: Sequence[str] = (
    "{broken}. Who do I tell?",
    "{broken} and the help page sends me in a circle.",
    "I landed in {city} {hours} hours ago and {bag} did not, and the desk here is closed.",
    "{bag} went to {city} while I am in {there}, and I have a wedding {when}.",
    "still waiting for {money} euros from {flight}, cancelled {days} days ago.",
    "booking {booking} vanished from my account this morning, but the {money} euros did not come back.",
    "you moved {flight} to {time} and now I miss the last train from {city}.",
    "I paid {money} euros for seat {seat} and sat somewhere else, how do I get that back?",
    "{companion} and I are booked on {flight}, and the app shows only one of us.",
    "the lift at your desk in {city} is broken and I came with {thing}. Nobody picked up for {minutes} minutes.",
    "{days} days since I wrote about {bag}, and the only answer was a survey.",
)
RANT: Sequence[str] = (
    "{minutes} minutes of panpipes, then a click, then nothing, at {time} on a weekday.",
    "never again. {flight} late, {bag} gone, and a voucher for a shop that is closed at {time}.",
    "your chat has asked me {tries} times whether my question is about baggage. It is about a refund of {money} euros.",
    "who designed a rebooking page that forgets {companion} each time I press back?",
    "I could have walked from {origin} to {there} in the time it took to change one letter on {booking}.",
    "{hours} hours at gate {gate}, no announcement, no water, and a screen that says on time.",
    "charging {money} euros for {thing} that weighs less than your menu card is a joke.",
    "I flew {origin} to {there} with {companion}, and the only person who helped was another passenger.",
)
PRAISE: Sequence[str] = (
    "{nice} {deed}, and that is how it is done.",
    "just off {flight}, and I want to say that {nice} {deed}.",
    "flying with {companion} is never easy, but {nice} {deed} and it was.",
    "small thing, big difference: {nice} {deed}. Please tell them.",
    "{number} flights this month and the one to {there} was the best, because {nice} {deed}.",
)
HUMAN: Sequence[str] = (
    "can I please talk to a real person about {booking}? I have been through the menu {tries} times.",
    "I do not need the bot, I need a human who can look at {flight} from {origin}.",
    "is there any way to reach a person, as {companion} cannot travel {when} and the form does not know that case?",
    "a human, please. {minutes} minutes of menus and I still hold {thing} at the desk in {city}.",
    "somebody with a name, please, not a link: it is about {money} euros and {booking}.",
)
DIRECT: Sequence[str] = (
    "Hi, my booking is {booking}. I need to move {flight} to a day later because of {companion}.",
    "Hello, could you check {booking} for me? It shows {origin} to {there}, but I booked the way back as well.",
    "Good evening, {bag} was not on the belt in {city} after {flight}. The tag ends in {days}.",
    "My refund for {flight} should have been {money} euros and I got {number}. Booking is {booking}.",
    "I would rather not write this in public: I need a wheelchair in {city} {when}, booking {booking}.",
    "You asked me for the booking: it is {booking}, seat {seat}, flight {flight}.",
    "I have a question about travelling with {thing}; my booking is {booking}, {origin} to {there} {when}.",
)
MORE: Sequence[str] = (
    "Booking is {booking}.", "It is for {companion}.", "We fly from {origin} {when}.", "Thanks for any help with {booking}!",
    "I tried the app {tries} times.", "It was flight {flight} to {there}.", "I am at gate {gate} until {time}.",
    "I only need to know before {time}.", "My seat would be {seat}.", "There are {number} of us, {companion} included.",
)  # fmt: skip
THANKS: Sequence[str] = (
    "Thank you, that was quick, I will be at gate {gate} by {time}.", "That worked, {booking} looks right now. Thanks!",
    "Great, thank you for sorting out {flight}.", "Perfect, {companion} will be relieved.",
    "Thanks! And what about {bag}?", "Hm, I did that {tries} times already. Can you look at {booking} yourself?",
    "Okay, I will wait until {time}, but please do not forget me.", "You are a star. See you in {there} {when}.",
    "I just sent you the details of {booking} in a direct message.", "Understood. So {money} euros will come within {days} days?",
)  # fmt: skip
SPAM: Sequence[str] = (
    "earn {money} a day from home, ask me how, {tries} places left",
    "who else wants {days} free followers? link in my profile",
    "my cousin makes {money} euros a week reviewing hotels in {city}, so can you",
    "selling {number} tickets to {there}, cheap, message me before {time}",
    "crypto signal for today: {minutes} percent by {time}, join the group",
    "lost money with a broker, I got back {money} in {days} days, ask me",
)
CHATTER: Sequence[str] = (
    "is it me or does {city} airport smell of waffles at {time}?",
    "{hours} hours in {city} with {companion}, recommend me something that is not a duty-free.",
    "packing {thing} for {there}. Wish me luck {when}.",
    "seat {seat}, window, sunrise over {city}. Worth getting up before {time}.",
    "my neighbour in {seat} is knitting a whole sweater between {origin} and {there}.",
)
