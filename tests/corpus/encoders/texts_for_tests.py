"""Invented texts of many kinds."""

from __future__ import annotations

CHINESE = [
    "本报平壤电：地方工业局昨天召开会议。",
    "会议讨论了下半年的生产计划。",
    "到六月底，全省已建成三百二十座小型工厂，产量比去年同期增长百分之二十七点五。",
    "好！",
    "是的。",
    "“我们不怕困难，”一位老工人说，“困难怕我们。”",
    "是",
    "这些工厂利用当地的原料，生产纸张、酱油、布匹和农具，满足了居民的需要。",
    "（附图片）",
    "他惭愧地低下了头，满脸通红。",
    "啊？",
    "第二天早上，雨停了。",
]
ENGLISH = [
    "The bureau of local industry held a meeting in the capital yesterday.",
    "Yes.",
    "By the end of June the province had built 320 small factories, and output was up 27.5 percent on the year.",
    '"We do not fear difficulties," said an old worker.',
    "No!",
    "Go",
    "These plants use local raw materials to make paper, soy sauce, cloth and farm tools.",
    "(Photo attached)",
    "Well?",
    "Mr. Kim, who is 64, has worked at the mill since it opened in Feb. 1951.",
    "The rain stopped the next morning.",
]
GERMAN = [
    "Das Amt für örtliche Industrie hielt gestern in der Hauptstadt eine Sitzung ab.",
    "Ja.",
    "Bis Ende Juni hatte die Provinz 320 kleine Fabriken gebaut; die Erzeugung stieg um 27,5 Prozent.",
    "Wirklich?",
    "Nein",
    "Die Werke stellen aus heimischen Rohstoffen Papier, Sojasauce, Tuch und Ackergeräte her.",
    "Am nächsten Morgen hörte der Regen auf.",
]
OTHERS = [
    "지방공업국은 어제 수도에서 회의를 열었다.",
    "조선의 로동자들은 새 공장을 건설하였다.",
    "地方工業局は昨日、会議を開いた。",
    "Местная промышленность дала на 27,5 процента больше продукции.",
    "هطلت أمطار غزيرة على العاصمة أمس.",
    "הגשם פסק למחרת בבוקר.",
    "臺灣的報紙報導了這場會議，並刊登了照片。",
    "การประชุมจัดขึ้นเมื่อวานนี้",
    "Trời tạnh mưa vào sáng hôm sau.",
]
ODD = [
    "😀😀😀 👩‍👩‍👧 🇰🇵",
    "ＡＢＣ１２３　全角，半角",
    "①②③ ㋀ ﬁ ﬃ … —— 〇",
    "a\u0301e\u0308 \u200b\u200d\ufeff zero width",
    "惭愧惭愧 惭愧",
    "\ue000\ue001 private 𠀀𠀁𪚥",
    "tab\tand\nnewline  double   space ",
    "x" * 300,
    "123,456.789 2.6 27.5％ 1/3 −5°C",
    "…",
    "nul\0byte",
]
EMPTY = ["", " ", "\n\t ", "\u3000"]
VARIED = [*CHINESE, *ENGLISH, *GERMAN, *OTHERS, *ODD]
