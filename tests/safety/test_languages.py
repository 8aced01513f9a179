"""Plain words of danger in the languages that the rules know, as people type them: no accents, no commas, slang.

The rules' own `yes` and `no` sentences are tests too; these were written after the rules, to see what they miss.
"""

import pytest

from guide.levels import is_crisis
from guide.safety import assess
from guide.safety.normalise import read_message
from guide.safety.rules import rule_book

DANGER = [
    ("abuse", "mi marido me levanta la mano cuando se enoja"),
    ("abuse", "mi ex pareja me sigue a todas partes y me amenaza de muerte"),
    ("abuse", "mi papá me pega con el cinturón"),
    ("abuse", "me pega mi marido"),
    ("crisis", "no puedo mas, quiero morirme"),
    ("crisis", "ya no aguanto quiero matarme"),
    ("crisis", "no se que hacer quiero morir"),
    ("emergency", "me acabo de tomar un frasco de pastillas"),
    ("abuse", "mon copain me tape dessus"),
    ("abuse", "il me frappe quand il boit"),
    ("crisis", "j'en peux plus je veux mourir"),
    ("crisis", "jveux mourir"),
    ("crisis", "je n'en peux plus, envie de crever"),
    ("abuse", "mein Ex bedroht mich"),
    ("abuse", "er schlägt mich immer wieder"),
    ("crisis", "ich kann nicht mehr ich will sterben"),
    ("crisis", "hab keinen Bock mehr zu leben"),
    ("abuse", "meu namorado me enforcou ontem"),
    ("crisis", "nao aguento mais quero morrer"),
    ("crisis", "to cansado de viver"),
    ("abuse", "mio marito mi ha messo le mani addosso"),
    ("crisis", "non ce la faccio piu voglio morire"),
    ("crisis", "ik kan niet meer ik wil dood"),
    ("abuse", "is het normaal dat mijn vriend mij slaat"),
    ("abuse", "mijn vriend schopt me en scheldt me uit"),
    ("crisis", "nie mam siły chcę umrzeć"),
    ("crisis", "mam dość życia, chcę się zabić"),
    ("abuse", "partner mnie dusi i grozi że mnie zabije"),
    ("crisis", "больше не могу, хочу умереть"),
    ("crisis", "я устала жить"),
    ("crisis", "хочу сдохнуть"),
    ("abuse", "он меня бьет каждый день"),
    ("abuse", "парень поднял на меня руку"),
    ("crisis", "я більше не можу, хочу померти"),
    ("abuse", "він мене б'є"),
    ("crisis", "تعبت من الحياة واريد ان اموت"),
    ("crisis", "مش عايز اعيش"),
    ("abuse", "ابوي يضربني كل يوم"),
    ("abuse", "زوجي هددني بالقتل"),
    ("crisis", "मुझे अब नहीं जीना"),
    ("crisis", "main mar jana chahti hoon"),
    ("crisis", "mujhe ab nahi jeena yaar"),
    ("abuse", "mere pati mujhe roz marte hain"),
    ("abuse", "pati marta hai mujhe"),
    ("abuse", "मेरा पति शराब पीकर मुझे मारता है"),
    ("crisis", "真的不想活了"),
    ("crisis", "好想死啊"),
    ("crisis", "我想结束自己的生命"),
    ("abuse", "我爸经常打我"),
    ("abuse", "男朋友掐我脖子"),
    ("abuse", "他威胁要杀了我"),
    ("crisis", "死にたいよ"),
    ("crisis", "もう生きるのに疲れた、死にたい"),
    ("abuse", "彼氏に首を絞められました"),
    ("abuse", "夫が怖くて帰れません"),
    ("crisis", "진짜 죽고싶다"),
    ("crisis", "그냥 죽고 싶다는 생각만 들어"),
    ("abuse", "남친이 때렸는데 어떻게 해요"),
    ("abuse", "아버지가 술만 마시면 때리세요"),
    ("crisis", "artik yasamak istemiyorum"),
    ("crisis", "intihar edicem"),
    ("abuse", "kocam her gün dövüyor beni"),
    ("abuse", "eşim bana vuruyor"),
    ("crisis", "jag vill inte leva mer"),
    ("crisis", "vill bara dö"),
    ("abuse", "min sambo slår mig"),
    ("abuse", "mitt ex hotar mig"),
    ("crisis", "muốn chết quá"),
    ("crisis", "em không muốn sống nữa"),
    ("abuse", "chồng em hay đánh em"),
    ("abuse", "bố đánh con mỗi ngày"),
]

HARMLESS = [
    "mi novio no me habla",
    "mi marido trabaja mucho y me siento sola",
    "mon mari ne me parle plus",
    "mein Freund meldet sich nicht",
    "meu namorado é frio comigo",
    "mio marito non mi parla",
    "mijn vriend praat niet met mij",
    "mąż ze mną nie rozmawia",
    "муж со мной не разговаривает",
    "чоловік не звертає на мене уваги",
    "زوجي لا يتحدث معي",
    "मेरे पति मुझसे बात नहीं करते",
    "老公不理我",
    "夫が話を聞いてくれません",
    "남편이 무뚝뚝해요",
    "kocam benimle ilgilenmiyor",
    "min man pratar inte med mig",
    "chồng tôi không quan tâm tôi",
    "me muero de hambre",
    "je suis mort de rire",
    "ich lach mich tot",
    "estoy muerto de cansancio",
    "умираю со скуки",
    "умираю с голоду",
    "笑死我了",
    "累死了",
    "忙しくて死にそう",
    "배고파 죽겠다",
    "gülmekten öldüm",
    "jag dör av skratt",
    "buồn ngủ muốn chết",
    "umieram z nudów",
    "tengo miedo de mi jefe",
    "qué es el desapego emocional",
    "was ist emotionale Distanz",
    "情感疏离是什么",
    "感情的な距離とは何ですか",
    "왜 남자친구가 연락을 안 해요",
    "mi abuela murio la semana pasada",
    "ma grand-mère est morte",
    "мой кот умер",
    "我奶奶去世了",
    "祖母が亡くなりました",
]


@pytest.mark.parametrize(("level", "message"), DANGER)
def test_danger_is_seen_as_people_type_it(level: str, message: str) -> None:
    found = assess(message)
    assert found.level == level or (level == "crisis" and is_crisis(found.level))
    assert found.language != "en"


@pytest.mark.parametrize("message", HARMLESS)
def test_everyday_words_figures_and_bereavement_raise_nothing(message: str) -> None:
    assert assess(message).level == "none"


@pytest.mark.parametrize(
    ("message", "language", "words"),
    [
        ("Я устала. Не хочу больше жить!", "ru", "Не хочу больше жить"),
        ("대체 왜… 죽고 싶어요", "ko", "죽고 싶"),
        ("疲れました。もう死にたいです。", "ja", "死にたい"),
        ("老公回家就打我，我很怕", "zh", "老公回家就打我"),
        ("أنا تعبانة، أريدُ أن أموت", "ar", "أريدُ أن أموت"),
        ("मैं मरना चाहता हूँ।", "hi", "मरना चाहता"),
        ("Kocam beni dövüyor!", "tr", "Kocam beni dövüyor"),
        ("Chồng tôi đánh tôi", "vi", "Chồng tôi đánh tôi"),
    ],
)
def test_a_match_is_the_words_as_written_in_every_script(message: str, language: str, words: str) -> None:
    found = assess(message)
    assert found.language == language
    assert words in [match.text for match in found.matches]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("죽고싶어", "죽고 싶어"),
        ("我想自杀", "我想自殺"),
        ("я хочу умереть", "Я ХОЧУ УМЕРЕТЬ"),
        ("quiero morirme", "QUIERO MORIRME"),
        ("Nie chcę już żyć", "nie chce juz zyc"),
        ("Jag vill dö", "jag vill do"),
        ("tôi muốn chết", "toi muon chet"),
        ("мой муж меня бьёт", "мой муж меня бьет"),
        ("أريد أن أموت", "اريد ان اموت"),
    ],
)
def test_spaces_accents_case_and_kind_of_characters_make_no_difference(one: str, other: str) -> None:
    assert assess(one).level == assess(other).level != "none"


@pytest.mark.parametrize(
    "message",
    [
        "no quiero morir",
        "я не хочу умирать",
        "je ne veux pas mourir",
        "ich will nicht sterben",
        "我不想死",
        "死にたくない",
    ],
)
def test_a_negated_wish_raises_nothing(message: str) -> None:
    assert assess(message).level == "none"


@pytest.mark.parametrize(
    "message",
    [
        "no aguanto mas quiero morir",
        "no quiero hablar pero quiero morir",
        "je sais pas quoi faire je veux mourir",
        "ich kann das nicht mehr ich will sterben",
        "не знаю что делать, хочу умереть",
        "我不知道怎么办想死",
    ],
)
def test_a_negation_of_something_else_silences_nothing(message: str) -> None:
    assert is_crisis(assess(message).level)


def test_a_word_in_cyrillic_stays_one_and_a_disguised_english_one_is_read() -> None:
    assert assess("хочу умереть").language == "ru"
    assert assess("I want to ԁіе").level == "crisis"  # each letter of the last word is Cyrillic
    assert assess("I want to kіll myself").language == "en"  # one letter is


def test_letters_apart_are_not_read_as_short_words_of_another_language() -> None:
    assert "cemetery" in read("c e m e t e r y")


def read(message: str) -> str:
    return read_message(message, rule_book().vocabulary).line
