"""What a page or a database prints around a text: how a line of it is told from the text itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.agencies import agency_of
from corpus.dates import DateMention, without_dates
from corpus.lines import width

LABELS = {
    "title": "Title|Headline|标题|標題|题目|題目|제목",
    "author": "Author|Byline|作者|记者|記者",
    "date": "Date|Published|Publication date|日期|时间|發佈時間|发布时间|날짜",
    "page": "Page|版面|版次|页码",
    "source": "Source|Publisher|来源|來源|出处|출처",
    "url": "URL|Link|链接|網址|网址",
    "column": "Column|Section|专栏|專欄|栏目|欄目",
    "text": "Text|正文",
}
LABEL = re.compile(
    r"(?P<label>"
    + "|".join(f"(?P<{key}>{names})" for key, names in LABELS.items())
    + r")\s*[:：]\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_PAGE = re.compile(r"第\s*(?P<page>\d+)\s*版\s*(?:[(（].*[)）])?")
RULE = re.compile(r"<hr\s*/?>|[-=_*~—─]{3,}|(?:[*#·]\s*){3,}", re.IGNORECASE)
TAIL = re.compile(
    r"(?:more from\b|more articles\b|related (?:articles|stories|news|content)\b|you may also like\b"
    r"|most read\b|recommended for you\b|相关新闻|相关阅读|相關新聞|相關閱讀|延伸阅读"
    r"|推荐阅读|更多新闻|관련기사).{0,60}",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"©\s*(?:[^\s。.]+\s){0,6}?\d{4}|\d{4}\s*©|\(c\)\s*\d{4}|\ball rights reserved\b\W*$"
    r"|^copyright\b\s*(?:by\b|\d{4}|:|notice)|(?:^|[\s，。|©])(?:版权所有|版權所有)(?=$|[\s:：，。|©\d])",
    re.IGNORECASE,
)
LINKS = re.compile(
    r"read (?:the )?(?:original|full)\b.{0,40}|skip to (?:main )?content|advertisement"
    r"|share this article.{0,60}"
    r"|print this page|返回顶部|扫一扫.{0,30}|字号[:：].{0,40}"
    r"|(?:【(?:打印|关闭|纠错|返回)】\s*)+"
    r"|[（(]?(?:责任)?编辑[:：]\s*[^，。,.\s）)]{1,8}[）)]?|分享到[:：]?.{0,30}",
    re.IGNORECASE,
)
END_MARK = re.compile(r"\s*(?P<mark>-0-|-30-|\(END\)|（完）|\(끝\)|(?<=\s)Enditem|^Enditem)\s*$")
CLOSING = re.compile(r"(?P<url>(?:https?://|www\.)\S+?)\s*(?:[(（](?P<rest>.*)[)）])?")
# A hyphen before a digit is a minus, a double one a dash; "——" opens speech or a signature in Chinese.
MARKUP = re.compile(r"(?P<mark>#{1,6}\s+|-(?![-\d])\s*|\*\s+|[•■◆●▲]\s*)(?=\S)")

_LONGEST_NOTICE = 120


def is_notice(line: str) -> bool:
    """Whether a line is a copyright notice, rather than a sentence about copyright."""
    return _NOTICE.search(line) is not None and width(line) <= _LONGEST_NOTICE


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a line says that consists of dates, page numbers and names of agencies only."""

    dates: tuple[DateMention, ...]
    page: str | None
    source: str | None


def read_imprint(line: str) -> Imprint | None:
    """Read a line such as ``《人民日报》1958年11月2日第4版`` or ``第5版()``, None if it says more."""
    rest, mentions = without_dates(line)
    page = _PAGE.search(rest)
    if page is not None:
        rest = rest[: page.start()] + rest[page.end() :]
    if not mentions and page is None:
        return None
    source = agency_of(rest)
    if source is None and any(map(str.isalnum, rest)):
        return None
    return Imprint(tuple(mentions), page["page"] if page else None, source)


def labels_header(line: str) -> bool:
    """Whether a line is a label, a page number or a bare date, as stand at the top of an item."""
    labelled = any(LABEL.fullmatch(piece.strip()) for piece in line.split(" | "))
    return labelled or (width(line) <= _LONGEST_NOTICE and read_imprint(line) is not None)


def stands_alone(line: str) -> bool:
    """Whether a line is no part of a paragraph, however the lines around it are printed."""
    return (
        labels_header(line)
        or is_notice(line)
        or any(pattern.fullmatch(line) for pattern in (RULE, LINKS, CLOSING, TAIL))
    )
