// One output as an element. Scripts in it do not run: it is put in as HTML, and the page's security policy names scripts.

import { failure } from "./notice.js";

const VIEW = "application/vnd.jupyter.widget-view+json";
const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

// Returns the element, and for a widget how to take it away again.
export function rendered(output, manager) {
  if (output.output_type === "error") return { element: failure(output.evalue) };
  if (output.output_type === "stream") return { element: text(output.text) };
  const data = output.data ?? {};
  if (VIEW in data) return widget(data[VIEW].model_id, manager);
  if ("text/html" in data) return { element: html(joined(data["text/html"])) };
  if ("image/svg+xml" in data) return { element: image("image/svg+xml", base64(joined(data["image/svg+xml"]))) };
  const kind = IMAGES.find((one) => one in data);
  if (kind) return { element: image(kind, joined(data[kind])) };
  return { element: text(joined(data["text/plain"] ?? "")) };
}

function widget(modelId, manager) {
  const element = made("div", "app-widget");
  const removing = manager.show(modelId, element);
  return { element, remove: () => removing.then((remove) => remove()).catch(() => {}) };
}

function html(source) {
  const element = made("div", "app-output");
  element.innerHTML = source;
  return element;
}

function image(kind, coded) {
  const element = made("img", "output");
  element.alt = "";
  element.src = `data:${kind};base64,${coded.replaceAll("\n", "")}`;
  return element;
}

function text(source) {
  const element = made("pre", "output");
  element.translate = false;
  element.textContent = joined(source).replaceAll(/\u001b\[[0-9;]*m/g, "");
  return element;
}

function made(name, className) {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

function joined(source) {
  return Array.isArray(source) ? source.join("") : source;
}

function base64(source) {
  return btoa(Array.from(new TextEncoder().encode(source), (byte) => String.fromCharCode(byte)).join(""));
}
