"""A sheet to prepare for a talk with a professional: filled in in the browser, printed from there, kept nowhere."""

from collections.abc import Sequence

from markupsafe import Markup

from guide.chat.helpline_html import first_call_items
from guide.chat.passage_html import EMPTY
from guide.chat.quotes import visible_passages
from guide.chat.render import Exchange
from guide.chat.texts import Texts
from guide.safety.rules import CRITERIA


def sheet(exchanges: Sequence[Exchange], texts: Texts) -> Markup:
    """The folded sheet: what the messages met of the article's criteria, the person's own ticks, what was read, what
    could be asked.
    """
    answers = [exchange.answer for exchange in exchanges if exchange.answer is not None]
    met = {criterion.id: criterion.quote for answer in answers for criterion in answer.safety.criteria}
    criteria = EMPTY.join(
        _tick(f"sheet-{name}", met.get(name) or texts[f"sheet_{name}"], ticked=name in met) for name in CRITERIA
    )
    read = dict.fromkeys(passage.section[-1] for answer in answers for passage in visible_passages(answer))
    sections = EMPTY.join(Markup('<li dir="auto">{}</li>').format(section) for section in read)
    passages = Markup("<h4>{}</h4><ul>{}</ul>").format(texts["sheet_read"], sections) if sections else EMPTY
    asks = EMPTY.join(_tick(f"sheet-ask-{number}", texts[f"sheet_ask_{number}"]) for number in range(1, 6))
    return Markup(
        '<details class="sheet" id="sheet"><summary>{title}</summary><div class="sheet-body">'
        '<p class="small">{words}</p>'
        "<h4>{applies}</h4>{criteria}{passages}<h4>{could_ask}</h4>{asks}"
        '<h4>{first_call}</h4><ul>{sentences}</ul><p class="small"><a href="#help">{find}</a></p>'
        '<label class="notes"><span>{notes}</span><textarea rows="4" autocomplete="off"></textarea></label>'
        '<button type="button" class="button print-sheet">{printed}</button></div></details>'
    ).format(
        title=texts["sheet_title"],
        words=texts["sheet_words"],
        applies=texts["sheet_applies"],
        criteria=criteria,
        passages=passages,
        could_ask=texts["sheet_could_ask"],
        asks=asks,
        first_call=texts["professional_first_call"],
        sentences=first_call_items(texts),
        find=texts["professional_anywhere"],
        notes=texts["sheet_notes"],
        printed=texts["sheet_print"],
    )


def _tick(name: str, words: str, *, ticked: bool = False) -> Markup:
    return Markup('<label class="tick"><input type="checkbox" id="{}"{}> <span dir="auto">{}</span></label>').format(
        name, Markup(" checked") if ticked else EMPTY, words
    )
