/** A form: draws what Python describes, keeps the draft, and sends it when asked to. */

import { button, clock, comeForward, el, prefix, said } from "./dom.js";
import { Draft } from "./draft.js";
import { makeField } from "./fields.js";
import { Line } from "./line.js";

const SILENCE = 30000;
const FLUSHING = 3000;

class FormView {
  constructor({ model, root }) {
    this.model = model;
    this.about = model.get("described");
    this.words = this.about.words;
    this.id = prefix();
    this.line = new Line(model);
    this.touched = new Set();
    this.fields = new Map();
    this.draft = new Draft({
      server: this.about.server,
      place: { form: this.about.name, record: this.about.record },
      content: () => this.values(),
      tell: (state) => this.tell(state),
      after: this.about.draft?.at ?? null,
      elsewhere: (other) => this.typedElsewhere(other),
    });
    this.build(root);
    this.fill(model.get("values"));
    this.reconcile();
    this.refused = () => this.show();
    this.foretold = () => this.sayAhead();
    model.on("change:refusals", this.refused);
    model.on("change:ahead", this.foretold);
  }

  close() {
    this.draft.close();
    this.line.close();
    this.model.off("change:refusals", this.refused);
    this.model.off("change:ahead", this.foretold);
  }

  build(root) {
    const { about, words } = this;
    for (const field of about.fields) this.fields.set(field.name, this.field(field));
    const elements = [...this.fields.values()].map((one) => one.element).filter(Boolean);
    this.note = el("div", { class: "mb-note", hidden: true });
    this.summary = el("div", { class: "mb-refused", role: "alert", tabindex: "-1", hidden: true });
    this.done = el("div", { class: "mb-done", role: "status", tabindex: "-1", hidden: true });
    this.send = el("button", { type: "submit", class: elements.length && !about.main ? "" : "mb-quiet" }, about.submit);
    this.further = about.also.map(({ pressed, text }) => el("button", { type: "button", class: pressed === about.main ? "" : "mb-quiet", click: () => this.submit(pressed) }, text));
    this.ahead = el("p", { class: "mb-ahead", role: "status", hidden: true });
    this.status = el("p", { class: "mb-status", role: "status" });
    this.form = el("form", { class: elements.length ? "mb-form" : "mb-form mb-bare", novalidate: true, autocomplete: "off", lang: about.tag,
      "data-lm-suppress-shortcuts": "true", submit: (event) => { event.preventDefault(); this.submit(); } },
      ...this.folded(about.title ? el("h2", { class: "mb-title", tabindex: "-1" }, about.title) : null,
        this.done, this.note, this.summary, el("div", { class: "mb-fields" }, ...elements), this.ahead,
        el("div", { class: "mb-send" }, this.send, ...this.further, this.status)));
    root.append(this.form);
    this.form.addEventListener("paste", (event) => this.pastePicture(event));
    if (about.focus) comeForward(this.form);
  }

  /** On a phone what is needed less often is opened by its heading; it stands open where something was typed before. */
  folded(title, ...parts) {
    if (!this.about.folded || !title || !matchMedia("(max-width: 560px)").matches) return [title, ...parts];
    return [el("details", { class: "mb-fold", open: Boolean(this.about.draft) }, el("summary", {}, title), ...parts)];
  }

  /** A picture that is pasted anywhere in the form is attached to it, where it asks for a file. */
  pastePicture(event) {
    const picture = [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith("image/"));
    const asked = this.about.fields.find((field) => field.kind === "attachment");
    if (!picture || !asked) return;
    event.preventDefault();
    this.fields.get(asked.name).give(picture);
  }

  field(field) {
    return makeField(field, `${this.id}-${field.name}`, {
      words: this.words,
      labels: this.about.labels,
      changed: (atOnce = false) => this.changed(atOnce),
      left: () => this.left(field.name),
      search: (name, text) => this.line.ask({ do: "search", field: name, text }).then((answer) => answer ?? { failed: this.words.silent }),
      upload: (file, progress) => this.line.upload(file, progress, { silent: this.words.silent }),
    });
  }

  values() {
    return Object.fromEntries([...this.fields].map(([name, field]) => [name, field.get()]));
  }

  fill(values) {
    for (const [name, field] of this.fields) field.set(values[name]);
  }

  changed(atOnce) {
    this.done.hidden = true;
    this.draft.touch(atOnce ? 0 : undefined);
  }

  left(name) {
    this.touched.add(name);
    this.draft.keep();
    this.sync();
  }

  sync() {
    this.model.set("values", this.values());
    this.model.save_changes();
  }

  /** Show what was refused of the fields that were left already; of all once the form was sent. */
  show() {
    const told = this.model.get("refusals") ?? {};
    const places = {};
    for (const [path, text] of Object.entries(told)) {
      const [name, ...inner] = path.split("/");
      (places[name] ??= {})[inner.join("/")] = text;
    }
    for (const [name, field] of this.fields) field.refuse(this.touched.has(name) ? (places[name] ?? {}) : {});
    if (!this.summary.hidden) this.summarise(told, false);
  }

  /** What is said of the record as it stands, before it is sent. */
  sayAhead() {
    const told = this.model.get("ahead") ?? "";
    this.ahead.hidden = !told;
    this.ahead.textContent = told;
  }

  summarise(told, focus) {
    const lines = [];
    const counted = new Set();
    for (const [path, text] of Object.entries(told)) {
      const [name, row] = path.split("/");
      const field = this.about.fields.find((one) => one.name === name);
      if (!field) lines.unshift(el("li", {}, text));
      else if (!counted.has(name)) lines.push(this.link(field, row, text, path));
      counted.add(name);
    }
    this.summary.hidden = !lines.length;
    this.summary.replaceChildren(el("h3", {}, this.words.refused), el("ul", {}, ...lines));
    if (focus && lines.length) this.summary.focus();
  }

  link(field, row, text, path) {
    const where = row === undefined ? "" : ` ${said(this.words.lines_only, { row: Number(row) + 1 })}`;
    const jump = (event) => { event.preventDefault(); this.fields.get(field.name).focus(path); };
    return el("li", {}, el("a", { href: `#${this.id}-${field.name}`, click: jump }, field.title), this.words.colon, text, where);
  }

  /** What the server holds against what this device holds: the later one is shown, the other is not lost. */
  reconcile() {
    const { draft, words, about } = this;
    const copy = draft.copy();
    if (copy && copy.at === about.draft?.at) draft.drop();
    else if (copy && copy.at > (about.draft?.at ?? 0)) this.take(copy);
    else if (copy) {
      const moment = clock(copy.at, about.tag);
      this.noted(said(words.draft, { moment: about.draft.moment }), this.overButton(),
        el("span", {}, said(words.other_copy, { moment })),
        button(words.use_copy, () => this.take(copy)), button(words.drop_copy, () => { draft.drop(); this.note.hidden = true; }));
    } else if (about.draft) this.noted(said(words.draft, { moment: about.draft.moment }), this.overButton());
  }

  /** Another tab has typed into this form: the reader sees both, and says with which one to go on. */
  typedElsewhere(other) {
    const { draft, words, about } = this;
    const mine = this.values();
    const back = button(words.back_to_mine, () => {
      this.fill(mine);
      this.note.hidden = true;
      this.changed(true);
    });
    const use = button(words.use_other, () => {
      this.fill({ ...mine, ...other.values });
      draft.adopt(other.at);
      this.tell("saved");
      this.noted(back);
    });
    const keep = button(words.keep_mine, () => { this.note.hidden = true; draft.overwrite(other.at); });
    this.noted(el("span", {}, said(words.elsewhere, { moment: clock(other.at, about.tag) })), use, keep);
  }

  take(copy) {
    this.fill({ ...this.values(), ...copy.values });
    this.draft.at = copy.at;
    this.draft.version += 1;
    this.draft.keep();
    this.noted(said(this.words.this_device, { moment: clock(copy.at, this.about.tag) }), this.overButton());
  }

  noted(...parts) {
    this.note.replaceChildren(...parts);
    this.note.hidden = false;
  }

  overButton() {
    return button(this.words.start_over, () => this.startOver());
  }

  async startOver() {
    const before = this.values();
    this.fill(this.about.initial);
    this.touched.clear();
    this.show();
    await this.draft.discard();
    this.status.textContent = "";
    this.noted(button(this.words.back, () => {
      this.fill(before);
      this.note.hidden = true;
      this.changed(true);
    }));
  }

  tell(state) {
    this.status.dataset.state = state;
    this.status.textContent = this.words[state];
  }

  /** Send it, by its own button or by a further one, which says so. */
  async submit(pressed = "") {
    if (this.waiting) return;
    this.waiting = true;
    const buttons = [this.send, ...this.further];
    for (const one of buttons) one.setAttribute("aria-disabled", "true");
    this.status.textContent = this.words.sending;
    await Promise.race([this.draft.keep(), new Promise((after) => setTimeout(after, FLUSHING))]);
    const attempt = `${Date.now()}-${Math.random()}`;
    const version = this.draft.version;
    const answer = await this.line.ask({ do: "submit", attempt, draft: { tab: this.draft.tab, after: this.draft.after }, values: { ...this.values(), ...(this.further.length ? { pressed } : {}) } }, SILENCE);
    this.waiting = false;
    for (const one of buttons) one.removeAttribute("aria-disabled");
    this.status.textContent = "";
    this.answered(answer ?? { failed: this.words.silent }, version);
  }

  answered(answer, version) {
    for (const name of this.fields.keys()) this.touched.add(name);
    if (answer.text === undefined) {
      const refusals = answer.refusals ?? { "": answer.failed ?? this.words.silent };
      this.model.set("refusals", refusals);
      this.show();
      this.summarise(refusals, true);
      return;
    }
    this.summary.hidden = this.note.hidden = true;
    this.touched.clear();
    if (answer.fresh) this.about = { ...this.about, initial: answer.fresh };
    if (this.draft.version === version) {
      this.draft.forget();
      if (answer.fresh) this.fill(answer.fresh);
    }
    this.show();
    this.thank(answer);
  }

  thank({ text, shown }) {
    const code = shown ? el("code", {}, shown) : null;
    const copy = shown && navigator.clipboard
      ? button(this.words.copy, async (event) => {
        await navigator.clipboard.writeText(shown);
        event.target.textContent = this.words.copied;
      })
      : null;
    this.done.replaceChildren(el("p", {}, text), ...(code ? [el("p", { class: "mb-shown" }, code, " ", copy)] : []));
    this.done.hidden = !text && !shown;
    if (!this.done.hidden) this.done.focus();
  }
}

export default {
  render({ model, el: root }) {
    const view = new FormView({ model, root });
    return () => view.close();
  },
};
