// A paper beside its pieces: walked and decided by keyboard, filtered, counted; a click on one side shows the other.
(function () {
  "use strict";
  const box = document.querySelector("[data-review]");
  const bar = document.querySelector("[data-bar]");
  if (!box || !bar) return;
  let current = null;
  let filter = "all";

  const all = () => Array.from(box.querySelectorAll("[data-card]"));
  const shown = () => all().filter((card) => !card.hidden);
  const isPending = (card) => card.dataset.group === "pending";
  const matches = {
    all: () => true,
    pending: isPending,
    taken: (card) => card.dataset.group === "taken",
    refused: (card) => card.dataset.group === "refused",
    periodic: (card) => card.dataset.rhythm !== "",
    fund: (card) => card.dataset.kind === "fund",
    changed: (card) => ["new", "changed"].includes(card.dataset.change),
  };

  // ---- counts and filter
  function count() {
    const cards = all();
    const whole = cards.filter((card) => card.dataset.group !== "merged");
    const left = whole.filter(isPending).length;
    bar.querySelector("[data-seen]").textContent = String(whole.length - left);
    bar.querySelector("[data-progress]").value = whole.length - left;
    const next = bar.querySelector("[data-next]");
    if (next) next.disabled = left === 0;
    bar.querySelectorAll("[data-filter]").forEach((button) => {
      button.querySelector("[data-count]").textContent = String(cards.filter(matches[button.dataset.filter]).length);
      button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
    });
    box.querySelectorAll("[data-section]").forEach((section) => {
      const own = Array.from(section.querySelectorAll("[data-card]"));
      const bulk = section.querySelector("[data-bulk]");
      const unseen = own.filter(isPending).length;
      section.hidden = own.every((card) => card.hidden);
      if (!bulk) return;
      bulk.hidden = unseen < 2;
      bulk.querySelector("[data-left]").textContent = String(unseen);
    });
    box.querySelector("[data-none]").hidden = shown().length > 0 || !cards.length;
  }
  function choose(wanted) {
    filter = matches[wanted] ? wanted : "all";
    all().forEach((card) => {
      card.hidden = !matches[filter](card);
    });
    count();
    try {
      sessionStorage.setItem("review" + location.pathname, filter);
    } catch (error) {
      return; // the filter is a convenience
    }
  }

  // ---- where one is
  function markAt(offset) {
    return Array.from(box.querySelectorAll("[data-at]")).find((one) => {
      const start = Number(one.dataset.at);
      return start <= offset && offset < start + one.textContent.length;
    });
  }
  function light(marks) {
    box.querySelectorAll(".is-shown").forEach((one) => one.classList.remove("is-shown"));
    marks.forEach((one) => one.classList.add("is-shown"));
    if (marks.length) bring(marks[0]);
  }
  // the column of the paper moves, never the page: the pieces stay where they are
  function bring(mark) {
    const column = [box.querySelector(".review-paper"), box.querySelector(".review-left")].find(
      (one) => one.scrollHeight > one.clientHeight + 4 && getComputedStyle(one).overflowY === "auto"
    );
    if (!column) return;
    const place = mark.getBoundingClientRect();
    const frame = column.getBoundingClientRect();
    if (place.top < frame.top || place.bottom > frame.bottom) column.scrollTop += place.top - frame.top - frame.height / 4;
  }
  function show(card) {
    if (!card) return;
    card.hidden = false;
    all().forEach((each) => each.classList.toggle("is-current", each === card));
    current = card.id;
    let marks = Array.from(box.querySelectorAll('.mark[data-piece="' + card.id.slice(6) + '"]'));
    if (!marks.length && card.dataset.start !== "") marks = [markAt(Number(card.dataset.start))].filter(Boolean);
    light(marks);
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }
  const at = () => document.getElementById(current);
  function step(by) {
    const cards = shown();
    const place = cards.indexOf(at());
    show(cards[Math.min(cards.length - 1, Math.max(0, place + by))]);
  }
  function nextUnseen(from) {
    const cards = all();
    const place = cards.indexOf(from);
    return cards.slice(place + 1).concat(cards.slice(0, place + 1)).find(isPending);
  }

  // ---- the keyboard
  const DECIDE = "axemu";
  document.addEventListener("keydown", (event) => {
    const editor = event.target.closest("[data-edit]");
    if (editor && event.key === "Enter" && (event.ctrlKey || event.metaKey)) editor.requestSubmit();
    else if (editor && event.key === "Escape") editor.querySelector("[data-cancel]").click();
    else if (event.target.closest("[data-split] textarea") && event.key === "Enter") cut(event.target.form);
    else if (event.target.closest("[data-split]") && event.key === "Escape") show(event.target.closest("[data-card]"));
    else if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    else if (!press(event.key)) return;
    event.preventDefault();
  });
  function press(key) {
    if (document.querySelector("dialog[open]")) return false;
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "n") show(nextUnseen(at()));
    else if (key === "f") choose(filter === "pending" ? "all" : "pending");
    else if (key === "b") take();
    else if (key === "s") openSplit();
    else if (DECIDE.includes(key)) {
      const button = at() && at().querySelector('[data-key="' + key + '"]');
      if (button) button.click();
    } else return false;
    return true;
  }

  // ---- split where the cursor stands
  function openSplit() {
    const more = at() && at().querySelector(".piece-more");
    if (!more) return;
    more.open = true;
    const text = more.querySelector("textarea");
    text.focus({ preventScroll: true });
    text.setSelectionRange(0, 0);
    more.scrollIntoView({ block: "nearest" });
  }
  function cut(form) {
    const text = form.elements.text;
    if (!text.value.includes("｜｜")) text.setRangeText("｜｜", text.selectionStart, text.selectionStart);
    form.submit();
  }
  box.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-split]")) return;
    event.preventDefault();
    cut(event.target);
  });

  // ---- what the reader missed: the marked words of the paper become a piece
  const taker = box.querySelector("[data-take]");
  function selected() {
    const picked = document.getSelection();
    if (!taker || !picked.rangeCount || picked.isCollapsed) return null;
    const range = picked.getRangeAt(0);
    const ends = [
      [range.startContainer, range.startOffset],
      [range.endContainer, range.endOffset],
    ].map(([node, offset]) => {
      const holder = node.parentElement && node.parentElement.closest(".review-paper [data-at]");
      return holder && node.nodeType === Node.TEXT_NODE ? Number(holder.dataset.at) + offset : null;
    });
    return { text: picked.toString().trim(), start: ends[0], end: ends[1], isIn: Boolean(range.startContainer.parentElement.closest(".review-paper")) };
  }
  function take() {
    const found = selected();
    const form = box.querySelector("[data-add]");
    if (!found || !found.isIn || !found.text || !form) return;
    form.elements.text.value = found.text;
    form.elements.start.value = found.start === null ? "" : found.start;
    form.elements.end.value = found.end === null ? "" : found.end;
    form.scrollIntoView({ block: "center" });
    form.elements.text.focus();
  }
  if (taker) {
    document.addEventListener("selectionchange", () => {
      const found = selected();
      taker.hidden = !(found && found.isIn && found.text);
    });
    taker.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
    taker.addEventListener("click", take);
  }

  // ---- the mouse
  box.addEventListener("click", (event) => {
    const mark = event.target.closest(".mark");
    const jump = event.target.closest("[data-jump]");
    const card = event.target.closest("[data-card]");
    if (mark) {
      event.preventDefault();
      if (document.getSelection().isCollapsed) show(document.getElementById("piece-" + mark.dataset.piece));
    } else if (jump) light([markAt(Number(jump.dataset.jump))].filter(Boolean));
    else if (card && card.id !== current && !event.target.closest("a, button, input, textarea, select, summary, label")) show(card);
  });
  bar.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-filter]");
    if (chosen) choose(chosen.dataset.filter);
    else if (event.target.closest("[data-next]")) show(nextUnseen(at()));
  });

  // a card that was decided or opened for correction is replaced by a new one, which is loaded
  document.addEventListener("htmx:load", (event) => {
    const fresh = event.detail.elt;
    if (!fresh.matches || !fresh.matches("[data-card]")) return;
    const state = (fresh.className.match(/is-(accepted|refused|pending|corrected|added)/) || [])[1];
    box.querySelectorAll('.mark[data-piece="' + fresh.id.slice(6) + '"]').forEach((mark) => {
      mark.className = "mark is-" + state;
    });
    choose(filter);
    const editor = fresh.querySelector("[data-edit] textarea");
    if (editor) {
      show(fresh);
      editor.focus({ preventScroll: true });
    } else show(isPending(fresh) ? fresh : nextUnseen(fresh) || fresh);
  });

  try {
    filter = sessionStorage.getItem("review" + location.pathname) || "all";
  } catch (error) {
    filter = "all";
  }
  choose(filter);
  const named = location.hash.startsWith("#piece-") && document.getElementById(location.hash.slice(1));
  const asked = new URLSearchParams(location.search).get("at");
  if (asked && /^\d{1,8}$/.test(asked)) light([markAt(Number(asked))].filter(Boolean));
  if (named) {
    show(named);
    const editor = named.querySelector("[data-edit] textarea");
    if (editor) editor.focus();
  }
})();
