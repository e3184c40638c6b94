"""An invented chronicle of a village, in Chinese and English: as many sentences as a test needs, all different."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

WHEN = (
    ("春天", "in spring"),
    ("第二天早上", "the next morning"),
    ("下雪那天", "on the day of the snow"),
    ("过了很久", "after a long time"),
    ("天黑以前", "before dark"),
    ("集市散了以后", "after the market"),
    ("夏至那天", "at midsummer"),
    ("半夜里", "in the middle of the night"),
)
WHO = (
    ("老木匠", "the old carpenter"),
    ("邮递员", "the postman"),
    ("渔民们", "the fishermen"),
    ("女校长", "the headmistress"),
    ("两个士兵", "two soldiers"),
    ("药铺老板", "the owner of the pharmacy"),
    ("我的祖母", "my grandmother"),
    ("铁匠的儿子", "the blacksmith's son"),
    ("县长", "the county magistrate"),
    ("一个外国记者", "a foreign reporter"),
    ("摆渡人", "the ferryman"),
    ("孩子们", "the children"),
)
WHAT = (
    ("修好了河上的桥", "repaired the bridge over the river"),
    ("卖掉了一匹马", "sold a horse"),
    ("在墙上写了一首诗", "wrote a poem on the wall"),
    ("找到了丢失的钥匙", "found the lost key"),
    ("煮了一大锅鱼汤", "cooked a big pot of fish soup"),
    ("烧掉了所有的信", "burnt all the letters"),
    ("在广场上种了三棵苹果树", "planted three apple trees in the square"),
    ("把钟挂在庙门上", "hung a clock on the temple gate"),
    ("听见远处的炮声", "heard gunfire in the distance"),
    ("梦见了大海", "dreamt of the sea"),
    ("给医生送去一篮鸡蛋", "brought the doctor a basket of eggs"),
    ("和收税的人吵了一架", "quarrelled with the tax collector"),
    ("从井里捞出一把剑", "pulled a sword out of the well"),
    ("学会了骑自行车", "learnt to ride a bicycle"),
)
WHY = (
    ("因为雨下了三个星期", "because it had rained for three weeks"),
    ("谁也不知道为什么", "and nobody knew why"),
    ("虽然父亲不同意", "although father was against it"),
    ("好让病人高兴", "to please the sick man"),
    ("因为粮食已经吃完了", "because the grain had run out"),
    ("就像报纸上说的那样", "just as the newspaper had said"),
    ("后来又后悔了", "and regretted it later"),
    ("这是一件新鲜事", "which was something new"),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, in both languages."""

    zh: str
    en: str

    def zh_joined(self, *others: Event) -> str:
        """This event and others as one Chinese sentence."""
        return "；".join(event.zh.rstrip("。") for event in (self, *others)) + "。"

    def en_joined(self, *others: Event) -> str:
        """This event and others as one English sentence."""
        rest = [f"{event.en[0].lower()}{event.en[1:]}".rstrip(".") for event in others]
        return "; ".join([self.en.rstrip("."), *rest]) + "."


def chronicle(n: int, seed: int, part: slice = slice(None)) -> list[Event]:
    """Draw n different events (at most 10,752), made of a part of each list: two parts have nothing in common."""
    every = list(product(WHEN[part], WHO[part], WHAT[part], WHY[part]))
    drawn = np.random.default_rng(seed).permutation(len(every))[:n]
    return [_event(*every[k]) for k in drawn.tolist()]


def _event(when: tuple[str, ...], who: tuple[str, ...], what: tuple[str, ...], why: tuple[str, ...]) -> Event:
    english = f"{when[1]}, {who[1]} {what[1]}, {why[1]}."
    return Event(f"{when[0]}，{who[0]}{what[0]}，{why[0]}。", english[0].upper() + english[1:])
