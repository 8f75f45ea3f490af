/** One field of a form: its element, what is typed in it, and what is wrong with it. */

import { Combobox } from "./combobox.js";
import { button, el, said } from "./dom.js";
import { Grid } from "./grid.js";

const PASTED_DAY = /^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*$/;

/** The parts that every field has around its input; `id` is the id of its first input. */
function frame(field, id, words, inputs, { group = false, wide = false } = {}) {
  const free = field.free ? el("span", { class: "mb-free" }, ` ${words.free}`) : null;
  const error = el("p", { class: "mb-error", id: `${id}-error`, hidden: true });
  const about = [
    field.help ? el("p", { class: "mb-help", id: `${id}-help` }, field.help) : null,
    field.limits ? el("p", { class: "mb-help", id: `${id}-limits` }, field.limits) : null,
  ];
  const described = [error.id, field.help && `${id}-help`, field.limits && `${id}-limits`].filter(Boolean).join(" ");
  const label = group ? el("legend", {}, field.title, free) : el("label", { for: id }, field.title, free);
  const shape = `mb-field${wide ? " mb-wide" : ""}`;
  const element = el(group ? "fieldset" : "div", { class: shape, ...(group ? { "aria-describedby": described } : {}) }, label, inputs, error, ...about);
  const refuse = (told, marked) => {
    error.textContent = told ?? "";
    error.hidden = !told;
    element.classList.toggle("mb-wrong", Boolean(told));
    for (const one of marked) {
      if (told) one.setAttribute("aria-invalid", "true");
      else one.removeAttribute("aria-invalid");
    }
  };
  return { element, described, refuse };
}

function inputField(field, id, context) {
  const long = ["long", "texts", "numbers"].includes(field.kind);
  const input = long
    ? el("textarea", { id, rows: field.kind === "long" ? 4 : 3 })
    : el("input", { id, type: field.kind === "date" ? "date" : "text", inputmode: field.mode || false, autocomplete: "off" });
  if (field.required) input.setAttribute("aria-required", "true");
  const framed = frame(field, id, context.words, field.offers ? offering(field, id, input, context) : input);
  input.setAttribute("aria-describedby", framed.described);
  input.addEventListener("input", () => context.changed());
  input.addEventListener("change", () => context.left());
  input.addEventListener("blur", () => context.left());
  if (field.kind === "date") input.addEventListener("paste", (event) => pasteDay(event, input, context));
  return {
    element: framed.element,
    get: () => input.value,
    set: (text) => {
      if (field.kind === "date") input.type = text && !/^\d{4}-\d\d-\d\d$/.test(text) ? "text" : "date";
      input.value = text ?? "";
    },
    refuse: (told) => framed.refuse(told[""], [input]),
    focus: () => input.focus(),
  };
}

/** The input with a list of known texts below it; any other may be typed. */
function offering(field, id, input, context) {
  const pick = (item) => {
    input.value = item.label;
    context.changed();
    context.left();
  };
  const list = new Combobox({ input, id, words: context.words, find: (text) => context.search(field.name, text), pick, free: true });
  input.addEventListener("keydown", (event) => list.key(event));
  input.addEventListener("focus", () => list.search());
  return el("div", { class: "mb-search" }, input, list.list);
}

function pasteDay(event, input, context) {
  const found = event.clipboardData?.getData("text/plain").match(PASTED_DAY);
  if (!found) return;
  event.preventDefault();
  input.value = `${found[1]}-${found[2].padStart(2, "0")}-${found[3].padStart(2, "0")}`;
  context.changed();
  context.left();
}

function selectField(field, id, context) {
  const select = el("select", { id });
  if (field.required) select.setAttribute("aria-required", "true");
  const offer = (choices) => select.replaceChildren(...choices.map((one) => el("option", { value: one.text, lang: one.lang }, one.label)));
  offer(field.choices);
  const framed = frame(field, id, context.words, select);
  select.setAttribute("aria-describedby", framed.described);
  select.addEventListener("change", () => {
    context.changed();
    context.left();
  });
  return {
    element: framed.element,
    get: () => select.value,
    set: (text) => {
      const known = field.choices.some((one) => one.text === text);
      offer(known || !text ? field.choices : [...field.choices, { text, label: text }]);
      select.value = text ?? "";
    },
    refuse: (told) => framed.refuse(told[""], [select]),
    focus: () => select.focus(),
  };
}

function boxesField(field, id, context) {
  const many = field.kind === "choices";
  const boxes = field.choices.map((one, place) =>
    el("input", { type: many ? "checkbox" : "radio", id: place ? `${id}-${place}` : id, name: id, value: one.text }));
  const labels = field.choices.map((one, place) => el("label", {}, boxes[place], el("span", { lang: one.lang }, one.label)));
  const framed = frame(field, id, context.words, el("div", { class: "mb-options" }, ...labels), { group: true });
  for (const box of boxes) {
    box.addEventListener("change", () => {
      context.changed();
      context.left();
    });
  }
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return {
    element: framed.element,
    get: () => (many ? chosen() : (chosen()[0] ?? "")),
    set: (value) => {
      for (const box of boxes) box.checked = many ? (value ?? []).includes(box.value) : box.value === value;
    },
    refuse: (told) => framed.refuse(told[""], boxes),
    focus: () => boxes[0]?.focus(),
  };
}

function referenceField(field, id, context) {
  const input = el("input", { id, type: "text", autocomplete: "off", placeholder: context.words.search });
  let chosen = "";
  let label = "";
  const choose = (item) => {
    chosen = item?.id ?? "";
    label = item?.label ?? "";
    input.value = label;
    context.changed();
    context.left();
  };
  const list = new Combobox({ input, id, words: context.words, find: (text) => context.search(field.name, text), pick: choose });
  const empty = field.required ? null : button("×", () => choose(null), { class: "mb-quiet mb-clear", "aria-label": `${context.words.clear}: ${field.title}` });
  const framed = frame(field, id, context.words, el("div", { class: "mb-search" }, input, empty, list.list));
  input.setAttribute("aria-describedby", framed.described);
  input.addEventListener("keydown", (event) => list.key(event));
  input.addEventListener("focus", () => list.search(""));
  input.addEventListener("input", () => {
    chosen = "";
    context.changed();
  });
  input.addEventListener("blur", () => {
    if (!chosen && input.value.trim() && input.value === label) input.value = "";
    context.left();
  });
  return {
    element: framed.element,
    get: () => chosen || input.value.trim(),
    set: (value) => {
      label = context.labels[`${field.name}:${value}`] ?? "";
      chosen = label || /^\d+$/.test(value ?? "") ? (value ?? "") : "";
      input.value = label || value || "";
    },
    refuse: (told) => framed.refuse(told[""], [input]),
    focus: () => input.focus(),
  };
}

function attachmentField(field, id, context) {
  const { words } = context;
  const input = el("input", { id, type: "file", class: "mb-hidden-file" });
  const shown = el("p", { class: "mb-file", role: "status" });
  const chooser = el("span", { class: "mb-file-button", "aria-hidden": "true", click: () => input.click() }, words.choose_file);
  const framed = frame(field, id, words, el("div", { class: "mb-attachment" }, input, chooser, shown));
  input.setAttribute("aria-describedby", framed.described);
  let attached = null;
  const show = () => {
    shown.replaceChildren();
    if (!attached) return;
    const size = said(words.kilobytes, { size: Math.max(1, Math.round(attached.size / 1000)).toLocaleString() });
    shown.append(el("span", {}, `${attached.name} · ${size} `), button(words.remove, () => take(null)));
  };
  const take = (value) => {
    attached = value;
    input.value = "";
    show();
    context.changed(true);
    context.left();
  };
  const give = async (file) => {
    const progress = (share) => { shown.textContent = said(words.uploading, { name: file.name, share: Math.round(share * 100) }); };
    progress(0);
    const answer = await context.upload(file, progress);
    if (answer.attached) take(answer.attached);
    else {
      show();
      framed.refuse(answer.failed, [input]);
    }
  };
  input.addEventListener("change", () => { if (input.files[0]) give(input.files[0]); });
  return {
    element: framed.element,
    give,
    get: () => attached,
    set: (value) => {
      attached = value ?? null;
      show();
    },
    refuse: (told) => framed.refuse(told[""], [input]),
    focus: () => input.focus(),
  };
}

function linesField(field, id, context) {
  const grid = new Grid({ field, id, words: context.words, changed: context.changed, left: context.left,
    search: (column, text) => context.search(`${field.name}.${column}`, text) });
  const framed = frame(field, id, context.words, grid.element, { group: true, wide: true });
  return {
    element: framed.element,
    get: () => grid.get(),
    set: (value) => grid.set(value),
    refuse: (told) => {
      framed.refuse(told[""], []);
      grid.refuse(told);
    },
    focus: (path) => grid.focus(path),
  };
}

function hiddenField() {
  let kept = "";
  return { element: null, get: () => kept, set: (value) => { kept = value; }, refuse: () => {}, focus: () => {} };
}

const MAKERS = {
  choice: selectField,
  choices: boxesField,
  flag: boxesField,
  reference: referenceField,
  attachment: attachmentField,
  lines: linesField,
  hidden: hiddenField,
};

/**
 * Make a field.
 *
 * @param context `{words, labels, changed(atOnce), left(), search(name, text), upload(file, progress)}`
 */
export function makeField(field, id, context) {
  return (MAKERS[field.kind] ?? inputField)(field, id, context);
}
