"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;
  const main = byId("texts");
  const query = byId("query"), documents = byId("document"), least = byId("least"), flagged = byId("flagged");
  const shaded = byId("shaded"), theme = byId("theme"), status = byId("status"), panel = byId("filters");
  const opener = byId("filters-button");
  const sections = [...main.querySelectorAll("section")];
  const beads = [...main.querySelectorAll(".bead")];
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
  let texts = null;  // made when something is first looked for
  let current = null;

  for (const section of sections) {
    const option = document.createElement("option");
    option.value = section.id;
    option.textContent = section.dataset.name;
    documents.append(option);
  }

  // Codes of languages as words; a browser knows them.
  const tongues = new Intl.DisplayNames(["en"], { type: "language" });
  for (const code of main.querySelectorAll(".tongue")) {
    try { code.textContent = tongues.of(code.textContent) ?? code.textContent; } catch { /* no code: as it is */ }
  }

  // One number is in the order of tabs; arrow keys go on from there.
  const links = beads.map((bead) => bead.querySelector(".num a"));
  links.forEach((link, at) => { link.tabIndex = at ? -1 : 0; });
  const rove = (bead) => {
    if (!bead) return;
    const before = current ?? beads.find((one) => one.querySelector(".num a").tabIndex === 0);
    if (before) before.querySelector(".num a").tabIndex = -1;
    bead.querySelector(".num a").tabIndex = 0;
    current = bead;
  };
  const beside = (bead, by) => {
    for (let at = beads.indexOf(bead) + by; at >= 0 && at < beads.length; at += by)
      if (!beads[at].hidden) return beads[at];
    return null;
  };
  const light = (bead) => {
    for (const lit of main.querySelectorAll(".bead.on")) if (lit !== bead) lit.classList.remove("on");
    if (bead) bead.classList.toggle("on");
  };

  main.addEventListener("keydown", (event) => {
    const bead = event.target.closest(".num a")?.closest(".bead");
    if (!bead || event.ctrlKey || event.metaKey || event.altKey) return;
    const shown = () => beads.filter((one) => !one.hidden);
    const next = {
      ArrowDown: () => beside(bead, 1), ArrowUp: () => beside(bead, -1),
      Home: () => shown()[0], End: () => shown().at(-1),
    }[event.key]?.();
    if (!next) return;
    event.preventDefault();
    rove(next);
    next.querySelector(".num a").focus();
  });
  main.addEventListener("focusin", (event) => rove(event.target.closest(".bead")));
  main.addEventListener("click", (event) => {
    if (event.target.closest("a") || String(getSelection())) return;  // text that is marked is to be copied
    light(event.target.closest(".bead"));
  });

  const mark = (words) => {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("hit");
    if (!words.length) return;
    const ranges = [];
    for (const bead of beads) {
      if (bead.hidden || ranges.length > 5000) continue;
      const walker = document.createTreeWalker(bead, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.parentElement.closest(".src, .tgt")) continue;
        const text = node.data.toLowerCase();
        if (text.length !== node.data.length) continue;  // places would not be those of the text
        for (const word of words)
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            const range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            ranges.push(range);
          }
      }
    }
    if (ranges.length) CSS.highlights.set("hit", new Highlight(...ranges));
  };

  const apply = () => {
    const words = fold(query.value).split(" ").filter(Boolean);
    const limit = Number(least.value);
    if (words.length && texts === null)
      texts = beads.map((bead) => fold([...bead.querySelectorAll(".src, .tgt")].map((p) => p.textContent).join("\n")));
    let shown = 0;
    beads.forEach((bead, at) => {
      const section = bead.closest("section");
      const fits = (!documents.value || section.id === documents.value)
        && (limit === 0 || Number(bead.dataset.score) >= limit)
        && (!flagged.checked || bead.classList.contains("flagged"))
        && words.every((word) => texts[at].includes(word));
      bead.hidden = !fits;
      shown += fits;
    });
    for (const section of sections) section.hidden = !section.querySelector(".bead:not([hidden])");
    mark(words);
    const filtered = shown < beads.length;
    status.textContent = filtered ? `${shown} of ${beads.length} pairs` + (shown ? "" : ": nothing fits") : "";
    byId("least-shown").textContent = limit ? limit.toFixed(2) : "0";
    const tab = beads.find((one) => !one.hidden);
    if (tab && (!current || current.hidden)) rove(tab);
  };
  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); };
  const clear = () => {
    query.value = documents.value = "";
    least.value = 0;
    flagged.checked = false;
    apply();
    current?.scrollIntoView({ block: "center" });
  };
  query.addEventListener("input", soon);
  query.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });
  for (const field of [documents, least, flagged]) field.addEventListener("input", soon);
  byId("clear").addEventListener("click", () => { clear(); query.focus(); });
  opener.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    opener.setAttribute("aria-expanded", String(!panel.hidden));
  });
  shaded.addEventListener("input", () => main.classList.toggle("shade", shaded.checked));
  theme.addEventListener("input", () => {
    if (theme.value) root.dataset.theme = theme.value; else delete root.dataset.theme;
  });
  main.classList.add("shade");

  // A link to a pair shows it, whatever is filtered.
  const go = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.matches(".bead, section")) return;
    if (target.hidden || target.closest("section").hidden) { clear(); }
    if (target.matches(".bead")) rove(target);
    target.scrollIntoView({ block: target.matches(".bead") ? "center" : "start" });
  };
  addEventListener("hashchange", go);
  go();
})();
