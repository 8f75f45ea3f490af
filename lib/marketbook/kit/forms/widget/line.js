/** The way to the kernel and back: a question, its answer, or null where no answer comes. */

const PIECE = 524288;
const PATIENCE = 20000;

export class Line {
  constructor(model) {
    this.model = model;
    this.waiting = new Map();
    this.heard = (message, buffers) => this.hear(message, buffers);
    this.last = 0;
    this.tag = Math.random().toString(36).slice(2);
    model.on("msg:custom", this.heard);
  }

  close() {
    this.model.off("msg:custom", this.heard);
    for (const answer of this.waiting.values()) answer(null);
  }

  hear(message, buffers) {
    const answer = this.waiting.get(message.id);
    if (answer) answer(message, buffers);
    else this.unasked?.(message, buffers);
  }

  ask(question, patience = PATIENCE, buffers = []) {
    this.last += 1;
    const id = `${this.tag}-${this.last}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer(null), patience);
      const answer = (message, pieces = []) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(message && { ...message, buffers: pieces });
      };
      this.waiting.set(id, answer);
      this.model.send({ ...question, id }, undefined, buffers);
    });
  }

  /** Send a file in pieces, each after the one before has arrived. */
  async upload(file, progress, { silent, patience = PATIENCE }) {
    const upload = `${this.tag}-${(this.last += 1)}`;
    const parts = Math.max(1, Math.ceil(file.size / PIECE));
    let answer = {};
    for (let part = 0; part < parts; part += 1) {
      const piece = await file.slice(part * PIECE, (part + 1) * PIECE).arrayBuffer();
      const about = { do: "upload", upload, name: file.name, part, parts };
      answer = await this.ask(about, patience, [piece]);
      if (answer && !answer.failed) progress((part + 1) / parts);
      if (!answer) return { failed: silent };
      if (answer.failed) return answer;
    }
    return answer;
  }
}
