"""What a page or a database prints around a text: how a line of it is told from the text itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.base.patterns import lazy_pattern
from corpus.text.agencies import agency_of
from corpus.text.dates import FULL_WIDTH, HAN_DAY, DateMention, han_number, only_dates, without_dates
from corpus.text.spans import width

LABELS = {
    "title": "Title|Headline|Subject|主题|标题|標題|题目|題目|제목",
    "author": "Author|Byline|作者|记者|記者",
    "date": "Date|Published|Publication date|日期|时间|發佈時間|发布时间|날짜",
    "page": "Page|版面|版次|页码",
    "source": "Source|Publisher|来源|來源|出处|출처",
    "editor": "Editor|责任编辑|責任編輯|编辑|編輯",
    "url": "URL|Link|链接|網址|网址",
    "column": "Column|Section|专栏|專欄|栏目|欄目",
    "text": "Text|正文",
}
_KEYS = "|".join(f"(?P<{key}>{names})" for key, names in LABELS.items())
# An equals sign is that of front matter in TOML.
LABEL = lazy_pattern(
    rf"(?P<label>{_KEYS})\s*(?:[:：]|=(?=\s*[\"'\d]))\s*(?P<value>.*)", re.IGNORECASE | re.DOTALL
)
# "[Text]" opens the text of a translation service's item, which is on the same line.
_BRACKETED = lazy_pattern(
    rf"[\[【](?P<label>{_KEYS})[\]】]\s*[:：]?\s*(?P<value>.*)", re.IGNORECASE | re.DOTALL
)

_NAME = lazy_pattern(r"[^，。、,.;；:：]{0,30}")
_CLOSE_BARS = lazy_pattern(r"\s*[|｜]\s*")
_NEXT_LABEL = lazy_pattern(
    rf"[ \u3000\t]+(?=(?:{LABELS['source']}|{LABELS['author']}|{LABELS['editor']})\s*[:：])"
)


def match_label(piece: str) -> re.Match[str] | None:
    """Match ``Label: value`` or ``[Label] value``; groups label, value, and the key in `LABELS`."""
    match = LABEL.fullmatch(piece) or _BRACKETED.fullmatch(piece)
    if match is None or (match["text"] and piece[0] in "[【"):
        return None
    # "编辑：这个职务十分重要，他说。" is a sentence.
    return None if match["editor"] and not _NAME.fullmatch(match["value"]) else match


def label_pieces(line: str) -> list[str]:
    """Cut a line of labels at its bars, or where the next label follows one without a bar.

    A bar without spaces around it, and a space, only count if all that they separate are labels, other
    than a title, and dates.
    """
    pieces = [piece.strip() for piece in line.split(" | ")]
    for cut in (_CLOSE_BARS, _NEXT_LABEL) if len(pieces) == 1 else ():
        found = [piece for piece in cut.split(line) if piece]
        if len(found) == 1:
            continue
        labels = [match_label(piece) for piece in found]
        said = all(label or only_dates(piece) for label, piece in zip(labels, found, strict=True))
        if said and not any(label["title"] or label["text"] for label in labels if label):
            return found
    return pieces


_PAGE_CODE = r"[A-H]\d{1,2}"
_PAGE = lazy_pattern(
    rf"第\s*(?P<zh>[A-Z]?\d+|{HAN_DAY})\s*版\s*(?:[(（].*[)）])?|(?<![\w.])(?P<zh2>[A-Z]?\d{{1,3}})版"
    r"|(?<![^\W\d_])(?:page|seite|стр\.|страница|p\.|s\.|с\.) ?(?P<word>[A-Z]?\d{1,4})(?![\w.])"
    r"|(?<![^\W\d_])(?:pages|pp\.) ?(?P<several>\d{1,4}\s?[-–]\s?\d{1,4})(?![\w.])"
    r"|(?:제\s?)?(?P<ko>[A-Z]?\d{1,3})\s?면(?!\w)"
    r"|(?<=^)[-–—]\s?(?P<dashes>\d{1,4})\s?[-–—](?=$)|(?<=^)(?-i:(?P<section>" + _PAGE_CODE + r"))(?=$)",
    re.IGNORECASE,
)
_ISSUE = lazy_pattern(
    r"(?:\bvol(?:ume|\.)? ?(?:\d+|[ivxlc]+),? ?)?\bno\. ?[\d,]+(?: ?\([\d,]+\))?(?!\w)"
    r"|\b(?:JPRS|FBIS)[- :]?[A-Z-]*[\d,/-]+"
    r"|[总總]?第\s?[\d一二三四五六七八九十百千〇零]+\s?[期号號]|제\s?\d+\s?호",
    re.IGNORECASE,
)
# Names of sections, as they are printed above a headline; a list of words that stand alone on a line.
_SECTION = lazy_pattern(
    r"(?:international|foreign|domestic|national|world|asia(?: pacific)?|local|provincial|economic|business)"
    r"(?: (?:news|affairs|section|desk))?|economy|politics|society|culture|sports?|opinion|editorials?"
    r"|(?:top|latest|breaking|home) (?:news|stories)|headlines"
    r"|(?:国际|國際|国内|國內|本市|地方|要闻|要聞|经济|經濟|社会|社會|文化|体育|體育|时事|時事)(?:新闻|新聞|版|要闻|要聞)?"
    r"|국제|정치|경제|사회|문화|(?:국제|국내)\s?소식|в мире|за рубежом|экономика|политика"
    r"|monde|politique|économie|politik|wirtschaft|ausland|inland",
    re.IGNORECASE,
)
RULE = lazy_pattern(r"<hr\s*/?>|[-=_*~—─]{3,}|(?:[*#·]\s*){3,}", re.IGNORECASE)
TAIL = lazy_pattern(
    r"(?:more from\b|more articles\b|related (?:articles|stories|news|content)\b|you may also like\b"
    r"|most read\b|recommended for you\b|相关新闻|相关阅读|相關新聞|相關閱讀|延伸阅读"
    r"|推荐阅读|更多新闻|관련기사).{0,60}",
    re.IGNORECASE,
)
_NOTICE = lazy_pattern(
    r"©\s*(?:[^\s。.]+\s){0,6}?\d{4}|\d{4}\s*©|\(c\)\s*\d{4}|\ball rights reserved\b\W*$"
    r"|^copyright\b\s*(?:by\b|\d{4}|:|notice)"
    # A name follows, and no sentence: "Copyright © was the subject of the debate."
    r"|^copyright\s*(?:\(c\)|©)\s*(?-i:[A-Z\u3400-\u9fff가-힣])[^.!?。]*\.?$"
    r"|(?:^|[\s，。|©])(?:版权所有|版權所有)(?=$|[\s:：，。|©\d])",
    re.IGNORECASE,
)
LINKS = lazy_pattern(
    r"read (?:the )?(?:original|full)\b.{0,40}|skip to (?:main )?content|advertisement"
    r"|share this article.{0,60}"
    r"|print this page|返回顶部|扫一扫.{0,30}|字号[:：].{0,40}"
    r"|[【\[]?字[体體号號]\s*[:：]?(?:\s*[大中小])+\s*[】\]]?|\d+ min(?:ute)?s? read|listen to this article"
    r"|(?:accept|reject|allow) (?:all|cookies|all cookies)|(?:cookie settings|manage (?:cookies|preferences))"
    r"|(?:【(?:打印|关闭|纠错|返回)】\s*)+"
    r"|[（(]?(?:责任)?编辑[:：]\s*[^，。,.\s）)]{1,8}[）)]?|分享到[:：]?.{0,30}",
    re.IGNORECASE,
)
END_MARK = lazy_pattern(r"\s*(?P<mark>-0-|-30-|\(END\)|（完）|\(끝\)|(?<=\s)Enditem|^Enditem)\s*$")
CLOSING = lazy_pattern(r"(?P<url>(?:https?://|www\.)\S+?)\s*(?:[(（](?P<rest>.*)[)）])?")
# A hyphen before a digit is a minus, a double one a dash; "——" opens speech or a signature in Chinese.
MARKUP = lazy_pattern(
    r"(?P<mark>#{1,6}\s+|(?:>\s+)+|\[\^[^\]\s]{1,20}\]:\s*"
    r"|(?:-(?![-\d])\s*|[*+]\s+)(?:\[[ xX]\]\s)?|[•■◆●▲]\s*)(?=\S)"
)

# A site speaks of itself at the beginning of the line, and asks for consent; a story quotes, or reports.
_COOKIES = lazy_pattern(
    r"(?:we(?: and our (?:\d+ )?partners)?|(?:this|our) (?:web)?site|by (?:continuing|using|clicking))\b"
    r"(?=[^\n]*\bcookies?\b)(?=[^\n]*(?:\baccept|\bconsent|\bagree\b|cookie (?:policy|settings|notice)"
    r"|\bcontinu|best (?:possible )?experience|(?:improve|enhance) your))[^\n\"“”]{0,500}"
    r"|(?:本网站|本站|我们)(?:会)?使用\s?cookies?[^\n“”]{0,200}",
    re.IGNORECASE,
)
_REPORTED = lazy_pattern(r"\b(?:said|says|told|wrote|asked)\b", re.IGNORECASE)
_CRUMB = r"\s*(?:>|›|»|→|＞|&gt;)\s*|\s+/\s+"
_BREADCRUMBS = lazy_pattern(
    r"(?:(?:您|你)?(?:当前|现在|所在)?(?:的)?位置\s*[:：]\s*|you are here\s*:\s*)?"
    rf"(?:home(?:page)?|首页|首頁|主页|главная|accueil|startseite|홈)(?:(?:{_CRUMB})[^.,;:!?。，；：！？>›»→＞/]{{1,40}})+",
    re.IGNORECASE,
)
_BUTTON = (
    r"facebook|twitter|whatsapp|linkedin|reddit|pinterest|telegram|weibo|wechat|instagram|youtube|вконтакте"
    r"|e-?mail|print|share|tweet|copy link|save|privacy(?: policy)?|cookie policy|terms(?: of use)?"
    r"|terms of service|terms (?:and|&) conditions|contact(?: us)?|about(?: us)?|site ?map|subscribe"
    r"|advertise(?: with us)?|newsletter|log ?in|sign (?:in|up)|register|help|faq|careers|微信|微博|新浪微博"
    r"|QQ空间|QQ|朋友圈|打印|收藏|关于我们|联系我们|网站地图|广告服务|法律声明|设为首页|加入收藏|카카오톡|페이스북|트위터|인쇄|공유"
)
_BUTTONS = lazy_pattern(rf"(?:{_BUTTON})(?:(?:\s*[|/·•]\s*|\s+)(?:{_BUTTON}))+", re.IGNORECASE)

_LONGEST_NOTICE = 120


@dataclass(frozen=True, slots=True)
class LineClass:
    """What a line is, by itself, besides text.

    Attributes
    ----------
    labelled
        A label, a page number or a bare date, as stand at the top of an item.
    notice
        A copyright notice, rather than a sentence about copyright.
    site
        A site's own: links, buttons, where one is on the site, what it asks of a reader.
    alone
        Any of these, a rule, an address or "More from": no part of a paragraph, however the lines around it
        are printed.
    """

    labelled: bool
    notice: bool
    site: bool
    alone: bool


def classify(line: str) -> LineClass:
    """Say what a line is. A line is looked at many times, so what is found of one is kept."""
    return _classified(line) if len(line) <= _LONGEST_KEPT else _classify(line)


_LONGEST_KEPT = 500


def _classify(line: str) -> LineClass:
    labelled = any(map(match_label, label_pieces(line))) or (
        width(line) <= _LONGEST_NOTICE and read_imprint(line) is not None
    )
    notice, site = _is_notice(line), _is_site_text(line)
    alone = labelled or notice or site or any(pattern.fullmatch(line) for pattern in (RULE, CLOSING, TAIL))
    return LineClass(labelled, notice, site, alone)


_classified = lru_cache(maxsize=20_000)(_classify)


def is_site_text(line: str) -> bool:
    """Whether a line is a site's own; see `LineClass`."""
    return classify(line).site


def is_notice(line: str) -> bool:
    """Whether a line is a copyright notice; see `LineClass`."""
    return classify(line).notice


def labels_header(line: str) -> bool:
    """Whether a line is a label, a page number or a bare date; see `LineClass`."""
    return classify(line).labelled


def stands_alone(line: str) -> bool:
    """Whether a line is no part of a paragraph; see `LineClass`."""
    return classify(line).alone


def _is_site_text(line: str) -> bool:
    if any(pattern.fullmatch(line) for pattern in (LINKS, _BREADCRUMBS, _BUTTONS)):
        return True
    return _COOKIES.fullmatch(line) is not None and _REPORTED.search(line) is None


def is_section(line: str) -> bool:
    """Whether a line is the name of a newspaper's section, and nothing else."""
    return _SECTION.fullmatch(line) is not None


def _is_notice(line: str) -> bool:
    return width(line) <= _LONGEST_NOTICE and _NOTICE.search(line) is not None


_NUMBERED = lazy_pattern(r"[\d第年년]")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a line says that consists of dates, page numbers and names of agencies only."""

    dates: tuple[DateMention, ...]
    page: str | None
    source: str | None


def read_imprint(line: str) -> Imprint | None:
    """Read a line such as ``《人民日报》1958年11月2日第4版``, ``Page 3`` or ``A4``, None if it says more.

    The number of an issue may stand in it, and a newspaper's name.
    """
    if len(line) > _LONGEST_NOTICE or _NUMBERED.search(line) is None:
        return None  # most lines: it is quickly seen
    rest, mentions = without_dates(line.translate(FULL_WIDTH))
    page = _PAGE.search(rest.strip())
    rest = _ISSUE.sub(" ", _PAGE.sub(" ", rest.strip(), count=1))
    if not mentions and page is None:
        return None
    source = agency_of(rest)
    if source is None and any(map(str.isalnum, rest)):
        return None
    return Imprint(tuple(mentions), None if page is None else _page_number(page), source)


def _page_number(page: re.Match[str]) -> str:
    written = next(
        page[name] for name in ("zh", "zh2", "word", "several", "ko", "dashes", "section") if page[name]
    )
    if page["han_day"]:
        return str(han_number(written))
    return re.sub(r"\s", "", written).replace("–", "-").upper()


def is_page_code(line: str) -> bool:
    """Whether a line is a page's number such as ``A4``, and nothing else; or a headline such as "B52"."""
    return re.fullmatch(_PAGE_CODE, line.translate(FULL_WIDTH).strip()) is not None


def is_issue(line: str) -> bool:
    """Whether a line is the number of an issue, and nothing else."""
    return _ISSUE.fullmatch(line.strip(" .,")) is not None
