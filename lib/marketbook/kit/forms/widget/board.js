/** A board: lanes of cards from the kernel. One lane at a time on a phone; arrow keys go from card to card. */

import { button, el, prefix } from "./dom.js";
import { Line } from "./line.js";

const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

class BoardView {
  constructor({ model, root }) {
    this.about = model.get("described");
    this.words = this.about.words;
    this.id = prefix();
    this.line = new Line(model);
    this.line.unasked = (message) => message.refresh && this.load();
    this.view = 0;
    this.build(root);
    this.load();
  }

  close() {
    this.line.close();
  }

  build(root) {
    const { about } = this;
    this.lanes = about.lanes.map((title, place) => this.lane(title, place));
    this.status = el("p", { class: "mb-help", role: "status" });
    const tools = about.buttons.map((text, place) => el("button", { type: "button", click: () => this.line.ask({ do: "new", button: place }) }, text));
    const board = el("div", { class: "mb-lanes", keydown: (event) => this.step(event) }, ...this.lanes.map((lane) => lane.section));
    const tabs = el("div", { class: "mb-views mb-lane-tabs", role: "group", "aria-label": about.title }, ...this.lanes.map((lane) => lane.tab));
    root.append(el("div", { class: "mb-form mb-board", lang: about.tag, "data-lm-suppress-shortcuts": "true" },
      el("div", { class: "mb-bar" }, el("h2", { class: "mb-title" }, about.title), el("div", { class: "mb-tools" }, ...tools)),
      this.views(), tabs, board, this.status));
    this.show(0);
  }

  /** Whose records are shown. */
  views() {
    const { views, title } = this.about;
    if (!views.length) return null;
    this.choices = views.map((text, view) => el("button", { type: "button", class: "mb-view", "aria-pressed": String(!view), click: () => this.turn(view) }, text));
    return el("div", { class: "mb-views", role: "group", "aria-label": title }, ...this.choices);
  }

  turn(view) {
    for (const [place, choice] of this.choices.entries()) choice.setAttribute("aria-pressed", String(place === view));
    this.view = view;
    this.load();
  }

  lane(title, place) {
    const made = { place, count: el("b", {}), sum: el("span", {}), tabCount: el("b", {}), cards: el("ol", {}) };
    made.more = button(this.words.more, () => this.further(made), { hidden: true });
    made.tab = el("button", { type: "button", class: "mb-view", "aria-pressed": "false", click: () => this.show(place) }, title, made.tabCount);
    made.section = el("section", { class: "mb-lane", "aria-labelledby": `${this.id}-${place}` },
      el("header", {}, el("h3", { id: `${this.id}-${place}` }, title), el("p", {}, made.count, made.sum)), made.cards, made.more);
    return made;
  }

  /** Which lane a phone shows. */
  show(place) {
    for (const lane of this.lanes) {
      lane.tab.setAttribute("aria-pressed", String(lane.place === place));
      lane.section.classList.toggle("mb-lane-shown", lane.place === place);
    }
  }

  async load() {
    this.asked = (this.asked ?? 0) + 1;
    const { asked } = this;
    const answer = await this.line.ask({ do: "lanes", view: this.view });
    if (asked !== this.asked) return;
    this.status.textContent = answer ? (answer.failed ?? "") : this.words.silent;
    for (const [place, found] of (answer?.lanes ?? []).entries()) this.fill(this.lanes[place], found);
  }

  fill(lane, { count, sum, cards, more }) {
    lane.count.textContent = lane.tabCount.textContent = count;
    lane.sum.textContent = sum;
    lane.cards.replaceChildren(...cards.map((card) => this.card(card)));
    lane.more.hidden = !more;
  }

  async further(lane) {
    const answer = await this.line.ask({ do: "more", view: this.view, lane: lane.place });
    this.status.textContent = answer ? (answer.failed ?? "") : this.words.silent;
    if (!answer?.cards) return;
    const first = lane.cards.children.length;
    lane.cards.append(...answer.cards.map((card) => this.card(card)));
    lane.more.hidden = !answer.more;
    lane.cards.children[first]?.firstElementChild.focus();
  }

  card({ id, title, lines, due, late }) {
    const said = lines.map((line) => el("span", {}, line));
    const next = due ? el("span", { class: late ? "mb-due mb-late" : "mb-due" }, late ? `${this.words.late} · ${due}` : due) : null;
    return el("li", {}, el("button", { type: "button", class: "mb-card", click: () => this.line.ask({ do: "open", card: id }) }, el("b", {}, title), ...said, next));
  }

  /** Go from card to card with the arrow keys. */
  step(event) {
    const way = STEPS[event.key];
    const item = event.target.closest?.("li");
    if (!way || !item || event.altKey || event.ctrlKey || event.metaKey) return;
    const lane = this.lanes.findIndex((one) => one.cards === item.parentElement);
    const place = [...item.parentElement.children].indexOf(item);
    let next = lane + way[0];
    while (way[0] && this.lanes[next] && !this.lanes[next].cards.children.length) next += way[0];
    const cards = this.lanes[next]?.cards.children;
    const found = cards?.[Math.min(place + way[1], way[0] ? cards.length - 1 : Infinity)];
    if (!found) return;
    event.preventDefault();
    if (way[0]) this.show(next);
    found.firstElementChild.focus();
  }
}

export default {
  render({ model, el: root }) {
    const view = new BoardView({ model, root });
    return () => view.close();
  },
};
