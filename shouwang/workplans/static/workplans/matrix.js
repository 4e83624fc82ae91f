// The matrix as a spreadsheet: arrows and Enter walk, a block pasted from Excel fills cells (found by name where it
// brings names), Ctrl+Z takes back, sums are checked live and every wrong cell is named and can be gone to.
(function () {
  "use strict";
  const form = document.querySelector("[data-matrix]");
  if (!form) return;
  const lines = () => Array.from(form.querySelectorAll("tbody tr"));
  const cells = (line) => Array.from(line.querySelectorAll("[data-cell]"));
  const heads = Array.from(form.querySelectorAll("thead th[data-key]"));
  const verdict = form.querySelector("[data-verdict]");
  const told = form.querySelector("[data-told]");
  const buttons = { undo: form.querySelector("[data-undo]"), redo: form.querySelector("[data-redo]") };
  const MOST_NAMED = 6;

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
  const nameCell = (line) => line.querySelector('[name^="name-"]');
  const nameOf = (line) => nameCell(line).value.trim();
  const isFree = (line) => nameCell(line).type !== "hidden";

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

  // ---- what is wrong
  const isDay = (text) => {
    const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    return found !== null && new Date(text + "T00:00:00Z").toISOString().slice(0, 10) === text;
  };

  function check() {
    const wrong = [];
    const blame = (input, line, why) => {
      input.classList.add("is-wrong");
      input.setAttribute("aria-invalid", "true");
      wrong.push({ input, why: (nameOf(line) || "第 " + (lines().indexOf(line) + 1) + " 行") + "：" + why });
    };
    form.querySelectorAll("[data-cell]").forEach((input) => {
      input.classList.remove("is-wrong");
      input.removeAttribute("aria-invalid");
    });
    const values = lines().map((line) => {
      const found = {};
      line.querySelectorAll("[data-amount]").forEach((input) => {
        const value = amount(input.value);
        const bad = typeof value === "number";
        const head = heads.find((one) => one.dataset.key === input.dataset.amount);
        if (bad) blame(input, line, head.dataset.title + "“" + input.value.slice(0, 12) + "”不是数");
        found[input.dataset.amount] = bad ? null : value;
      });
      const day = line.querySelector('[name^="ends-"]');
      if (day.value.trim() && !isDay(day.value.trim())) blame(day, line, "时限“" + day.value + "”应写成 2026-06-30");
      if (isFree(line) && !nameOf(line) && cells(line).some((one) => one.value.trim())) blame(nameCell(line), line, "还没有名称");
      return found;
    });
    twice(blame);
    heads.forEach((head) => checkColumn(head, values, wrong, blame));
    tell(wrong);
  }

  function twice(blame) {
    const seen = new Set();
    lines().forEach((line) => {
      const name = nameOf(line);
      if (name && seen.has(name)) blame(nameCell(line), line, "写了两行");
      seen.add(name);
    });
  }

  function checkColumn(head, values, wrong, blame) {
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
    const named = heads.length > 1 ? head.dataset.title : "";
    if (bad && short) wrong.push({ input: null, why: named + "还差 " + words(target - total) });
    if (bad && over) wrong.push({ input: null, why: named + "超出 " + words(total - target) });
    if (!head.dataset.whole) return;
    lines().forEach((line, row) => {
      const part = values[row][key];
      const whole = values[row][head.dataset.whole] ?? 0n;
      if (part === null || part <= whole) return;
      const input = line.querySelector('[data-amount="' + key + '"]');
      blame(input, line, "其中“" + head.dataset.title + "”" + words(part) + " 大于整项 " + words(whole));
    });
  }

  function tell(wrong) {
    verdict.classList.toggle("is-wrong", wrong.length > 0);
    if (!wrong.length) {
      verdict.textContent = "合计相符";
      return;
    }
    const rows = wrong.slice(0, MOST_NAMED).map(({ input, why }) => {
      const row = document.createElement(input ? "button" : "span");
      row.textContent = why;
      if (input) {
        row.type = "button";
        row.className = "to-cell";
        row.addEventListener("click", () => go(input));
      }
      return row;
    });
    if (wrong.length > MOST_NAMED) {
      const more = document.createElement("span");
      more.textContent = "另有 " + (wrong.length - MOST_NAMED) + " 处";
      rows.push(more);
    }
    verdict.replaceChildren(...rows);
  }

  // ---- what was done, so that it can be taken back: each step is [[cell, before, after], …]
  const done = [];
  const undone = [];
  let begun = null; // the cell that is being typed in, and what it held

  function note(changes) {
    const real = changes.filter(([, before, after]) => before !== after);
    if (!real.length) return;
    done.push(real);
    undone.length = 0;
    shown();
  }
  function finish() {
    if (begun) note([[begun.cell, begun.value, begun.cell.value]]);
    begun = null;
  }
  function shown() {
    buttons.undo.disabled = !done.length && !(begun && begun.cell.value !== begun.value);
    buttons.redo.disabled = !undone.length;
  }
  function back(from, to, side, sayWhat) {
    finish();
    const step = from.pop();
    if (!step) return;
    to.push(step);
    step.forEach((change) => {
      change[0].value = change[side];
    });
    say(sayWhat + " " + step.length + " 格。");
    go(step[0][0]);
    begun = { cell: step[0][0], value: step[0][0].value };
    touched(step[0][0]);
  }
  const undo = () => back(done, undone, 1, "已撤销");
  const redo = () => back(undone, done, 2, "已恢复");

  const say = (text) => {
    told.textContent = text;
  };
  function touched(cell) {
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function go(cell) {
    cell.focus();
    cell.select();
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

  // ---- keyboard
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.target.closest("tbody")) {
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) undo();
      else if (key === "y" || (key === "z" && event.shiftKey)) redo();
      else return;
      event.preventDefault();
      return;
    }
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, fromRight } = where(cell);
    const atEnd = cell.selectionStart === cell.value.length || cell.selectionEnd - cell.selectionStart === cell.value.length;
    const atStart = cell.selectionEnd === 0 || cell.selectionEnd - cell.selectionStart === cell.value.length;
    let next = null;
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) {
      if (event.key === "Enter" && row === lines().length - 1 && cell.value) addLine();
      next = at(row + 1, fromRight);
    } else if (event.key === "ArrowUp" || event.key === "Enter") next = at(row - 1, fromRight);
    else if (event.key === "ArrowRight" && atEnd) next = at(row, fromRight - 1);
    else if (event.key === "ArrowLeft" && atStart) next = at(row, fromRight + 1);
    else if (event.key === "Escape" && begun && begun.cell === cell && cell.value !== begun.value) {
      cell.value = begun.value;
      touched(cell);
      next = cell;
    } else return;
    event.preventDefault();
    if (next) go(next);
  });

  form.addEventListener("focusin", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || (begun && begun.cell === cell)) return;
    finish();
    begun = { cell, value: cell.value };
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.closest("[data-cell]")) finish();
  });

  // ---- a block from Excel
  function blockOf(text) {
    return text.split("\n").map((line) => line.split("\t").map((value) => value.trim()));
  }
  // the block brings names where its first column has none that is a number
  function bringsNames(block) {
    return block.every((line) => line.length > 1 && line[0] !== "" && typeof amount(line[0]) === "number");
  }
  function rowNamed(name) {
    const known = lines().findIndex((line) => nameOf(line) === name);
    if (known >= 0) return known;
    let free = lines().findIndex((line) => isFree(line) && cells(line).every((one) => !one.value.trim()));
    if (free < 0) {
      addLine();
      free = lines().length - 1;
    }
    return free;
  }

  function paste(cell, text) {
    let block = blockOf(text);
    const { row, fromRight } = where(cell);
    const named = cell.dataset.amount !== undefined && bringsNames(block);
    const isHead = (line) => !lines().some((one) => nameOf(one) === line[0]) && typeof amount(line[1]) === "number";
    if (named && isHead(block[0])) block = block.slice(1);
    const changes = [];
    let lost = 0;
    const put = (target, value) => {
      if (!target) {
        lost += value ? 1 : 0;
        return;
      }
      changes.push([target, target.value, value]);
      target.value = value;
    };
    block.forEach((line, down) => {
      let to = row + down;
      let own = line;
      if (named) {
        to = rowNamed(line[0]);
        own = line.slice(1);
        const box = nameCell(lines()[to]);
        if (isFree(lines()[to]) && box.value !== line[0]) put(box, line[0]);
      }
      while (to >= lines().length) addLine();
      own.forEach((value, right) => put(fromRight - right > 0 ? at(to, fromRight - right) : null, value));
    });
    begun = { cell, value: cell.value };
    note(changes);
    const left = lost ? "，有 " + lost + " 格超出表格，没有贴入" : "";
    say("已粘贴 " + block.length + " 行 " + changes.length + " 格" + (named ? "，按名称对应" : "") + left + "。撤销按 Ctrl+Z。");
    touched(cell);
  }

  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-cell]");
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n+$/, "");
    if (!cell || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    paste(cell, text);
  });

  form.addEventListener("input", () => {
    check();
    shown();
  });
  buttons.undo.addEventListener("click", undo);
  buttons.redo.addEventListener("click", redo);
  check();
  shown();
})();
