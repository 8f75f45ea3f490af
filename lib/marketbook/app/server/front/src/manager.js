// The widgets of the page: their classes, their models from the kernel, their views in the page.

import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import anywidget from "anywidget";

import { Comm } from "./comm.js";
import * as output from "./output.js";

const MODULES = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  "@jupyter-widgets/output": output,
  anywidget: anywidget(base),
};

export class Manager extends ManagerBase {
  constructor(kernel) {
    super();
    this.kernel = kernel;
    window.addEventListener("resize", () => this._resized());
    this._shown = new Set();
  }

  // Makes the models of all widgets that the kernel has.
  load() {
    return this._loadFromKernel();
  }

  // Shows a widget in an element of the page; returns a function that takes it away again.
  async show(modelId, element) {
    const view = await this.create_view(await this.get_model(modelId));
    Widget.attach(view.luminoWidget, element);
    this._shown.add(view);
    view.on("remove", () => this._shown.delete(view));
    return () => view.remove();
  }

  handleComm(comm, message) {
    if (comm.target_name === this.comm_target_name) return this.handle_comm_open(comm, message);
    return comm.close();
  }

  // Only what is bundled: nothing is loaded from anywhere.
  async loadClass(className, moduleName) {
    const found = MODULES[moduleName]?.[className];
    if (!found) throw new Error(`${moduleName}.${className} is not among the widgets that pages can show`);
    return found;
  }

  async _create_comm(targetName, modelId, data, metadata, buffers) {
    const comm = this.kernel.comms.get(modelId) ?? new Comm(this.kernel, targetName, modelId ?? base.uuid());
    if (data || metadata) comm.open(data, {}, metadata, buffers);
    return comm;
  }

  _get_comm_info() {
    return new Promise((resolve) => {
      const callbacks = { shell: { reply: ({ content }) => resolve(content.comms) } };
      this.kernel.send("comm_info_request", { target_name: this.comm_target_name }, { callbacks });
    });
  }

  _resized() {
    for (const view of this._shown) MessageLoop.postMessage(view.luminoWidget, Widget.ResizeMessage.UnknownSize);
  }
}
