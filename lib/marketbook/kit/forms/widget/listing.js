/** A list: rows from the kernel, page by page; a workbook that leaves, and one that comes back and is looked at first. */

import { button, el, prefix, said } from "./dom.js";
import { Line } from "./line.js";
import { Pulse } from "./pulse.js";

const TYPING = 250;
const WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const COMPARING = 120000;

class ListView {
  constructor({ model, root }) {
    this.about = model.get("described");
    this.words = this.about.words;
    this.id = prefix();
    this.line = new Line(model);
    this.line.unasked = (message) => message.refresh && this.load();
    this.order = { search: "", sort: "", descending: false, view: 0 };
    this.build(root);
    this.pulse = this.about.live ? new Pulse(this.about.live, () => this.again()) : null;
    this.load();
  }

  close() {
    clearTimeout(this.timer);
    this.pulse?.stop();
    this.line.close();
  }

  build(root) {
    const { about, words, id } = this;
    this.search = el("input", { type: "search", id: `${id}-search`, autocomplete: "off", placeholder: words.search, "aria-label": words.search, input: () => this.typed() });
    this.file = el("input", { type: "file", accept: ".xlsx", hidden: true, change: () => this.send() });
    this.body = el("tbody");
    this.heads = about.columns.map((column) => this.head(column));
    this.table = el("table", { "aria-label": about.title }, el("thead", {}, el("tr", {}, ...this.heads.map((head) => head.cell))), this.body);
    this.status = el("p", { class: "mb-help", role: "status" });
    this.moment = el("p", { class: "mb-help mb-moment", hidden: !about.live });
    this.more = button(words.more, () => this.load(true), { hidden: true });
    this.preview = el("section", { class: "mb-preview", tabindex: "-1", hidden: true });
    root.append(el("div", { class: "mb-form mb-list-view", lang: about.tag, "data-lm-suppress-shortcuts": "true" },
      el("div", { class: "mb-bar" }, el("h2", { class: "mb-title" }, about.title), this.search, this.tools()),
      this.views(),
      this.preview, el("div", { class: "mb-rows" }, this.table), this.status, this.moment, this.more, this.file));
    this.search.hidden = !about.searches;
    if (about.bare) this.search.hidden = this.table.parentElement.hidden = true;
  }

  /** Which of several lists is shown. */
  views() {
    const { views, title } = this.about;
    if (!views.length) return null;
    this.choices = views.map((text, view) => el("button", { type: "button", class: "mb-view", "aria-pressed": String(!view), click: () => this.turn(view) }, text));
    return el("div", { class: "mb-views", role: "group", "aria-label": title }, ...this.choices);
  }

  turn(view) {
    for (const [place, choice] of this.choices.entries()) choice.setAttribute("aria-pressed", String(place === view));
    this.order = { ...this.order, view };
    this.load();
  }

  tools() {
    const { about, words } = this;
    return el("div", { class: "mb-tools" },
      ...about.buttons.map((text, place) => el("button", { type: "button", class: place ? "mb-quiet" : "", click: () => this.line.ask({ do: "new", button: place }) }, text)),
      button(words.export, () => this.export()),
      about.returns ? button(words.return, () => this.file.click()) : null);
  }

  head(column) {
    const cell = el("th", { scope: "col", class: column.right ? "mb-right" : "" });
    const mark = el("span", { "aria-hidden": "true" }, column.sorts ? " ↕" : "");
    cell.append(column.sorts ? el("button", { type: "button", class: "mb-sort", click: () => this.sort(column.name) }, column.title, mark) : column.title);
    return { column, cell, mark };
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.order.search = this.search.value;
      this.load();
    }, TYPING);
  }

  sort(name) {
    this.order = { ...this.order, sort: name, descending: this.order.sort === name && !this.order.descending };
    for (const { column, cell, mark } of this.heads) {
      const own = column.name === name;
      if (column.sorts) mark.textContent = own ? (this.order.descending ? " ↓" : " ↑") : " ↕";
      if (own) cell.setAttribute("aria-sort", this.order.descending ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    }
    this.load();
  }

  async load(more = false) {
    if (this.about.bare) return;
    this.asked = (this.asked ?? 0) + 1;
    const asked = this.asked;
    const answer = await this.line.ask({ do: "page", more, ...this.order });
    if (asked !== this.asked) return;
    this.status.textContent = answer ? (answer.failed ?? "") : this.words.silent;
    if (!answer?.rows) return;
    const rows = answer.rows.map((row) => this.row(row));
    if (more) this.body.append(...rows);
    else this.body.replaceChildren(...rows);
    this.rows = more ? null : JSON.stringify(answer.rows);
    this.told(answer);
  }

  told(answer) {
    this.more.hidden = !answer.more;
    this.moment.textContent = said(this.words.live, { time: new Date().toLocaleTimeString(this.about.tag) });
    if (!this.body.rows.length) this.status.textContent = this.words.none;
  }

  /** Read what is shown again, and leave alone whoever is just pressing, typing or choosing; tell whether it answered. */
  async again() {
    if (this.busy()) return true;
    const asked = this.asked;
    const answer = await this.line.ask({ do: "page", shown: this.body.rows.length, ...this.order });
    if (!answer?.rows) return false;
    if (asked !== this.asked || this.busy()) return true;
    const read = JSON.stringify(answer.rows);
    if (read !== this.rows) this.replace(answer.rows);
    this.rows = read;
    this.status.textContent = "";
    this.told(answer);
    return true;
  }

  busy() {
    return !this.preview.hidden || this.body.matches(":active");
  }

  /** Put other rows in place of those that are shown; the focus stays on its record, or where it was. */
  replace(rows) {
    const focused = this.body.getRootNode().activeElement?.closest("tbody tr")?.dataset.id;
    this.body.replaceChildren(...rows.map((row) => this.row(row)));
    if (focused) this.body.querySelector(`tr[data-id="${focused}"] button`)?.focus({ preventScroll: true });
  }

  row({ id, cells }) {
    const { columns, opens } = this.about;
    const open = () => this.line.ask({ do: "open", row: id });
    return el("tr", { "data-id": id }, ...columns.map((column, place) => el("td", { class: `${column.right ? "mb-right" : ""} ${column.minor ? "mb-minor" : ""}`.trim(), "data-title": column.title },
      place === 0 && opens ? el("button", { type: "button", class: "mb-open", click: open }, cells[place] || this.words.open) : cells[place])));
  }

  async export() {
    const answer = await this.line.ask({ do: "export", ...this.order }, COMPARING);
    this.status.textContent = answer ? (answer.failed ?? answer.text ?? "") : this.words.silent;
    if (!answer?.buffers?.length) return;
    const url = URL.createObjectURL(new Blob(answer.buffers, { type: WORKBOOK }));
    el("a", { href: url, download: answer.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  async send() {
    const file = this.file.files[0];
    this.file.value = "";
    if (!file) return;
    const { words } = this;
    const progress = (share) => {
      this.status.textContent = said(share < 1 ? words.uploading : words.comparing, { name: file.name, share: Math.round(share * 100) });
    };
    progress(0);
    const answer = await this.line.upload(file, progress, { silent: words.silent, patience: COMPARING });
    this.status.textContent = answer.failed ?? "";
    if (answer.preview) this.show(file.name, answer.preview);
  }

  show(name, found) {
    const { words } = this;
    const some = found.counts.new + found.counts.changed;
    const columns = this.about.columns.map((column) => column.title);
    this.preview.replaceChildren(
      el("h3", {}, said(words.preview, { name })), el("p", {}, said(words.counts, found.counts)),
      ...this.part(words.refused, [words.row, words.column, words.value, words.reason], found.refused, found.refusals),
      ...this.part(words.changed, [words.row, words.column, words.before, words.after], found.changed, found.changed.length),
      ...this.part(words.new, [words.row, ...columns], found.new, found.counts.new),
      el("div", { class: "mb-tools" },
        some ? el("button", { type: "button", click: (event) => this.confirm(event.target) }, words.write) : el("p", {}, words.nothing),
        button(words.leave, () => this.leave(words.left))));
    this.preview.hidden = false;
    this.preview.focus();
  }

  part(title, heads, rows, count) {
    if (!rows.length) return [];
    const lines = rows.map((row) => el("tr", {}, ...row.map((cell, place) => el("td", { "data-title": heads[place] }, String(cell)))));
    const table = el("table", {}, el("caption", {}, title), el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, ...lines));
    return [el("div", { class: "mb-rows" }, table), count > rows.length ? el("p", { class: "mb-help" }, said(this.words.and_more, { count: count - rows.length })) : null].filter(Boolean);
  }

  async confirm(pressed) {
    if (pressed.getAttribute("aria-disabled")) return;
    pressed.setAttribute("aria-disabled", "true");
    const answer = await this.line.ask({ do: "confirm" }, COMPARING);
    this.leave(answer ? (answer.failed ?? answer.text) : this.words.silent);
    this.load().then(() => { this.status.textContent = answer ? (answer.failed ?? answer.text) : this.words.silent; });
  }

  leave(told) {
    this.preview.hidden = true;
    this.status.textContent = told;
    this.search.focus();
  }
}

export default {
  render({ model, el: root }) {
    const view = new ListView({ model, root });
    return () => view.close();
  },
};
