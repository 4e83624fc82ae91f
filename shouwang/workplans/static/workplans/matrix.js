// The matrix as a spreadsheet: arrows and Enter walk, a block pasted from Excel fills cells, sums are checked live.
(function () {
  "use strict";
  const form = document.querySelector("[data-matrix]");
  if (!form) return;
  const lines = () => Array.from(form.querySelectorAll("tbody tr"));
  const cells = (line) => Array.from(line.querySelectorAll("[data-cell]"));
  const heads = Array.from(form.querySelectorAll("thead th[data-key]"));
  const verdict = form.querySelector("[data-verdict]");

  // cells are counted from the right: free rows have one more (their name) on the left
  const where = (cell) => {
    const line = cell.closest("tr");
    const own = cells(line);
    return { row: lines().indexOf(line), fromRight: own.length - own.indexOf(cell) };
  };
  const at = (row, fromRight) => {
    const line = lines()[row];
    const own = line ? cells(line) : [];
    return own[own.length - fromRight];
  };

  // whole numbers of ten-thousandths, so that sums are exact
  const amount = (text) => {
    const bare = text.replace(/[,，\s]/g, "");
    if (!bare) return null;
    if (!/^\d{1,15}(\.\d{1,4})?$/.test(bare)) return NaN;
    const [whole, part = ""] = bare.split(".");
    return BigInt(whole) * 10000n + BigInt(part.padEnd(4, "0"));
  };
  const words = (value) => {
    const whole = (value / 10000n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    const part = (value % 10000n).toString().padStart(4, "0").replace(/0+$/, "");
    return part ? whole + "." + part : whole;
  };

  function check() {
    const wrong = [];
    const values = lines().map((line) => {
      const found = {};
      line.querySelectorAll("[data-amount]").forEach((input) => {
        const value = amount(input.value);
        const bad = typeof value === "number";
        input.classList.toggle("is-wrong", bad);
        if (bad) wrong.push("“" + input.value + "”不是数");
        found[input.dataset.amount] = bad ? null : value;
      });
      return found;
    });
    heads.forEach((head) => {
      const key = head.dataset.key;
      const given = values.map((one) => one[key]).filter((one) => one !== null);
      const total = given.reduce((sum, one) => sum + one, 0n);
      const box = form.querySelector('[data-sum="' + key + '"]');
      box.textContent = given.length ? words(total) : "—";
      const target = head.dataset.target ? amount(head.dataset.target) : null;
      const short = head.dataset.rule === "least" && target !== null && total < target;
      const over = head.dataset.rule === "most" && target !== null && total > target;
      const bad = given.length > 0 && (short || over);
      box.classList.toggle("is-wrong", bad);
      if (bad && short) wrong.push("还差 " + words(target - total));
      if (bad && over) wrong.push("超出 " + words(total - target));
      if (!head.dataset.whole) return;
      lines().forEach((line, row) => {
        const part = values[row][key];
        const whole = values[row][head.dataset.whole] ?? 0n;
        const input = line.querySelector('[data-amount="' + key + '"]');
        const beyond = part !== null && part > whole;
        if (beyond) {
          input.classList.add("is-wrong");
          wrong.push("其中项大于整项");
        }
      });
    });
    verdict.textContent = wrong.length ? Array.from(new Set(wrong)).join("；") : "合计相符";
    verdict.classList.toggle("is-wrong", wrong.length > 0);
  }

  function addLine() {
    const last = lines().at(-1);
    const fresh = last.cloneNode(true);
    const number = lines().length;
    fresh.querySelectorAll("input").forEach((input) => {
      input.name = input.name.replace(/-\d+/, "-" + number);
      input.value = "";
      input.classList.remove("is-wrong");
    });
    last.after(fresh);
    form.elements.rows.value = String(number + 1);
  }

  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, fromRight } = where(cell);
    const atEnd = cell.selectionStart === cell.value.length;
    const atStart = cell.selectionEnd === 0;
    let next = null;
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) {
      if (event.key === "Enter" && row === lines().length - 1 && cell.value) addLine();
      next = at(row + 1, fromRight);
    } else if (event.key === "ArrowUp" || event.key === "Enter") next = at(row - 1, fromRight);
    else if (event.key === "ArrowRight" && atEnd) next = at(row, fromRight - 1);
    else if (event.key === "ArrowLeft" && atStart) next = at(row, fromRight + 1);
    else return;
    event.preventDefault();
    if (next) {
      next.focus();
      next.select();
    }
  });

  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-cell]");
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n+$/, "");
    if (!cell || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const { row, fromRight } = where(cell);
    text.split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        while (row + down >= lines().length && !lines().at(-1).querySelector("[type=hidden]")) addLine();
        const target = fromRight - right > 0 ? at(row + down, fromRight - right) : null;
        if (target) target.value = value.trim();
      });
    });
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  });

  form.addEventListener("input", check);
  check();
})();
