/** The cells of a table of lines: plain ones, and one editor that stands in the active cell. Quick with thousands. */

import { Combobox } from "./combobox.js";
import { button, el, said } from "./dom.js";
import { Sums } from "./sums.js";

const SUGGESTIONS = 8;
/** Up to this many columns, each row is a card on a narrow screen. */
const AS_CARDS = 8;
const NUMBER_WIDTH = 46;

export class Cells {
  /** @param left is called when a cell, a paste or a removal is done; `changed(atOnce)` with every letter */
  constructor({ field, id, words, changed, left, search }) {
    Object.assign(this, { field, id, words, changed, left, search });
    this.columns = field.columns;
    this.sums = field.pinned ? new Sums({ columns: field.columns, title: words.sum, fit: (amount, sum) => this.fit(amount, sum) }) : null;
    this.rows = [];
    this.steps = [];
    this.told = new Map();
    this.at = { row: 0, column: 0 };
    this.from = { row: 0, column: 0 };
    this.editing = false;
    this.build();
    this.set({ columns: this.columns.map((one) => one.name), rows: [] });
  }

  build() {
    const { words, id } = this;
    this.body = el("tbody");
    this.editor = el("textarea", { rows: 1, class: "mb-cell", spellcheck: "false", autocomplete: "off", "aria-describedby": `${id}-fault ${id}-keys` });
    this.fault = el("p", { class: "mb-error", id: `${id}-fault`, hidden: true });
    this.faults = button("", () => this.nextFault(), { class: "mb-quiet mb-faults", hidden: true });
    this.message = el("p", { class: "mb-help", role: "status" });
    this.addButton = button(words.add_row, () => this.addRow());
    this.removeButton = button("", () => this.removeRows());
    this.undoButton = button(words.undo, () => this.undo(), { hidden: true });
    this.table = el("table", { role: "grid", "aria-label": this.field.title, "aria-multiselectable": "true" }, this.widths(), el("thead", {}, this.head()), this.body, this.sums?.foot);
    this.scroll = el("div", { class: "mb-scroll" }, this.table);
    this.element = el("div", { class: this.shape() }, this.scroll, this.fault,
      el("div", { class: "mb-tools" }, this.addButton, this.removeButton, this.undoButton, this.faults),
      this.message, el("p", { class: "mb-help", id: `${id}-keys` }, words.keys));
    this.listen();
  }

  shape() {
    return `mb-grid${this.sums ? " mb-sums" : ""}${this.columns.length > AS_CARDS ? "" : " mb-cards"}`;
  }

  widths() {
    const last = this.field.pinned - 1;
    const columns = this.columns.map((one, place) => el("col", { style: `width:${one.width}px`, class: place === last ? "mb-last" : "" }));
    this.total = this.columns.reduce((sum, one) => sum + one.width, NUMBER_WIDTH);
    this.cols = [...columns, ...(this.sums ? [el("col")] : [])];
    return el("colgroup", {}, el("col", { style: `width:${NUMBER_WIDTH}px` }), ...this.cols);
  }

  /** Make room for amounts, and for their sum. */
  fit(amount, sum) {
    const widths = [...this.columns.map((one) => (one.summed ? amount : one.width)), sum];
    for (const [place, width] of widths.entries()) this.cols[place].style.width = `${width}px`;
    this.table.style.width = `max(100%, ${widths.reduce((total, one) => total + one, NUMBER_WIDTH)}px)`;
    this.scroll.style.scrollPaddingRight = `${sum + 8}px`;
  }

  /** The first columns may stay in view. */
  pin(cell, column) {
    if (column >= this.field.pinned) return cell;
    cell.classList.add("mb-pinned");
    if (column === this.field.pinned - 1) cell.classList.add("mb-last");
    cell.style.setProperty("--left", `${this.columns.slice(0, column).reduce((sum, one) => sum + one.width, NUMBER_WIDTH)}px`);
    return cell;
  }

  head() {
    const titles = this.columns.map((one, place) => this.pin(el("th", { scope: "col", title: one.help, class: one.mode ? "mb-right" : "" },
      one.title, one.required ? el("span", { class: "mb-must", "aria-hidden": "true" }, " *") : null), place));
    return el("tr", {}, el("th", { scope: "col", class: "mb-number" }, "#"), ...titles, this.sums?.head());
  }

  listen() {
    this.table.style.width = `max(100%, ${this.total}px)`;
    const listeners = {
      keydown: (event) => this.key(event),
      input: () => this.typed(),
      paste: (event) => this.paste(event),
      copy: (event) => this.copy(event),
      cut: (event) => this.copy(event, true),
      mousedown: () => { this.editing = this.editing || this.hasFocus(); },
      focusout: () => this.commit(),
    };
    for (const [name, act] of Object.entries(listeners)) this.editor.addEventListener(name, act);
    this.element.addEventListener("mousedown", () => { this.dragging = false; }, true); // a press on a choice is none on a cell
    this.body.addEventListener("mousedown", (event) => this.pressed(event));
    this.body.addEventListener("mouseover", (event) => event.buttons === 1 && this.dragging && this.pressed(event, true));
    this.body.addEventListener("dblclick", () => this.edit());
  }

  hasFocus() {
    return this.editor.getRootNode().activeElement === this.editor;
  }

  get() {
    const rows = this.rows.map((row) => [...row]);
    while (rows.length && rows.at(-1).every((cell) => cell === "")) rows.pop();
    return { columns: this.columns.map((one) => one.name), rows };
  }

  /** Columns are known by name: a draft from before one was added still finds its places. */
  set(value) {
    const places = this.columns.map((one) => (value?.columns ?? []).indexOf(one.name));
    this.steps = [];
    this.undoButton.hidden = true;
    this.restore((value?.rows ?? []).map((row) => places.map((place) => (place < 0 ? "" : (row[place] ?? "")))));
  }

  restore(rows) {
    this.rows = rows.length ? rows : [this.blank()];
    this.told = new Map();
    this.detach();
    this.body.replaceChildren(...this.rows.map((row, place) => this.line(row, place)));
    this.at = { row: Math.min(this.at.row, this.rows.length - 1), column: this.at.column };
    this.from = { ...this.at };
    this.place();
    this.sums?.all(this.rows);
  }

  blank() {
    return this.columns.map(() => "");
  }

  line(row, place) {
    const line = document.createElement("tr");
    const number = document.createElement("th");
    number.className = "mb-number";
    number.scope = "row";
    number.textContent = place + 1;
    line.append(number);
    for (let column = 0; column < row.length; column += 1) {
      const cell = document.createElement("td");
      if (this.columns[column].mode) cell.className = "mb-right";
      cell.dataset.title = this.columns[column].title;
      cell.textContent = this.shown(row[column], column);
      line.append(this.pin(cell, column));
    }
    if (this.sums) line.append(this.sums.cell(row));
    return line;
  }

  shown(text, column) {
    return this.sums ? this.sums.shown(text, this.columns[column]) : text;
  }

  /** A cell has another value: so have its row's sum and the row below. */
  resum(row) {
    if (!this.sums) return;
    this.body.rows[row].lastElementChild.replaceWith(this.sums.cell(this.rows[row]));
    this.sums.all(this.rows);
  }

  cell({ row, column }) {
    return this.body.rows[row]?.cells[column + 1];
  }


  detach() {
    const cell = this.editor.parentElement;
    this.list?.detach();
    this.list = null;
    if (!cell) return;
    const { row, column } = this.standing;
    this.editor.remove();
    cell.classList.remove("mb-active");
    cell.textContent = this.shown(this.rows[row]?.[column] ?? "", column);
  }

  /** Put the editor into the active cell. */
  place(focus = false) {
    this.detach();
    const cell = this.cell(this.at);
    const column = this.columns[this.at.column];
    this.standing = { ...this.at };
    this.before = this.rows[this.at.row][this.at.column];
    this.editing = false;
    this.editor.value = this.before;
    this.editor.inputMode = column.mode || "text";
    this.editor.setAttribute("aria-label", said(this.words.cell, { column: column.title, row: this.at.row + 1 }));
    cell.classList.add("mb-active");
    cell.replaceChildren(this.editor);
    this.removeButton.textContent = said(this.words.remove_row, { row: this.at.row + 1 });
    this.suggest(column);
    this.tellFault();
    this.paintRange();
    if (!focus) return;
    this.editor.focus({ preventScroll: true });
    this.editor.select();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  suggest(column) {
    if (!column.choices.length && column.kind !== "reference") return;
    const local = (text) => ({ found: column.choices.filter((label) => label.toLowerCase().includes(text.trim().toLowerCase()))
      .slice(0, Math.max(SUGGESTIONS, column.choices.length)).map((label) => ({ label })) });
    this.list = new Combobox({
      input: this.editor, id: `${this.id}-cell`, words: this.words,
      find: (text) => (column.kind === "reference" ? this.search(column.name, text) : local(text)),
      pick: (item) => {
        this.editor.value = item.label;
        this.typed();
        this.commit();
        this.editing = false;
      },
    });
    this.element.append(this.list.list);
    const show = this.list.show.bind(this.list);
    this.list.show = (instead) => {
      const box = this.editor.getBoundingClientRect();
      const own = this.element.getBoundingClientRect();
      this.list.list.style.cssText = `left:${Math.max(0, box.left - own.left)}px;top:${box.bottom - own.top}px;width:max-content;min-width:${box.width}px`;
      show(instead);
    };
  }

  edit() {
    this.editing = true;
    this.editor.setSelectionRange(this.editor.value.length, this.editor.value.length);
    this.list?.search("");
  }

  typed() {
    this.editing = true;
    this.rows[this.standing.row][this.standing.column] = this.editor.value;
    this.resum(this.standing.row);
    this.changed();
  }

  /** What was typed into a cell is done: it can be undone, and is checked. */
  commit() {
    if (!this.standing || this.editor.value === this.before) return;
    const { row, column } = this.standing;
    const rows = this.rows.map((one, place) => (place === row ? one.map((cell, at) => (at === column ? this.before : cell)) : one));
    this.remember(rows);
    this.before = this.editor.value;
    this.left();
  }

  revert() {
    this.editor.value = this.before;
    this.rows[this.standing.row][this.standing.column] = this.before;
    this.resum(this.standing.row);
    this.editing = false;
    this.editor.select();
    this.changed();
  }

  move(rows, columns, extend = false) {
    this.commit();
    const row = Math.min(Math.max(this.at.row + rows, 0), this.rows.length - 1);
    const column = Math.min(Math.max(this.at.column + columns, 0), this.columns.length - 1);
    this.go({ row, column }, extend);
  }

  go(at, extend = false) {
    this.at = at;
    if (!extend) this.from = { ...at };
    this.place(true);
  }

  /* ---- the range ---- */

  range() {
    const rows = [this.from.row, this.at.row].sort((a, b) => a - b);
    const columns = [this.from.column, this.at.column].sort((a, b) => a - b);
    return { top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] };
  }

  isWide() {
    return this.from.row !== this.at.row || this.from.column !== this.at.column;
  }

  paintRange() {
    for (const cell of this.painted ?? []) cell.classList.remove("mb-chosen");
    this.painted = [];
    if (!this.isWide()) return;
    const { top, bottom, left, right } = this.range();
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) this.painted.push(this.cell({ row, column }));
    }
    for (const cell of this.painted) cell.classList.add("mb-chosen");
  }

  pressed(event, dragged = false) {
    const cell = event.target.closest("td:not(.mb-sum)");
    if (!cell || event.target === this.editor) {
      this.dragging = event.target === this.editor && !this.editing;
      return;
    }
    event.preventDefault();
    this.dragging = true;
    this.commit();
    this.go({ row: cell.parentElement.sectionRowIndex, column: cell.cellIndex - 1 }, dragged || event.shiftKey);
  }

  /* ---- what is wrong ---- */

  /** @param told what is wrong by `ROW/COLUMN`; the column is empty where it is the line as a whole */
  refuse(told) {
    for (const place of this.told.keys()) this.marked(place, null);
    this.told = new Map();
    for (const [path, text] of Object.entries(told)) {
      if (!path) continue;
      const [row, name] = path.split("/");
      const column = Math.max(0, this.columns.findIndex((one) => one.name === name));
      this.told.set(`${row}/${column}`, text);
    }
    for (const [place, text] of this.told) this.marked(place, text);
    const first = 1 + Math.min(...[...this.told.keys()].map((place) => Number(place.split("/")[0])));
    this.faults.hidden = !this.told.size;
    this.faults.textContent = said(this.words.faults, { count: this.told.size, row: first });
    this.tellFault();
  }

  marked(place, text) {
    const [row, column] = place.split("/").map(Number);
    const cell = this.cell({ row, column });
    if (!cell) return;
    cell.classList.toggle("mb-bad", Boolean(text));
    if (text) cell.title = text;
    else cell.removeAttribute("title");
  }

  tellFault() {
    const told = this.told.get(`${this.at.row}/${this.at.column}`);
    this.fault.textContent = told ?? "";
    this.fault.hidden = !told;
    if (told) this.editor.setAttribute("aria-invalid", "true");
    else this.editor.removeAttribute("aria-invalid");
  }

  nextFault() {
    const order = ([row, column]) => row * this.columns.length + column;
    const places = [...this.told.keys()].map((place) => place.split("/").map(Number)).sort((a, b) => order(a) - order(b));
    const now = order([this.at.row, this.at.column]);
    const next = places.find((place) => order(place) > now) ?? places[0];
    if (next) this.go({ row: next[0], column: next[1] });
  }

  focus(path = "") {
    const [, row, name] = path.split("/");
    const column = Math.max(0, this.columns.findIndex((one) => one.name === name));
    if (row !== undefined && this.rows[row]) this.go({ row: Number(row), column });
    else this.place(true);
  }
}
