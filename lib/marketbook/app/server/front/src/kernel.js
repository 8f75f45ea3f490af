// The connection to the page's kernel: messages of widgets out, what it answers in, in order, one after another.

import { uuid } from "@jupyter-widgets/base";

import { Comm } from "./comm.js";
import { Socket } from "./socket.js";
import { read, write } from "./wire.js";

export class Kernel {
  // `on.comm(comm, message)`: the kernel opened a comm. `on.error(content)`: a callback has failed.
  // `on.tooLarge()`: a message is larger than the server takes. `on.state(state)`: as `Socket` tells it.
  constructor(config, on) {
    this.session = uuid();
    this.comms = new Map();
    this._on = on;
    this._largest = config.largest;
    this._asked = new Map(); // what has no answer yet: its frame and callbacks, by message id
    this._hooks = new Map();
    this._chain = Promise.resolve();
    this._isLoaded = false; // whether the kernel has told of all its widgets
    this._socket = new Socket(config, this.session, {
      frame: (frame) => this._hear(read(frame)),
      open: () => this._sendOpen(),
      state: on.state,
    });
  }

  connect() {
    this._socket.open();
  }

  close() {
    this._socket.close();
  }

  // Sends a message and returns its id; callbacks are those of jupyter-widgets: {iopub: {status}, shell: {reply}}.
  send(kind, content, { metadata = {}, buffers = [], callbacks = {} } = {}) {
    const header = {
      msg_id: uuid(), msg_type: kind, session: this.session, username: "", version: "5.3",
      date: new Date().toISOString(),
    };
    const frame = write("shell", { header, parent_header: {}, metadata, content, buffers });
    const asked = { frame, callbacks: callbacks ?? {}, update: content.data?.method === "update", sent: false };
    this._asked.set(header.msg_id, asked);
    if (frame.byteLength > this._largest) {
      this._on.tooLarge();
      queueMicrotask(() => this._settle(header.msg_id));
    } else asked.sent = this._socket.send(frame);
    return header.msg_id;
  }

  // Gives what answers a certain message to a function first, which returns whether it has taken it.
  hook(id, take) {
    this._hooks.set(id, [take, ...(this._hooks.get(id) ?? [])]);
    return () => {
      const left = (this._hooks.get(id) ?? []).filter((one) => one !== take);
      if (left.length) this._hooks.set(id, left);
      else this._hooks.delete(id);
    };
  }

  _hear(message) {
    this._chain = this._chain.then(() => this._handle(message)).catch((error) => console.error(error));
  }

  _handle(message) {
    const { header, content } = message;
    const parent = message.parent_header?.msg_id;
    if ((this._hooks.get(parent) ?? []).some((take) => take(message))) return undefined;
    switch (header.msg_type) {
      case "comm_open":
        return this._isLoaded && this._on.comm(new Comm(this, content.target_name, content.comm_id), message);
      case "comm_msg":
        return this._told(content, this.comms.get(content.comm_id)?.heard(message));
      case "comm_info_reply":
        this._settle(parent, { reply: message });
        return this._loads();
      case "comm_close":
        return this._closed(message);
      case "status":
        return content.execution_state === "idle" && this._settle(parent, { status: message });
      case "error":
        return this._on.error(content);
      default:
        return this._settle(parent, { reply: message });
    }
  }

  _told(content, heard) {
    return content.data?.method === "update_states" ? this._loads() : heard;
  }

  // All widgets have just been told: what came before is in that, what comes after waits until their models are there.
  // Of what cells say while a page connects, only a part may come, such as a box without what is in it.
  _loads() {
    this._isLoaded = true;
    return new Promise((resolve) => setTimeout(resolve));
  }

  _closed(message) {
    const comm = this.comms.get(message.content.comm_id);
    this.comms.delete(message.content.comm_id);
    return comm?.closed(message);
  }

  // The connection is there, perhaps again. What was sent before a break may be lost: a widget's state is sent once
  // more, which does no harm; a click is not, which might.
  _sendOpen() {
    for (const [id, asked] of [...this._asked]) {
      if (!asked.sent || asked.update) asked.sent = this._socket.send(asked.frame);
      else this._settle(id);
    }
  }

  // A message has been answered, or will never be: who waits for that hears that it is done.
  _settle(id, { status = { content: { execution_state: "idle" } }, reply } = {}) {
    const asked = this._asked.get(id);
    if (!asked) return;
    if (reply) asked.callbacks.shell?.reply?.(reply);
    else asked.callbacks.iopub?.status?.(status);
    if (reply || !asked.callbacks.shell?.reply) this._asked.delete(id);
  }
}
