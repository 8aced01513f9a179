"""What Guide says in its own words when it goes back over a conversation or an article."""

from dataclasses import dataclass

from guide.records import Choice


@dataclass(frozen=True, slots=True)
class MoveReply:
    """What Guide says beside or instead of a quotation, and what the person can say next with one tap."""

    text: str = ""
    choices: tuple[Choice, ...] = ()


def move_reply(key: str, turn: int, language: str = "en", **filled: object) -> MoveReply:
    """The reply of this key, `filled` in, as it is said at the `turn`th message of a conversation: in other words than
    at the message before, where there are others. In English where Guide has it in no other `language`.

    >>> move_reply("counted", 1, count=5).text
    'The article lists 5 here.'
    """
    said = _REPLIES.get(language, _REPLIES["en"])[key]
    return MoveReply(said[turn % len(said)].format(**filled), _CHOICES.get(language, _CHOICES["en"]).get(key, ()))


_REPLIES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "nothing_yet": (
            "There is nothing to go back to yet. You can begin with one of these.",
            "You haven’t asked about anything yet. These are ways to begin.",
        ),
        "help_only": (
            "To that message I showed ways to get help, and no article. They are still there for you.",
            "What I had for that message were the ways to get help. You can use them at any time.",
        ),
        "asked_one": ("You wrote: {asked}.",),
        "asked_first": ("The first thing you asked: {asked}.",),
        "asked_last": ("The last thing you asked: {asked}.",),
        "asked_all": ("You asked, in this order: {asked}.",),
        "asked_latest": ("You asked {count} things. The latest, in their order: {asked}.",),
        "next_in_article": ("This comes next in the article.", "The article goes on like this."),
        "no_more": (
            "That is all I can find on it in the article. You could ask about something else in it.",
            "There is nothing further on it that I could show you. Something else may help.",
        ),
        "only_quotes": (
            "I can only quote the article; I can’t put it into other words. I can show its main words alone.",
            "I have no simpler words than the article’s own. I can show fewer of them.",
        ),
        "shortest": ("It doesn’t get shorter than this: these are the article’s own words.",),
        "which_article": (
            "There are several articles here. Which one do you mean?",
            "Which of the articles shall I sum up?",
        ),
        "choose_article": ("There are several articles here; choose the one to sum up.",),
        "counted": ("The article lists {count} here.",),
        "counted_otherwise": ("The article lists {count} here, not {asked}.",),
        "partly_held_back": (
            "I leave out the article’s advice here, because of what you told me earlier: in danger, some of it could "
            "do harm.",
        ),
        "held_back": (
            "What the article says on this is advice, and I hold it back because of what you told me earlier: in "
            "danger, some of it could do harm.",
        ),
        "overview": ("Summarise the article",),
        "overview_of": ("Summarise the article “{title}”",),
    },
    "es": {
        "nothing_yet": (
            "Todavía no hay nada a lo que volver. Puedes empezar con una de estas opciones.",
            "Aún no has preguntado por nada. Así puedes empezar.",
        ),
        "help_only": (
            "A ese mensaje respondí con formas de conseguir ayuda, sin citar ningún artículo. Siguen a tu disposición.",
            "Para ese mensaje mostré las formas de conseguir ayuda. Puedes usarlas en cualquier momento.",
        ),
        "asked_one": ("Escribiste: {asked}.",),
        "asked_first": ("Lo primero que preguntaste: {asked}.",),
        "asked_last": ("Lo último que preguntaste: {asked}.",),
        "asked_all": ("Preguntaste, en este orden: {asked}.",),
        "asked_latest": ("Preguntaste {count} cosas. Las últimas, en su orden: {asked}.",),
        "next_in_article": ("Esto es lo que sigue en el artículo.", "El artículo continúa así."),
        "no_more": (
            "Es todo lo que encuentro sobre eso en el artículo. Puedes preguntar por otra cosa.",
            "No hay nada más sobre eso que pueda mostrarte. Quizá te ayude otra cosa.",
        ),
        "only_quotes": (
            "Solo puedo citar el artículo; no puedo decirlo con otras palabras. Puedo mostrar solo lo principal.",
            "No tengo palabras más sencillas que las del artículo. Puedo mostrar menos.",
        ),
        "shortest": ("No puede ser más corto: son las palabras del propio artículo.",),
        "which_article": (
            "Aquí hay varios artículos. ¿A cuál te refieres?",
            "¿Cuál de los artículos quieres que resuma?",
        ),
        "choose_article": ("Aquí hay varios artículos; elige el que quieres que resuma.",),
        "counted": ("El artículo enumera {count} aquí.",),
        "counted_otherwise": ("El artículo enumera {count} aquí, no {asked}.",),
        "partly_held_back": (
            "Dejo fuera aquí los consejos del artículo por lo que me contaste antes: en peligro, algunos podrían hacer "
            "daño.",
        ),
        "held_back": (
            "Lo que el artículo dice sobre esto son consejos, y no los muestro por lo que me contaste antes: en "
            "peligro, algunos podrían hacer daño.",
        ),
        "overview": ("Resume el artículo",),
        "overview_of": ("Resume el artículo «{title}»",),
    },
}

_CHOICES: dict[str, dict[str, tuple[Choice, ...]]] = {
    "en": {"only_quotes": (Choice("Shorter, please", "Shorter"),)},
    "es": {"only_quotes": (Choice("Más corto, por favor", "Más corto"),)},
}
"""The choices that don't depend on the articles."""
