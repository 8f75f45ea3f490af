/** Amounts in rows and columns: one of several measures, summed by row and by column, searched and marked. */

import { bringIntoView, button, el, prefix, said } from "./dom.js";
import { Line } from "./line.js";
import { width, yuan } from "./money.js";

const HEAD = { least: 84, most: 220 };

/** About how wide a text is, in pixels. */
function wide(text) {
  return [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 15.5 : 8.2), 20);
}

class MatrixView {
  constructor({ model, root }) {
    this.model = model;
    this.root = root;
    this.line = new Line(model);
    this.id = prefix();
    this.measure = 0;
    this.level = 0;
    this.text = "";
    this.drawn = () => this.draw();
    model.on("change:described", this.drawn);
    this.draw();
  }

  close() {
    this.model.off("change:described", this.drawn);
    this.line.close();
  }

  draw() {
    this.about = this.model.get("described");
    this.heads = this.headWidths();
    const { about } = this;
    this.table = el("table", { "aria-label": about.title, click: (event) => this.pressed(event) });
    this.status = el("p", { class: "mb-help", role: "status" });
    const form = el("div", { class: "mb-form mb-matrix", lang: about.tag, "data-lm-suppress-shortcuts": "true" },
      el("div", { class: "mb-bar" }, el("h2", { class: "mb-title", tabindex: "-1" }, about.title), this.search()),
      about.about ? el("p", { class: "mb-help mb-about" }, about.about) : null,
      this.switches(), this.marks(),
      el("div", { class: "mb-grid mb-sums" }, el("div", { class: "mb-scroll", tabindex: "0", role: "region", "aria-label": about.title }, this.table)), this.status);
    this.root.replaceChildren(form);
    this.fill();
    if (about.focus) setTimeout(() => bringIntoView(form), 60);
  }

  search() {
    const { words } = this.about;
    return el("input", { type: "search", autocomplete: "off", value: this.text, placeholder: words.search, "aria-label": words.search,
      input: (event) => { this.text = event.target.value; this.fill(); } });
  }

  switches() {
    const { measures, words } = this.about;
    if (measures.length < 2) return null;
    this.choices = measures.map(({ title }, place) => el("button", { type: "button", class: "mb-view", "aria-pressed": String(place === this.measure),
      click: () => this.turn(place) }, title));
    return el("div", { class: "mb-views", role: "group", "aria-label": words.shown }, ...this.choices);
  }

  turn(place) {
    this.measure = place;
    for (const [at, choice] of this.choices.entries()) choice.setAttribute("aria-pressed", String(at === place));
    this.fill();
  }

  /** How many rows have reached each share, which can be shown alone. */
  marks() {
    const { shares, rows, words } = this.about;
    const reached = (row) => Math.max(row.level, ...row.levels);
    const counts = shares.map((share, place) => ({ share, level: place + 1, count: rows.filter((row) => reached(row) > place).length })).filter((one) => one.count);
    if (!counts.length) return null;
    const choose = (level, pressed) => {
      this.level = this.level === level ? 0 : level;
      for (const one of made) one.setAttribute("aria-pressed", String(one === pressed && this.level > 0));
      this.fill();
    };
    const made = counts.map(({ share, level, count }) => button(said(words.reached, { share, count }), (event) => choose(level, event.currentTarget),
      { class: `mb-quiet mb-level mb-level-${level}`, "aria-pressed": String(this.level === level) }));
    return el("div", { class: "mb-tools mb-marks" }, ...made);
  }

  wanted() {
    const text = this.text.normalize("NFKC").trim().toLowerCase();
    return this.about.rows.filter((row) => (!this.level || Math.max(row.level, ...row.levels) >= this.level)
      && (!text || row.heads.some((head) => head.normalize("NFKC").toLowerCase().includes(text))));
  }

  fill() {
    const { columns, words } = this.about;
    const rows = this.wanted();
    const name = this.about.measures[this.measure].name;
    const sums = columns.map((_column, place) => rows.reduce((sum, row) => sum + BigInt(row.cells[name][place]), 0n));
    const total = sums.reduce((sum, one) => sum + one, 0n);
    const cents = rows.some((row) => row.cells[name].some((amount) => amount % 100));
    const body = el("tbody");
    for (const row of rows) body.append(this.row(row, name));
    this.table.replaceChildren(this.widths(width(sums, cents), width([total], cents) + 12), el("thead", {}, this.head()), body, el("tfoot", {}, this.foot(sums)));
    this.table.style.width = `max(100%, ${this.total}px)`;
    this.status.textContent = rows.length ? "" : words.none;
  }

  /** The heads are as wide as what stands in them, within reason. */
  headWidths() {
    const { heads, rows } = this.about;
    return heads.map((head, place) => Math.ceil(Math.min(HEAD.most, Math.max(HEAD.least, wide(head), ...rows.map((row) => wide(row.heads[place]))))));
  }

  widths(amount, sum) {
    const { heads, columns } = this.about;
    const every = [...this.heads, ...columns.map(() => amount), sum];
    this.total = every.reduce((sum, one) => sum + one, 0);
    return el("colgroup", {}, ...every.map((one, place) => el("col", { style: `width:${one}px`, class: place === heads.length - 1 ? "mb-last" : "" })));
  }

  pin(cell, place) {
    cell.classList.add("mb-pinned");
    if (place === this.about.heads.length - 1) cell.classList.add("mb-last");
    cell.style.setProperty("--left", `${this.heads.slice(0, place).reduce((sum, one) => sum + one, 0)}px`);
    return cell;
  }

  head() {
    const { heads, columns, words } = this.about;
    return el("tr", {}, ...heads.map((title, place) => this.pin(el("th", { scope: "col" }, title), place)),
      ...columns.map((title) => el("th", { scope: "col", class: "mb-right" }, title)), el("th", { scope: "col", class: "mb-right mb-sum" }, words.sum));
  }

  row(row, name) {
    const line = document.createElement("tr");
    for (const [place, text] of row.heads.entries()) {
      const head = this.pin(el("th", { scope: "row", title: text }, text), place);
      if (place === row.heads.length - 1) this.mark(head, row.level);
      line.append(head);
    }
    let sum = 0n;
    for (const [place, amount] of row.cells[name].entries()) {
      const cell = document.createElement("td");
      cell.className = "mb-right";
      cell.textContent = yuan(BigInt(amount));
      if (this.about.opens && row.ids[place] !== null) cell.dataset.cell = row.ids[place];
      this.mark(cell, row.levels[place]);
      line.append(cell);
      sum += BigInt(amount);
    }
    line.append(el("td", { class: "mb-right mb-sum" }, yuan(sum)));
    return line;
  }

  mark(cell, level) {
    if (!level) return;
    cell.classList.add(`mb-level-${level}`);
    cell.title = this.about.shares[level - 1];
    cell.append(el("span", { class: "mb-unseen" }, ` (${this.about.shares[level - 1]})`));
  }

  foot(sums) {
    const { heads, words } = this.about;
    const first = heads.map((_head, place) => this.pin(el("th", { scope: "row" }, place ? "" : words.sum), place));
    return el("tr", {}, ...first, ...sums.map((sum) => el("td", { class: "mb-right" }, yuan(sum))),
      el("td", { class: "mb-right mb-sum" }, yuan(sums.reduce((sum, one) => sum + one, 0n))));
  }

  async pressed(event) {
    const cell = event.target.closest("[data-cell]");
    if (!cell) return;
    const answer = await this.line.ask({ cell: Number(cell.dataset.cell) });
    this.status.textContent = answer ? (answer.failed ?? "") : this.about.words.silent;
  }
}

export default {
  render({ model, el: root }) {
    const view = new MatrixView({ model, root });
    return () => view.close();
  },
};
