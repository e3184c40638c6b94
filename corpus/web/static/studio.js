/* What the pages do beyond what a server can: nothing here decides anything about texts. */
"use strict";
(() => {
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  /* Jobs: progress as it is sent; a page that waits for a job is fetched again when that is over. */
  const follow = () => {
    const bar = document.getElementById("jobs");
    const waiting = () => all("[data-reload-on]");
    let last = null;
    const source = new EventSource("/jobs/events");
    source.onmessage = (event) => {
      const jobs = JSON.parse(event.data);
      const active = jobs.filter((job) => ["queued", "running"].includes(job.state));
      for (const job of jobs) {
        for (const place of all(`[data-job="${job.number}"]`)) {
          const progress = place.querySelector("progress"), task = place.querySelector(".task");
          if (job.total) { progress.max = job.total; progress.value = job.done; } else { progress.removeAttribute("value"); }
          if (job.task) task.textContent = job.task + (job.total ? ` ${job.done}/${job.total}` : "");
        }
      }
      const over = waiting().find((place) => !active.some((job) => String(job.number) === place.dataset.reloadOn));
      if (over) { source.close(); location.reload(); return; }
      if (active.length === 0) { for (const job of all(".job", bar)) job.remove(); }
      if (last !== null && last > 0 && active.length === 0 && !waiting().length) source.close();
      last = active.length;
    };
    addEventListener("pagehide", () => source.close());
  };
  if (document.querySelector("[data-job], [data-reload-on]")) follow();

  /* Files that are dropped or chosen. */
  for (const place of all(".drop")) {
    const input = place.querySelector("input"), told = place.querySelector(".chosen");
    const tell = () => { told.textContent = [...input.files].slice(0, 6).map((file) => file.name).join(", ") + (input.files.length > 6 ? ` … (${input.files.length})` : ""); };
    input.addEventListener("change", tell);
    for (const name of ["dragenter", "dragover"]) place.addEventListener(name, (event) => { event.preventDefault(); place.classList.add("over"); });
    for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => { event.preventDefault(); input.files = event.dataTransfer.files; tell(); });
  }

  /* Copying, and going back. */
  const copied = async (element, text) => {
    try { await navigator.clipboard.writeText(text); } catch { return; }
    const before = element.textContent;
    element.textContent = element.dataset.copied;
    setTimeout(() => { element.textContent = before; }, 1500);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]"), link = event.target.closest("[data-copy-link]"), back = event.target.closest("[data-back]");
    if (button) copied(button, document.getElementById(button.dataset.copy).textContent);
    if (link && navigator.clipboard) { event.preventDefault(); copied(link, link.href); }
    if (back && history.length > 1) { event.preventDefault(); history.back(); }
  });

  /* Review: a key each. */
  for (const input of all("[data-keep]")) {
    try {
      input.value = sessionStorage.getItem(input.dataset.keep) || "";
      input.addEventListener("change", () => sessionStorage.setItem(input.dataset.keep, input.value));
    } catch { /* a browser that keeps nothing */ }
  }
  let sent = false;
  document.addEventListener("keydown", (event) => {
    const form = document.getElementById("judge");
    if (!form || sent || event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
    const button = all("button[data-key]", form).find((one) => one.dataset.key === event.key.toLowerCase());
    if (button) { event.preventDefault(); sent = true; form.requestSubmit(button); }
  });

  /* Beads: up and down from one to the next; words in a bead, with a card that says what they mean. */
  const card = document.getElementById("card");
  const segmenters = new Map();
  const wordsOf = (lang, text) => {
    if (!("Segmenter" in Intl)) return null;
    if (!segmenters.has(lang)) {
      let made;
      try { made = new Intl.Segmenter(lang || "en", { granularity: "word" }); } catch { made = new Intl.Segmenter("en", { granularity: "word" }); }
      segmenters.set(lang, made);
    }
    return [...segmenters.get(lang).segment(text)];
  };
  const cut = (bead) => {
    if (bead.dataset.cut) return;
    bead.dataset.cut = "1";
    for (const sentence of all(".sentence", bead)) {
      const parts = wordsOf(sentence.closest("[lang]").lang, sentence.textContent);
      if (!parts) return;
      sentence.replaceChildren(...parts.map((part) => {
        if (!part.isWordLike) return document.createTextNode(part.segment);
        const word = document.createElement("span");
        word.className = "word";
        word.textContent = part.segment;
        return word;
      }));
    }
  };
  let hovering = 0;
  const close = () => { if (card) card.hidden = true; for (const one of all(".word.at")) one.classList.remove("at"); };
  const open = async (word, focus) => {
    const lang = word.closest("[lang]").lang, text = word.textContent;
    for (const one of all(".word.at")) one.classList.remove("at");
    word.classList.add("at");
    const heading = document.createElement("h2");
    heading.lang = lang;
    heading.textContent = text;
    const body = document.createElement("div"), links = document.createElement("nav");
    const link = (href, label) => { const made = document.createElement("a"); made.href = href; made.textContent = label; links.append(made); return made; };
    const first = link(`/concordance?${new URLSearchParams({ pattern: text, lang })}`, card.dataset.concordance);
    link(`/search?${new URLSearchParams({ q: text })}`, card.dataset.search);
    const shut = document.createElement("button");
    shut.textContent = card.dataset.close;
    shut.addEventListener("click", () => { close(); word.closest(".bead").focus(); });
    links.append(shut);
    card.replaceChildren(heading, body, links);
    card.hidden = false;
    const box = word.getBoundingClientRect(), wide = card.offsetWidth;
    const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - wide - 8));
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${box.bottom + scrollY + 6}px`;
    if (focus) first.focus();
    const response = await fetch(`/gloss?${new URLSearchParams({ word: text, lang })}`, { headers: { "HX-Request": "true" } });
    if (response.ok && heading.textContent === card.querySelector("h2").textContent) {
      body.replaceChildren(...new DOMParser().parseFromString(await response.text(), "text/html").body.childNodes);
    }
  };
  if (card) {
    const beads = document.querySelector("[data-words]");
    const there = (event) => event.target.closest && event.target.closest(".bead");
    beads.addEventListener("pointerover", (event) => {
      const bead = there(event);
      if (bead) cut(bead);
      clearTimeout(hovering);
      const word = event.target.closest(".word");
      if (word && event.pointerType === "mouse") hovering = setTimeout(() => open(word, false), 550);
    });
    beads.addEventListener("pointerleave", () => clearTimeout(hovering));
    beads.addEventListener("focusin", (event) => { const bead = there(event); if (bead) cut(bead); });
    beads.addEventListener("click", (event) => {
      const bead = there(event);
      if (!bead || event.target.closest("a, button")) return;
      cut(bead);
      for (const one of all(".bead.lit")) one.classList.remove("lit");
      bead.classList.add("lit");
      const word = event.target.closest(".word");
      if (word && getSelection().isCollapsed) open(word, false);
    });
    document.addEventListener("click", (event) => { if (!event.target.closest(".card, [data-words]")) close(); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !card.hidden) { const bead = document.querySelector(".word.at")?.closest(".bead"); close(); if (bead) bead.focus(); } });
  }
  document.addEventListener("keydown", (event) => {
    const bead = event.target.closest && event.target.closest(".bead[tabindex]");
    if (!bead || event.ctrlKey || event.metaKey || event.altKey || event.target !== bead) return;
    const near = (step) => { let other = bead; do { other = step > 0 ? other.nextElementSibling : other.previousElementSibling; } while (other && !other.matches(".bead")); return other; };
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const other = near(event.key === "ArrowDown" ? 1 : -1);
      if (other) { event.preventDefault(); other.focus(); }
    } else if (card && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      const words = all(".word", bead), at = words.findIndex((word) => word.classList.contains("at"));
      if (!words.length) return;
      event.preventDefault();
      const next = words[Math.max(0, Math.min(words.length - 1, at + (event.key === "ArrowRight" ? 1 : -1)))];
      for (const word of all(".word.at")) word.classList.remove("at");
      next.classList.add("at");
    } else if (card && event.key === "Enter") {
      const word = bead.querySelector(".word.at");
      if (word) { event.preventDefault(); open(word, true); }
    }
  });
  const here = document.querySelector(".sentence.here");
  if (here) here.scrollIntoView({ block: "center" });
})();
