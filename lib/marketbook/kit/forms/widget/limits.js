/** Limits of several things together: of what, at least and at most how much; as many as are wanted. */

import { button, el, said } from "./dom.js";

export class Limits {
  /** `changed` is called when what counts has changed. */
  constructor(about, id, changed) {
    Object.assign(this, { about, id, changed, rows: [], made: 0 });
    this.list = el("div", {});
    this.more = button(about.words.add, () => this.add());
    this.element = el("details", { class: "mb-more" }, el("summary", {}, about.joint.title),
      el("p", { class: "mb-help" }, about.joint.about), this.list, this.more);
  }

  /** What counts: limits of two or more with an end; what is not written yet waits. */
  get values() {
    return this.rows.map((row) => row.value()).filter(complete);
  }

  add() {
    this.append(this.row()).boxes[0].focus();
  }

  /** Stand as limits are written, none else. */
  set(written) {
    this.rows = [];
    this.list.replaceChildren();
    for (const one of written) this.append(this.row(one));
    this.element.open ||= written.length > 0;
    this.number();
  }

  append(row) {
    this.rows.push(row);
    this.list.append(row.element);
    this.number();
    return row;
  }

  row(written = { members: [], least: "", most: "", unit: "percent" }) {
    const { about, id } = this;
    const { words, joint } = about;
    this.made += 1;
    const name = `${id}-l${this.made}`;
    const boxes = Object.keys(joint.members).map((member) => el("input", { type: "checkbox", value: member }));
    const [least, most] = ["least", "most"].map((end) => el("input", { id: `${name}-${end}`, type: "text", inputmode: "decimal", autocomplete: "off",
      placeholder: words.open }));
    const unit = el("select", { id: `${name}-unit` }, el("option", { value: "percent" }, joint.percent), el("option", { value: "amount" }, joint.amount));
    for (const box of boxes) box.checked = written.members.includes(box.value);
    [least.value, most.value, unit.value] = [written.least, written.most, written.unit];
    const hint = el("p", { class: "mb-help", hidden: complete(written) }, words.incomplete);
    const title = el("legend", {});
    const row = { boxes, title };
    const drop = button(words.remove, () => this.remove(row));
    row.value = () => ({ members: boxes.filter((box) => box.checked).map((box) => box.value), least: least.value, most: most.value, unit: unit.value });
    row.element = el("fieldset", { class: "mb-joint", change: () => { hint.hidden = complete(row.value()); this.changed(); } }, title,
      el("div", { class: "mb-options" }, ...boxes.map((box) => el("label", {}, box, el("span", {}, joint.members[box.value])))),
      el("div", { class: "mb-ends" }, field(words.at_least, least), field(words.at_most, most), field(words.unit, unit), drop), hint);
    return row;
  }

  remove(row) {
    const counted = complete(row.value());
    this.rows.splice(this.rows.indexOf(row), 1);
    row.element.remove();
    this.number();
    this.more.focus();
    if (counted) this.changed();
  }

  number() {
    this.rows.forEach((row, place) => { row.title.textContent = said(this.about.words.limit, { place: place + 1 }); });
    this.more.hidden = this.rows.length >= this.about.words.most;
  }
}

function complete({ members, least, most }) {
  return members.length > 1 && (least.trim() || most.trim()) !== "";
}

function field(title, input) {
  return el("div", {}, el("label", { for: input.id }, title), input);
}
