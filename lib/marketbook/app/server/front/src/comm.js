// A comm: the line between a widget here and its other half in the kernel, as jupyter-widgets expects it.

export class Comm {
  constructor(kernel, targetName, commId) {
    this.comm_id = commId;
    this.target_name = targetName;
    this._kernel = kernel;
    kernel.comms.set(commId, this);
  }

  open(data, callbacks, metadata, buffers) {
    return this._send("comm_open", { target_name: this.target_name, data }, callbacks, metadata, buffers);
  }

  send(data, callbacks, metadata, buffers) {
    return this._send("comm_msg", { data }, callbacks, metadata, buffers);
  }

  close(data = {}, callbacks, metadata, buffers) {
    this._kernel.comms.delete(this.comm_id);
    return this._send("comm_close", { data }, callbacks, metadata, buffers);
  }

  on_msg(handle) {
    this.heard = handle;
  }

  on_close(handle) {
    this.closed = handle;
  }

  heard() {}

  closed() {}

  _send(kind, content, callbacks, metadata, buffers) {
    return this._kernel.send(kind, { comm_id: this.comm_id, ...content }, { callbacks, metadata, buffers });
  }
}
