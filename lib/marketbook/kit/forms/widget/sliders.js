/** Sliders: each move asks the kernel, one question at a time; what it answers is drawn as bars, figures and tables. */

import { button, comeForward, el, prefix, said } from "./dom.js";
import { Limits } from "./limits.js";
import { Line } from "./line.js";

const REST = 700;

class SlidersView {
  constructor({ model, root }) {
    this.about = model.get("described");
    this.line = new Line(model);
    this.line.unasked = (message) => message.turned && this.turn(message);
    this.id = prefix();
    this.values = {};
    this.rows = new Map();
    this.moved = 0;
    this.asked = 0;
    this.busy = false;
    this.root = root;
    root.append(this.form());
    for (const { name } of this.about.sliders) this.tell(name);
    this.draw(this.about.first);
  }

  close() {
    clearTimeout(this.rest);
    this.line.close();
  }

  form() {
    const { about, id } = this;
    this.limits = about.joint && new Limits(about, id, () => this.ask());
    const groups = Object.entries(about.groups).map(([group, title]) => el("details", { class: "mb-more" }, el("summary", {}, title),
      el("div", { class: "mb-moves" }, ...this.movers(group)), button(about.words.back, () => this.back(group))));
    this.picture = el("div", { class: "mb-bars", role: "img", "aria-label": about.bars, "aria-describedby": `${id}-told` });
    this.told = el("p", { class: "mb-told-move", id: `${id}-told` });
    this.status = el("p", { class: "mb-unseen", role: "status" });
    this.refused = el("p", { class: "mb-error", role: "alert", hidden: true });
    this.figures = el("dl", { class: "mb-figures" });
    this.sheets = el("div", {});
    this.notes = el("ul", { class: "mb-help" });
    this.outcome = el("div", { class: "mb-outcome" }, this.told, this.figures, el("h3", { class: "mb-sub" }, about.bars),
      el("p", { class: "mb-legend" }, ...about.colours.map((text, place) => el("span", { class: `mb-key mb-key-${place}` }, text)),
        el("span", { class: "mb-key mb-key-limit" }, about.words.limits)), this.picture, this.sheets, this.notes);
    return el("div", { class: "mb-form mb-sliders", lang: about.tag, "data-lm-suppress-shortcuts": "true" },
      el("h2", { class: "mb-title", tabindex: "-1" }, about.title), el("p", { class: "mb-help mb-about" }, about.about),
      el("div", { class: "mb-moves" }, ...this.movers("")), ...groups, this.limits?.element, this.refused, this.outcome, this.status);
  }

  movers(group) {
    return this.about.sliders.filter((one) => one.group === group).map((one) => this.mover(one));
  }

  mover(one) {
    if (!one.follows) this.values[one.name] = one.value;
    const id = `${this.id}-${this.rows.size}`;
    const input = el("input", { type: "range", id, min: one.least, max: one.most, step: one.step,
      input: () => this.move(one.name, Number(input.value)) });
    input.value = one.value;
    const output = el("output", { for: id });
    this.rows.set(one.name, { one, input, output });
    return el("div", { class: "mb-move" }, el("label", { for: id }, one.title), input, output);
  }

  /** Say where a slider stands; one that follows another stands where that one does. */
  tell(name) {
    const { one, input, output } = this.rows.get(name);
    const follows = !(name in this.values);
    const value = follows ? this.values[one.follows] : this.values[name];
    if (Number(input.value) !== value) input.value = value;
    const told = typeof one.told === "string" ? said(one.told, { value }) : one.told[value];
    output.textContent = follows ? `${told} (${this.about.words.as_all})` : told;
    output.classList.toggle("mb-follows", follows);
    input.setAttribute("aria-valuetext", output.textContent);
  }

  move(name, value) {
    this.values[name] = value;
    this.tell(name);
    for (const { one } of this.rows.values()) if (one.follows === name) this.tell(one.name);
    this.ask();
  }

  /** Stand where the kernel says, and draw what it answers. */
  turn(message) {
    this.values = { ...message.turned.values };
    for (const name of this.rows.keys()) this.tell(name);
    this.limits?.set(message.turned.together);
    this.draw(message);
    comeForward(this.root);
  }

  back(group) {
    for (const { one } of this.rows.values()) {
      if (one.group === group && one.follows) {
        delete this.values[one.name];
        this.tell(one.name);
      }
    }
    this.ask();
  }

  /** Ask for the answer to where the sliders stand; while one is awaited, that is asked when it has come. */
  ask() {
    this.moved += 1;
    this.at = performance.now();
    if (!this.busy) this.send();
  }

  async send() {
    this.busy = true;
    this.outcome.setAttribute("aria-busy", "true");
    while (this.asked < this.moved) {
      const begun = this.at;
      this.asked = this.moved;
      const answer = await this.line.ask({ do: "move", values: { ...this.values }, together: this.limits?.values ?? [] });
      if (!answer && !this.root.isConnected) return;
      this.draw(answer ?? { refused: this.about.words.silent });
      requestAnimationFrame(() => setTimeout(() => performance.measure("mb-move", { start: begun, end: performance.now() })));
    }
    this.busy = false;
    this.outcome.removeAttribute("aria-busy");
  }

  draw(answer) {
    this.refused.hidden = !answer.refused;
    this.refused.textContent = answer.refused ?? "";
    this.outcome.hidden = Boolean(answer.refused);
    if (answer.refused) return;
    this.told.textContent = answer.told;
    this.figures.replaceChildren(...answer.figures.map(([title, text]) => el("div", {}, el("dt", {}, title), el("dd", {}, text))));
    this.drawBars(answer.bars);
    this.sheets.replaceChildren(...answer.sheets.map((one) => sheet(one)));
    this.notes.replaceChildren(...answer.notes.map((note) => el("li", {}, note)));
    clearTimeout(this.rest);
    this.rest = setTimeout(() => { this.status.textContent = answer.told; }, REST);
  }

  drawBars(bars) {
    const most = 1.15 * Math.max(...bars.flatMap((bar) => bar.values), 1e-9);
    const share = (value) => `${(100 * value) / most}%`;
    if (this.picture.childElementCount !== bars.length) this.picture.replaceChildren(...bars.map((bar) => barRow(bar)));
    bars.forEach((bar, place) => {
      const [title, track] = this.picture.children[place].children;
      const [limit, ...parts] = track.children;
      title.textContent = bar.title;
      limit.style.left = share(bar.least);
      limit.style.width = share(bar.most - bar.least);
      parts.forEach((part, which) => { part.style.width = share(bar.values[which]); });
    });
  }
}

function barRow(bar) {
  const parts = bar.values.map((_value, which) => el("div", { class: `mb-bar-part mb-key-${which}` }));
  return el("div", { class: "mb-bar-row" }, el("span", {}), el("div", { class: "mb-track" }, el("div", { class: "mb-limit" }), ...parts));
}

function sheet({ title, columns, rows, words }) {
  const side = (place) => (place && !words.includes(place) ? "mb-right" : "");
  const cell = (text, place) => el(place ? "td" : "th", { class: side(place), "data-title": columns[place], ...(place ? {} : { scope: "row" }) }, text);
  return el("div", { class: "mb-rows", tabindex: "0", role: "region", "aria-label": title }, el("table", {}, el("caption", {}, title),
    el("thead", {}, el("tr", {}, ...columns.map((text, place) => el("th", { scope: "col", class: side(place) }, text)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map(cell))))));
}

export default {
  render({ model, el: root }) {
    const view = new SlidersView({ model, root });
    return () => view.close();
  },
};
