// Walk through the pieces by keyboard: j and k move, a and x decide, e opens; a click on a mark shows its piece.
(function () {
  "use strict";
  const box = document.querySelector("[data-review]");
  if (!box) return;
  let current = null;

  const cards = () => Array.from(box.querySelectorAll("[data-card]"));

  function show(card) {
    if (!card) return;
    cards().forEach((each) => each.classList.toggle("is-current", each === card));
    box.querySelectorAll(".mark").forEach((mark) => {
      const is = card.id === "piece-" + mark.dataset.piece;
      mark.classList.toggle("is-shown", is);
    });
    current = card.id;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
    const mark = box.querySelector(".mark.is-shown");
    if (mark) mark.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = cards();
    const at = all.findIndex((card) => card.id === current);
    show(all[Math.min(all.length - 1, Math.max(0, at + by))]);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if ("axe".includes(event.key) && current) {
      const card = document.getElementById(current);
      const button = card && card.querySelector('[data-key="' + event.key + '"]');
      if (!button) return;
      button.click();
    } else return;
    event.preventDefault();
  });

  box.addEventListener("click", (event) => {
    const mark = event.target.closest(".mark");
    if (!mark) return;
    event.preventDefault();
    show(document.getElementById("piece-" + mark.dataset.piece));
  });

  // the card that was decided is replaced by a new one, which is loaded
  document.addEventListener("htmx:load", (event) => {
    const fresh = event.detail.elt;
    if (!fresh.matches || !fresh.matches("[data-card]")) return;
    const id = fresh.id;
    const state = (fresh.className.match(/is-(accepted|refused|pending|corrected|added)/) || [])[1];
    box.querySelectorAll('.mark[data-piece="' + id.slice(6) + '"]').forEach((mark) => {
      mark.className = "mark is-" + state;
    });
    const following = cards().find((each) => each.classList.contains("is-pending"));
    show(following || fresh);
  });

  if (location.hash.startsWith("#piece-")) show(document.querySelector(location.hash));
})();
