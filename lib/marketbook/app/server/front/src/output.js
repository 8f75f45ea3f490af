// The Output widget: it takes what the kernel shows while it is open (`with output:`), and shows it.

import { DOMWidgetView } from "@jupyter-widgets/base";
import { OutputModel as Base } from "@jupyter-widgets/output";

import { rendered } from "./render.js";

const KINDS = ["stream", "display_data", "execute_result", "error"];

export class OutputModel extends Base {
  defaults() {
    return { ...super.defaults(), msg_id: "", outputs: [] };
  }

  initialize(attributes, options) {
    super.initialize(attributes, options);
    this.on("change:msg_id", () => this._listen());
    this.on("destroy", () => this._release?.());
    this._listen();
  }

  _listen() {
    this._release?.();
    this._release = undefined;
    const id = this.get("msg_id");
    if (id) this._release = this.widget_manager.kernel.hook(id, (message) => this._take(message));
  }

  _take({ header, content }) {
    if (header.msg_type === "clear_output") {
      this._clearing = content.wait;
      if (!content.wait) this._show([]);
      return true;
    }
    if (!KINDS.includes(header.msg_type)) return false;
    const before = this._clearing ? [] : this.get("outputs");
    this._clearing = false;
    this._show(added(before, { output_type: header.msg_type, ...content }));
    return true;
  }

  _show(outputs) {
    this.set("outputs", outputs);
    this.save_changes();
  }
}

// Outputs with one more; what is written to the same stream stays in one piece.
function added(outputs, one) {
  const last = outputs.at(-1);
  if (one.output_type !== "stream" || last?.output_type !== "stream" || last.name !== one.name) return [...outputs, one];
  return [...outputs.slice(0, -1), { ...last, text: last.text + one.text }];
}

export class OutputView extends DOMWidgetView {
  render() {
    super.render();
    this.el.classList.add("jupyter-widgets", "jupyter-widget-output", "app-told-output");
    this._drawn = [];
    this.listenTo(this.model, "change:outputs", () => this._draw());
    this._draw();
  }

  remove() {
    this._dispose(0);
    super.remove();
  }

  // What stands already stays; the rest is drawn anew.
  _draw() {
    const outputs = this.model.get("outputs") ?? [];
    let same = 0;
    while (same < this._drawn.length && this._drawn[same].output === outputs[same]) same += 1;
    this._dispose(same);
    for (const output of outputs.slice(same)) {
      const drawn = rendered(output, this.model.widget_manager);
      this._drawn.push({ output, ...drawn });
      this.el.append(drawn.element);
    }
  }

  _dispose(from) {
    for (const { element, remove } of this._drawn.splice(from)) {
      remove?.();
      element.remove();
    }
  }
}
