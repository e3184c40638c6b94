"""How an encoder's scores for subjects a corpus does not touch differ from those it does.

The noise level in an encoder's entry (`models/NAME.toml`) is read off this: scores below it are what
queries get that have no answer. Run it again for another encoder or another correction:

    python bench/noise.py [NAME]

With texts of yours, one sentence a line (a file for each of some languages), it measures how the level rises with the
number of sentences, and whether languages share the first places by their numbers, corrected and not:

    python bench/noise.py NAME --texts zh=FILE en=FILE
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from corpus.encoders import load_encoder
from corpus.search.searcher import open_searcher, similar
from corpus.store.workspace import Workspace

# Subjects of newspapers and encyclopaedias that no seed mentions, invented for this measurement.
ABSENT = {
    "en": """penguin migration; football match; stock market crash; quantum physics; recipe for apple pie;
        the history of Rome; tourism in Thailand; jazz music; volcanic eruption; presidential election in France;
        heart surgery; dinosaur fossils; chess tournament; opera singer; wedding dress; airline tickets;
        coffee prices in Brazil; coral reef; ballet; divorce law; Olympic swimming; smartphone release; vaccine trial;
        space telescope; Gothic cathedral; wine tasting; bank robbery; refugee camp; solar eclipse; dog training;
        software bug; tax evasion; Shakespeare's sonnets; desert nomads; basketball coach; submarine cable;
        perfume; earthquake in Chile; kindergarten teacher; river pollution""",
    "zh": """企鹅迁徙; 足球比赛; 股市崩盘; 量子物理学; 苹果派的做法; 古罗马历史; 泰国旅游; 爵士乐; 火山爆发; 法国总统选举;
        心脏手术; 恐龙化石; 国际象棋锦标赛; 歌剧演员; 婚纱; 机票; 巴西咖啡价格; 珊瑚礁; 芭蕾舞; 离婚法; 奥运会游泳; 新款手机;
        疫苗试验; 太空望远镜; 哥特式教堂; 品酒; 银行抢劫案; 难民营; 日食; 训犬; 软件漏洞; 逃税; 莎士比亚十四行诗; 沙漠游牧民;
        篮球教练; 海底电缆; 香水; 智利地震; 幼儿园老师; 河流污染""",
}

# Subjects of the seeds.
PRESENT = {
    "en": """local industry; regional-industry factories; Kimhwa County; soap; ball bearings; paper mill;
        living standards of the people; flood damage; foodstuff factory; building materials; local raw materials;
        groundbreaking ceremony; consumer goods; balanced development of the economy; scientific and technological
        knowledge; total output value of industry; exhibition of new products; five-year plan; daily necessities;
        development of cities and counties; the army builds factories; modernization of production""",
    "zh": """地方工业; 地方工业工厂; 金化郡; 肥皂; 滚珠轴承; 造纸厂; 人民生活水平; 水灾; 食品工厂; 建筑材料; 当地原料; 奠基仪式;
        消费品; 经济均衡发展; 科学技术知识; 工业总产值; 新产品展览会; 五年计划; 日用品; 市郡的发展; 军队建设工厂; 生产现代化""",
}


def best_scores(workspace: Workspace, encoder_name: str, queries: str) -> list[tuple[float, str]]:
    """Return the score of the nearest passage for each query, best first."""
    encoder = load_encoder(encoder_name)
    found = []
    for query in (" ".join(item.split()) for item in queries.split(";")):
        best = similar(workspace, query, encoder=encoder, k=1, threshold=-1.0).best
        found.append((0.0 if best is None else best, query))
    return sorted(found, reverse=True)


def measure_levels(encoder: str) -> None:
    """Print quantiles of both kinds of query, and what each level would hide and let through."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / ".corpus")
        absent = {lang: best_scores(workspace, encoder, queries) for lang, queries in ABSENT.items()}
        present = {lang: best_scores(workspace, encoder, queries) for lang, queries in PRESENT.items()}
    for lang in ABSENT:
        scores = np.array([score for score, _ in absent[lang]])
        print(f"{encoder} {lang}: absent subjects, nearest passage: median {np.median(scores):.3f}, "
              f"95% {np.quantile(scores, 0.95):.3f}, most {scores.max():.3f}")  # fmt: skip
        print("   nearest of all:", ", ".join(f"{query} {score:.3f}" for score, query in absent[lang][:4]))
        print("   present, least:", ", ".join(f"{query} {score:.3f}" for score, query in present[lang][-6:]))
    print("level   absent subjects answered   present subjects answered")
    for level in np.arange(0.20, 0.34, 0.01):
        answered = [
            np.mean([score >= level for found in kind.values() for score, _ in found])
            for kind in (absent, present)
        ]
        print(f"{level:.2f}    {answered[0]:>24.0%}   {answered[1]:>25.0%}")
    print("results in the default mode, for absent subjects and present ones:", answered_by_default(encoder))


def answered_by_default(encoder_name: str) -> list[str]:
    """Return the share of both kinds of query that find anything in the seeds, as a user would ask."""
    with tempfile.TemporaryDirectory() as folder:
        searcher = open_searcher(Workspace(Path(folder) / ".corpus"), encoder=encoder_name)
        return [
            f"{np.mean([len(searcher.find(query).hits) > 0 for _, query in subjects(kind)]):.0%}"
            for kind in (ABSENT, PRESENT)
        ]


def subjects(kind: dict[str, str]) -> list[tuple[str, str]]:
    """Return queries with their languages."""
    return [(lang, " ".join(item.split())) for lang, queries in kind.items() for item in queries.split(";")]


def measure_texts(encoder_name: str, texts: dict[str, list[str]]) -> None:
    """Print how the best score of an absent subject grows, and how languages share the first ten places."""
    encoder = load_encoder(encoder_name)
    asked = subjects(ABSENT)
    random = np.random.default_rng(0)
    by_lang = {lang: encoder.encode(lines, lang=lang) for lang, lines in texts.items()}
    vectors = random.permutation(np.concatenate(list(by_lang.values())))
    queries = np.concatenate([encoder.encode([text], role="query", lang=lang) for lang, text in asked])
    scores = queries @ vectors.T
    for size in (30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000):
        if size <= len(vectors):
            parts = range(0, len(vectors) - size + 1, size)
            best = np.concatenate([scores[:, start : start + size].max(1) for start in parts])
            print(
                f"best of {size} sentences: median {np.median(best):.3f}, 95% {np.quantile(best, 0.95):.3f}"
            )
    least = min(map(len, texts.values()))
    for corrected in (False, True):
        pool = {
            lang: encoder.encode(lines[:least], lang=lang if corrected else None)
            for lang, lines in texts.items()
        }
        everything = np.concatenate(list(pool.values()))
        for lang in ABSENT:
            own = [text for code, text in asked + subjects(PRESENT) if code == lang]
            asking = encoder.encode(own, role="query", lang=lang if corrected else None)
            first = np.argsort(-(asking @ everything.T), axis=1)[:, :10] // least
            shares = {code: f"{np.mean(first == place):.0%}" for place, code in enumerate(pool)}
            print(
                f"{'corrected' if corrected else 'uncorrected'}, queries in {lang}: first ten by language {shares}"
            )


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("encoder", nargs="?", default="use")
    parser.add_argument("--texts", nargs="+", metavar="LANG=FILE")
    options = parser.parse_args()
    if options.texts is None:
        measure_levels(options.encoder)
        return
    named = (item.split("=", 1) for item in options.texts)
    texts = {lang: Path(file).read_text("utf-8").splitlines() for lang, file in named}
    measure_texts(
        options.encoder, {lang: [line for line in lines if line.strip()] for lang, lines in texts.items()}
    )


if __name__ == "__main__":
    main()
