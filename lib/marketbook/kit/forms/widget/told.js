/** Something to read. Its HTML comes from an escaping template of ours, and the page's policy runs no script of it. */

import { comeForward, el } from "./dom.js";

export default {
  render({ model, el: root }) {
    const { html, tag, focus } = model.get("described");
    const told = el("section", { class: "mb-form mb-told", lang: tag });
    told.innerHTML = html;
    root.append(told);
    if (focus) comeForward(told, ".mb-done, .mb-refused, .mb-title");
  },
};
