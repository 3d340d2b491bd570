/** An editor that knows just enough of LSP to run commands and to be sent to a page. */

/** A session with `ksext lsp`. Ends with the test. */
export class LanguageClient {
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: any) => void }>} */
  #waiting = new Map();
  #lastId = 0;
  #bytes = Buffer.alloc(0);
  /** @type {(address: string) => void} */
  #sentTo = () => {};

  /** The address of the page that the server wants to be shown. */
  page = new Promise((resolve) => (this.#sentTo = resolve));

  /** Everything that the server has sent. */
  received = '';

  /** @param {import('node:child_process').ChildProcessWithoutNullStreams} child */
  constructor(child) {
    this.child = child;
    child.stdout.on('data', (bytes) => this.#read(bytes));
    child.stderr.setEncoding('utf8').on('data', (text) => (this.received += text));
  }

  /**
   * @param {import('node:test').TestContext} t
   * @param {import('./machine.mjs').Machine} machine
   * @param {{ server: string, locale: string }} options
   */
  static async start(t, machine, { server, locale }) {
    const editor = new LanguageClient(machine.start(t, ['lsp'], { KSEXT_LOG: 'trace' }));
    const capabilities = { window: { showDocument: { support: true } } };
    await editor.request('initialize', { processId: null, locale, capabilities, initializationOptions: { server } });
    editor.#send({ method: 'initialized', params: {} });
    return editor;
  }

  /**
   * Runs a command; the promise is its answer.
   * @param {string} command
   * @param {object} [argument]
   */
  run(command, argument = {}) {
    return this.request('workspace/executeCommand', { command, arguments: [argument] });
  }

  /**
   * @param {string} method
   * @param {unknown} params
   * @returns {Promise<any>}
   */
  request(method, params) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  /** @param {object} message */
  #send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.child.stdin.write(body);
  }

  /** @param {Buffer} bytes */
  #read(bytes) {
    this.received += bytes;
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    for (;;) {
      const end = this.#bytes.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(this.#bytes.toString('utf8', 0, Math.max(end, 0)))?.[1]);
      if (end < 0 || this.#bytes.length < end + 4 + length) return;
      const body = this.#bytes.toString('utf8', end + 4, end + 4 + length);
      this.#bytes = this.#bytes.subarray(end + 4 + length);
      this.#take(JSON.parse(body));
    }
  }

  /** @param {any} message */
  #take(message) {
    if (message.method === undefined) {
      const { resolve, reject } = this.#waiting.get(message.id) ?? {};
      return message.error ? reject?.(message.error) : resolve?.(message.result);
    }
    if (message.id === undefined) return;
    const shown = message.method === 'window/showDocument';
    if (shown) this.#sentTo(message.params.uri);
    this.#send({ id: message.id, result: shown ? { success: true } : null });
  }
}
