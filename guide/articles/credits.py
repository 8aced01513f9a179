"""What an article is made of and what leads around it: told by a heading, or by how citations look, it answers only who
wrote the article.
"""

import re
from collections.abc import Sequence

_ABOUT = re.compile(
    r"^(?:about (?:the|this) (?:author|writer|article|text|guide)s?\b"
    r"|(?:sobre (?:el|la|los|las|o|a|os|as)|acerca del?(?: la| los)?) autor(?:a|es|as)?\b"
    r"|(?:über|zu) (?:den|die|der) autor|zu[mr] autor|à propos (?:de l['’]|des )auteur|(?:informazioni )?sull['’]autor"
    r"|over de auteur|o autor(?:ze|ce|ach)\b|об авторе|об авторах|про автор|yazar(?:lar)? hakkında|om författar"
    r"|关于作者|關於作者|著者について|저자 소개|عن المؤلف|लेखक के बारे में|về tác giả)",
    re.I,
)

_NUMBER = (
    r"(?:(?:(?:appendix|annex|anhang|anlage|annexe|apéndice|anexo|appendice|bijlage|приложение) [a-z\d]{1,3}"
    r"|[a-z]?[\d.]*\d|[a-z])[.:)]*\s+)?"
)
"""What may stand before the words of a heading: “7.”, “A.9.”, “Appendix B:”."""

_REFERENCES = re.compile(
    _NUMBER + r"(?:"
    r"(?:list of |selected |key |all |image )?"
    r"(?:references?|reference list|sources|bibliography|citations|works cited)"
    r"(?: (?:and|&) (?:notes|sources|references|further reading|external links|links|resources|citations))?"
    r"|notes and references|notes|foot-?notes|end-?notes|(?:further|suggested) reading|external links|see also"
    r"|(?:copyright (?:and|&) )?licen[cs]e(?:s|d under.{0,60}| information)?(?: (?:and|&) copyright)?|licen[cs]ing"
    r"|copyright(?: notice)?|acknowledge?ments?|attributions?"
    r"|(?:image )?credits|contributors|editorial (?:process|policy|standards)"
    r"|(?:declarations? of |statement of )?competing interests|declarations? of (?:conflicts? of )?interests?"
    r"|(?:authors?['’]? )?conflicts? of interests? (?:statement|disclosures?)|author contributions"
    # Spanish, Portuguese, Italian, French
    r"|bibliograf[íi]a|referencias(?: bibliográficas)?|fuentes|notas|enlaces externos|véase también|licencia"
    r"|derechos de autor|agradecimientos|lecturas? (?:recomendadas?|adicional(?:es)?)"
    r"|referências(?: bibliográficas)?|fontes|notas de rodapé|(?:ligações|links) extern[ao]s|(?:ver|veja) também"
    r"|licença|direitos autorais|agradecimentos|leituras? (?:recomendadas?|adicionais)"
    r"|riferimenti(?: bibliografici)?|fonti|collegamenti esterni|voci correlate|vedi anche|licenza|ringraziamenti"
    r"|références(?: bibliographiques)?|bibliographie|notes(?: et références| de bas de page)|liens externes|voir aussi"
    r"|droits? d['’]auteurs?|remerciements|lectures? complémentaires?"
    # German, Dutch, Swedish
    r"|quellen(?:angaben|verzeichnis|nachweise?)?|literatur(?:verzeichnis|hinweise|nachweise)|referenzen"
    r"|einzelnachweise|fußnoten|weiterführende (?:literatur|links)|weblinks|siehe auch|(?:copyright und )?lizenz"
    r"|urheberrecht(?: und lizenz)?|danksagung|impressum"
    r"|referenties|bronnen|bronvermelding|literatuurlijst|bibliografie|voetnoten|externe links|zie ook|licentie"
    r"|auteursrecht|dankwoord|verder lezen"
    r"|referenser|källor|källförteckning|fotnoter|se även|externa länkar|licens|upphovsrätt"
    # Polish, Russian, Ukrainian, Turkish
    r"|źródła|przypisy|zobacz też|linki zewnętrzne|licencja|prawa autorskie|podziękowania"
    r"|(?:список литературы|использованная литература)|источники|примечания|сноски|библиография|(?:см\.|смотрите) также"
    r"|лицензия|авторск\w+ прав\w+(?: и лицензи\w+)?|благодарности|джерела|примітки|див\. також|ліцензія|подяки"
    r"|kaynaklar|kaynakça|dipnotlar|ayrıca bakınız|lisans|telif hakkı|teşekkür(?:ler)?"
    # Chinese, Japanese, Korean, Arabic, Hindi, Vietnamese
    r"|参考文献|参考资料|參考文獻|參考資料|注释|註釋|脚注|外部链接|延伸阅读|延伸閱讀|许可证|许可协议|授權"
    r"|版权(?:声明)?|版權(?:聲明)?|致谢|致謝|另见|参见|出典|注釈|関連項目|外部リンク|ライセンス|著作権|謝辞"
    r"|참고 ?문헌|참고 ?자료|출처|각주|같이 보기|외부 링크|라이선스|저작권|감사의 말"
    r"|(?:ال)?مراجع|(?:ال)?مصادر|الهوامش|انظر أيضا|روابط خارجية|الترخيص|حقوق النشر|شكر وتقدير"
    r"|संदर्भ|सन्दर्भ|स्रोत|ग्रंथसूची|लाइसेंस|आभार|tài liệu tham khảo|nguồn|chú thích|xem thêm|liên kết ngoài|giấy phép"
    r"|bản quyền|lời cảm ơn"
    r")\W*",
    re.I,
)
"""Headings over what an article is made of, each as a whole: “Sources of stress” is none."""

_LITERATURE = re.compile(
    _NUMBER
    + r"(?:literature|literatur|literatuur|litteratur|literatura|letteratura|littérature|литература|література)\W*",
    re.I,
)
"""Headings over references, or over what a country's writers wrote."""

_NAVIGATION = re.compile(
    _NUMBER + r"(?:"
    r"related (?:articles|posts|pages|topics|stories|content|reading|links|guides|guidelines)|you may also like"
    r"|more (?:articles|stories)|read (?:next|more)|recommended(?: reading)?"
    r"|(?:table of )?contents|toc|navigation|on this page|in this (?:article|guide|section|page)"
    r"|índice|(?:tabla de )?contenidos?|en (?:esta página|este artículo)|artículos relacionados"
    r"|también te puede interesar"
    r"|sumário|nest[ae] (?:página|artigo)|artigos relacionados|leia também"
    r"|indice|sommario|in quest[ao] (?:pagina|articolo)|articoli correlati|leggi anche"
    r"|sommaire|table des matières|(?:dans cet article|sur cette page)|articles? (?:liés|connexes|similaires)"
    r"|(?:à )?lire aussi|inhalt(?:sverzeichnis)?|auf dieser seite|in diesem artikel|verwandte (?:artikel|themen)"
    r"|weitere (?:artikel|beiträge)|das könnte (?:dich|sie|ihnen) auch (?:interessieren|gefallen)"
    r"|inhoud(?:sopgave)?|op deze pagina|in dit artikel|gerelateerde artikelen|lees ook"
    r"|innehåll(?:sförteckning)?|relaterade artiklar|läs också|spis treści|powiązane artykuły|czytaj także"
    r"|содержание|оглавление|на этой странице|похожие статьи|читайте также|зміст|içindekiler"
    r"|ilgili (?:yazılar|makaleler)|目录|目錄|相关文章|相關文章|目次|関連記事|목차|관련 (?:글|기사)"
    r"|(?:جدول )?المحتويات|مقالات ذات صلة|विषय[- ]?सूची"
    r"|संबंधित लेख|mục lục|bài viết liên quan"
    r")\W*",
    re.I,
)
"""Headings over what leads around or away. What stands below them may be the article itself, set one level too low."""

_BUTTONS = re.compile(
    r"(?:share(?: this(?: \w+)?)?|tags|menu|comments|follow us|teilen|partager|compartir|compartilhar|condividi|delen"
    r"|udostępnij|поделиться|paylaş|dela|分享|シェア|공유)\W*",
    re.I,
)
"""Headings over buttons and tags, if that is all there is below them: “Share” may as well be advice."""

_MAX_WORDS_OF_BUTTON = 4

_OFFERS_HELP = re.compile(
    r"\b(?:help|helplines?|hotlines?|support|contacts?|emergency|urgent|ayuda|ajuda|aiuto|aide|hilfe|hulp|hjälp|pomoc"
    r"|помощь|допомога|yardım)",
    re.I,
)

_IDENTIFIED = re.compile(
    r"\bdoi\b|\b10\.\d{4,9}/\S|\bPMC?ID\b|\bISBN\b|\bISSN\b|\barXiv:\s?\d|\b\d+\s?\(\d+(?:[-–]\d+)?\)\s?[:,]\s?e?\d+"
    r"|\b(?:retrieved|accessed)(?: on| from| \d)|\bet al\b",
    re.I,
)
_NAMES = re.compile(
    r"(?:[\[(]?\d{1,3}[\]).]*\s+)?[^\W\d_][\w'’-]+(?: [A-Z][\w'’-]+)?,? (?:[A-Z]\.?[ -]?){1,3}(?:[,.;&(]|\s|$)"
)
"""How a citation begins: “Okafor, J. A.,”, “[3] Okafor JA,”."""

_YEAR = re.compile(r"\((?:1[89]|20)\d\d[a-z]?(?:, [A-Z][a-z]+(?: \d+)?)?\)|[,.;:] ?(?:1[89]|20)\d\d[a-z]?\b[.;:,]?")
_ADDRESS = re.compile(r"https?://|\bwww\.")
_ONLY_ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S+\W*")
_TELLS = re.compile(
    r"\b(?:found|finds|shows?|showed|suggests?|suggested|reports?|reported|you|your|we|according|studied|argues?)\b",
    re.I,
)
"""Words of sentences that speak of a study rather than name it."""

_MAX_WORDS_OF_CITATION = 80
_FEWEST_CITATIONS = 3


def is_about(heading: str) -> bool:
    """Whether what is below `heading` says who wrote the article, or how it came about."""
    return bool(_ABOUT.search(heading))


def is_references(heading: str) -> bool:
    """Whether `heading` stands over references, a licence or thanks, together with all that is below it."""
    return bool(_REFERENCES.fullmatch(heading))


def lists_literature(heading: str, texts: Sequence[str]) -> bool:
    """Whether `heading` and at least half of the `texts` right below it are those of a list of literature."""
    cited = sum(bool(_YEAR.search(text) or _IDENTIFIED.search(text) or _ADDRESS.search(text)) for text in texts)
    return bool(_LITERATURE.fullmatch(heading)) and 2 * cited >= len(texts) > 0


def leads_around(heading: str, texts: Sequence[str]) -> bool:
    """Whether `heading` stands over what leads around in the article or beyond it; `texts` stand right below it."""
    if _BUTTONS.fullmatch(heading):
        return all(len(text.split()) <= _MAX_WORDS_OF_BUTTON and not text.endswith(".") for text in texts)
    return bool(_NAVIGATION.fullmatch(heading))


def first_citation(heading: str, texts: Sequence[str]) -> int:
    """From which of the `texts` below `heading` on all are citations, three at least; their number if none are.

    A text that only mentions a study is none. Where help is offered, nothing but addresses is an answer.

    >>> first_citation("Sleep", ["Sleep (2019) helps.", *["Okafor JA. Naps. Sleep. 2019;12(3):45-7."] * 3])
    1
    """
    first, cited = len(texts), 0
    while first:
        text = texts[first - 1]
        is_citation = _is_citation(text)
        if not is_citation and not _ONLY_ADDRESS.fullmatch(text):
            break
        cited += is_citation
        first -= 1
    only_addresses = not cited and (first > 0 or bool(_OFFERS_HELP.search(heading)))
    return len(texts) if only_addresses or len(texts) - first < _FEWEST_CITATIONS else first


def _is_citation(text: str) -> bool:
    if len(text.split()) > _MAX_WORDS_OF_CITATION:
        return False
    has_year, is_identified = bool(_YEAR.search(text)), bool(_IDENTIFIED.search(text))
    if _NAMES.match(text):
        return has_year or is_identified
    return is_identified and (has_year or bool(_ADDRESS.search(text))) and not _TELLS.search(text)
