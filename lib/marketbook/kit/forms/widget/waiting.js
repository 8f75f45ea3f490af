/** What waits for somebody: cards to open; small ones may be chosen and decided at once. */

import { button, el, said } from "./dom.js";
import { Line } from "./line.js";

const DECIDING = 60000;

class WaitingView {
  constructor({ model, root }) {
    this.model = model;
    this.about = model.get("described");
    this.words = this.about.words;
    this.line = new Line(model);
    this.chosen = new Set();
    this.folded = true;
    this.build(root);
    this.draw();
    this.changed = () => this.draw();
    model.on("change:waiting", this.changed);
  }

  close() {
    this.line.close();
    this.model.off("change:waiting", this.changed);
  }

  build(root) {
    const { words, about } = this;
    this.heading = el("h2", { class: "mb-title", tabindex: "-1" }, words.title);
    this.count = el("p", { class: "mb-help" });
    this.groups = el("div", { class: "mb-tools" });
    this.items = el("ul", { class: "mb-items" });
    this.more = button(words.more, () => this.line.ask({ do: "more" }), { hidden: true });
    this.status = el("div", { class: "mb-outcome", role: "status", tabindex: "-1", hidden: true });
    this.bar = el("div", { class: "mb-chosen", hidden: true });
    this.way = el("div", { class: "mb-way" });
    this.whole = el("div", { class: "mb-whole" }, this.heading, this.count, this.status, this.groups, this.items, this.more, this.bar);
    this.element = el("section", { class: "mb-form mb-waiting", lang: about.tag, "data-lm-suppress-shortcuts": "true" }, this.way, this.whole);
    root.append(this.element);
  }

  draw() {
    const { rows, groups, more, open } = this.model.get("waiting");
    const { words } = this;
    if (open !== this.open) this.folded = true;
    this.open = open;
    this.rows = rows;
    this.chosen = new Set(rows.filter((row) => this.chosen.has(row.id) && row.group === this.group).map((row) => row.id));
    this.count.textContent = rows.length ? said(words.count, { count: `${rows.length}${more ? "+" : ""}` }) : words.none;
    this.steps = new Map(groups.map(({ key, step }) => [key, step]));
    this.groups.replaceChildren(...groups.map(({ key, text }) => button(text, () => this.chooseAll(key))));
    this.items.replaceChildren(...rows.map((row) => this.item(row)));
    this.more.hidden = !more;
    this.wayBack(rows, more);
    this.fold();
    this.tell();
  }

  item(row) {
    const { words } = this;
    const box = this.steps.has(row.group)
      ? el("label", { class: "mb-choose" }, el("input", { type: "checkbox", "aria-label": said(words.choose, { number: row.number }), change: (event) => this.choose(row, event.target.checked) }))
      : null;
    if (box) box.firstChild.checked = this.chosen.has(row.id);
    const facts = [row.owner, row.since].map((text) => el("span", {}, text));
    const open = el("button", { type: "button", class: "mb-item", click: () => this.ask(row.id), ...(row.id === this.open ? { "aria-current": "true" } : {}) },
      el("span", { class: "mb-kicker" }, `${row.kind} ${row.number}`), el("span", { class: "mb-item-title" }, row.title),
      row.amount ? el("b", {}, row.amount) : null,
      el("span", { class: "mb-item-facts" }, ...facts, row.late ? el("span", { class: "mb-late" }, words.late) : null, row.note ? el("span", { class: "mb-state" }, row.note) : null));
    return el("li", {}, box, open);
  }

  async ask(id) {
    const answer = await this.line.ask({ do: "open", row: id });
    if (!answer || answer.failed) this.outcome(answer?.failed ?? this.words.silent, []);
    else this.status.hidden = true;
  }

  choose(row, on) {
    if (row.group !== this.group) this.chosen.clear();
    this.group = row.group;
    if (on) this.chosen.add(row.id);
    else this.chosen.delete(row.id);
    this.check();
  }

  chooseAll(key) {
    this.group = key;
    this.chosen = new Set(this.rows.filter((row) => row.group === key).map((row) => row.id));
    this.check();
  }

  check() {
    for (const [place, row] of this.rows.entries()) {
      const box = this.items.children[place].querySelector("input");
      if (box) box.checked = this.chosen.has(row.id);
    }
    this.tell();
  }

  /** Say what is chosen, and offer to decide it. */
  tell() {
    const { words, about } = this;
    const found = this.rows.filter((row) => this.chosen.has(row.id));
    this.bar.hidden = !found.length;
    if (!found.length) return;
    const display = about.tag.startsWith("zh") ? "narrowSymbol" : "symbol";
    const style = { style: "currency", currency: about.currency, currencyDisplay: display };
    const amount = new Intl.NumberFormat(about.tag, style).format(found.reduce((sum, row) => sum + row.minor, 0) / 100);
    this.bar.replaceChildren(el("p", {}, said(words.chosen, { count: found.length, amount })),
      el("button", { type: "button", click: (event) => this.together(event.target) }, this.steps.get(this.group)),
      button(words.clear, () => { this.chosen.clear(); this.check(); }));
  }

  async together(pressed) {
    if (pressed.getAttribute("aria-disabled")) return;
    pressed.setAttribute("aria-disabled", "true");
    const answer = await this.line.ask({ do: "together", group: this.group, rows: [...this.chosen] }, DECIDING);
    pressed.removeAttribute("aria-disabled");
    if (!answer || answer.failed) this.outcome(answer?.failed ?? this.words.silent, []);
    else this.outcome(answer.text, answer.refused);
  }

  outcome(text, refused) {
    const lines = refused.map(([number, reason]) => el("li", {}, el("b", {}, number), ` ${reason}`));
    this.status.replaceChildren(el("p", {}, text), ...(lines.length ? [el("p", {}, this.words.refused), el("ul", {}, ...lines)] : []));
    this.status.classList.toggle("mb-some-refused", lines.length > 0);
    this.status.hidden = false;
    this.status.focus();
  }

  /** On a phone the list gives way to the record that is open; here is the way back, and on to the next one. */
  wayBack(rows, more) {
    const following = rows.find((row) => row.id !== this.open);
    this.way.replaceChildren(
      button(`‹ ${said(this.words.back, { count: `${rows.length}${more ? "+" : ""}` })}`, () => this.unfold()),
      ...(following ? [button(`${this.words.next} ›`, () => this.ask(following.id))] : []));
  }

  fold() {
    this.element.classList.toggle("mb-folded", this.folded && this.open !== null);
  }

  unfold() {
    this.folded = false;
    this.fold();
    this.heading.scrollIntoView({ block: "start" });
    this.heading.focus({ preventScroll: true });
  }
}

export default {
  render({ model, el: root }) {
    const view = new WaitingView({ model, root });
    return () => view.close();
  },
};
