"""Whether a passage asks its reader for closeness: what nobody should read whom a partner hurts."""

import re
from collections.abc import Iterable

_SOMEBODY = (
    r"(?:(?:your|the|a) (?:partner|spouse|husband|wife|boyfriend|girlfriend|loved ones?|parents?|family)"
    r"|him|her|them|each other|one another)"
)
_FEELINGS = (
    r"(?:(?:your|their|our|what you|how you) )?(?:\w+ )?(?:feel(?:ings?)?|emotions?|needs?|fears?|struggles?|hurt)"
)

_CLOSENESS = re.compile(
    "|".join(
        (
            # opening up
            r"\bopen(?:ing)? up\b(?! (?:a|the) (?!little|bit))",
            r"\bvulnerab(?:le|ility)\b",
            rf"\blet(?:ting)? {_SOMEBODY} in\b",
            r"\b(?:be|being|stay) (?:(?:more|fully|completely) )?(?:open|honest|transparent)\b",
            rf"\b(?:express|shar|voic|disclos|reveal)(?:e|es|ing)?\b.{{0,30}}?\b{_FEELINGS}\b",
            rf"\btell(?:ing)? {_SOMEBODY}\b",
            # talking it out
            r"\btalk(?:ing)? (?:it|things|this|that|matters) (?:out|over|through)\b",
            rf"\b(?:talk|speak|communicat|connect)\w* (?:\w+ )?(?:to|with) {_SOMEBODY}\b",
            r"\b(?:communicat\w+|convers\w+|talks?|talking|sharing) (?:\w+ )?"
            r"(?:openly|honestly|calmly|gently|gradually)\b",
            r"\b(?:open|honest|calm|heart[- ]to[- ]heart) (?:and \w+ )?"
            r"(?:communication|conversations?|dialogue|talks?)\b",
            rf"\b(?:listen\w*|empath\w+)\b.{{0,40}}\b(?:{_SOMEBODY}|people you love|empath\w+)",
            rf"\bask(?:ing)? {_SOMEBODY}\b|\bask(?:ing)? (?:how|what) your\b",
            # coming close again
            r"\b(?:re-?build|build|restor|regain|renew|rekindl|reignit|repair|deepen|foster|earn|win)\w*\b"
            r".{0,40}?\b(?:trust|intimacy|closeness|connections?|bonds?|relationships?|love|spark)\b",
            r"\b(?:trust|closeness|intimacy)\b.{0,30}\b(?:again|back|grow)\b",
            r"\bforgiv(?:e|ing|eness)\b|\b(?:second|another) chance\b|\breconcil\w+\b|\bmak(?:e|ing) up with\b",
            r"\bbring\w* (?:\w+ )?(?:closeness|intimacy)\b|\bcloser together\b",
            # what couples do together
            r"\b(?:couples?['’]?s?|marriage|marital|relationship) (?:therapy|counsel\w+|exercises?|retreats?|workshops?"
            r"|mediation)\b",
            r"\bcheck-?ins?\b|\bdate nights?\b|\b(?:shared?|joint) (?:\w+ )?(?:activit|experience|hobb|ritual)\w+\b",
            r"\b(?:therapy|counsell?ing|exercises?|activit\w+) together\b|\bas a team\b|\bthings you do together\b",
            # confronting
            r"\bconfront\w*\b|\bstand(?:ing)? (?:up to|your ground)\b|\bspeak(?:ing)? up\b|\bunspoken\b",
            r"\b(?:address|rais)\w* (?:the|this|that|these|it|an?) ?(?:issue|problem|subject|matter)?s?\b",
            r"\bbring(?:ing)? (?:it|this|that) up\b|\bbring(?:ing)? up (?:the|what|how)\b",
            rf"\b(?:tell|ask|say)\w* .{{0,30}}\b(?:assertive|calm|firm)ly\b|\bcall(?:ing)? {_SOMEBODY} out\b",
            r"\b(?:communicat|assert|stat|explain|enforc)\w* your (?:boundar\w+|limits?|needs?)\b",
        )
    ),
    re.I,
)
"""What is spoken of: what one would do to come closer to somebody, or to take a stand against them."""

_FIRST_WORDS = (
    "accept|address|agree|aim|allow|apologi[sz]e|approach|ask|be|begin|bring|build|call|choose|communicate|confront"
    "|consider|create|dare|deepen|discuss|do|encourage|enforce|engage|explain|express|find|focus|forgive|foster|get"
    "|give|go|have|hold|invest|invite|join|keep|know|learn|let|listen|look|make|meet|offer|open|plan|practi[cs]e"
    "|prioriti[sz]e|put|raise|reach|rebuild|reconcile|reconnect|rekindle|remember|repair|restore|reveal|say|schedule"
    "|see|seek|set|share|show|sit|speak|spend|stand|start|stay|take|talk|tell|think|try|use|voice|work|write"
)
_BEFORE_THEM = (
    r"\d+[.)]|then|so|also|instead|first|next|and|always|never|once more|please|together|\w+ly|do not|don['’]t"
)
_OF_DISTANCE = (
    "avoid|resist|refrain|lack|struggl|fear|refus|hold|pull|steer|play|keep|withdraw|shut|hid|fail|feel|liv|want|find"
    "|minimi[sz]|suppress|wav|show|prefer|be"
)
"""How signs of distance begin: “Avoiding …” describes somebody, “Sharing … can help” asks for something."""

_ASKED = re.compile(
    "|".join(
        (
            rf"^(?:[^:.!?]{{1,60}}: )?(?:(?:{_BEFORE_THEM}),? )*(?:{_FIRST_WORDS})\b",
            r"\b(?:you(?: (?:both|two))?|we|couples?|partners|both|one) (?:can|could|should|must|may want to|might"
            r"|need to|have to|ought to|had better)\b(?! (?:not|become|feel|find it))",
            r"\bit (?:really |often |always |also )?(?:helps?|can help|may help|might help|pays)\b",
            r"\bit(?: is|['’]s) (?:\w+ )?(?:essential|important|crucial|vital|worth|best|good|key|wise|time|possible"
            r"|healthy|never too late)\b",
            r"\b(?:is|are) (?:\w+ )?(?:the first step|key|essential|the way|one way|a (?:good )?way|the answer|vital"
            r"|crucial)\b",
            r"\b(?:can|will|may|to) (?:also |often |really )?(?:help|heal|bring|restore|rebuild|reignite|rekindle"
            r"|repair|strengthen|deepen)\b",
            r"\bwhen to\b|\bhelps?\b|\b(?:try|why not|worth) \w+ing\b",
            r"\b(?:how|ways?|steps?|strateg\w+|tips?|exercises?)(?: \w+)? to\b|\bhow (?:can|do|should) (?:you|i|we)\b",
            r"\b(?:by|through) \w+ing\b|\bas you (?:\w+ )?\w+|\bonce (?:you|we|couples?|partners|both)\b",
            rf"^(?!(?:{_OF_DISTANCE})ing\b)\w+ing\b.*\b(?:can|will|helps?|brings?|builds?|rebuilds?|restores?"
            r"|strengthens?|deepens?|makes?|leads?|creates?)\b",
        )
    ),
    re.I,
)
"""That a sentence asks for what it speaks of, or says that it helps, rather than describing how people are."""


def asks_for_closeness(sentences: Iterable[str]) -> bool:
    """Whether one of `sentences` asks its reader to open up, to talk something out with somebody close, to rebuild
    trust, to do an exercise as a couple, or to confront somebody. To describe how people are is not to ask for it.

    >>> asks_for_closeness(["Tell your partner what hurts, and listen to each other."])
    True
    >>> asks_for_closeness(["Some people find it hard to be vulnerable."])
    False
    """
    return any(_CLOSENESS.search(one) and _ASKED.search(one) for one in sentences)
