/** Why a command of the server was not done. */

/** An error of the server's; its message says all, also the hint. */
export class Refused extends Error {
  constructor(
    message: string,
    /** `auth`, `network` …, or `unknown` for what is no word of the server's. */
    readonly kind: string,
    readonly hint: string | undefined,
    /** Of the HTTP answer, if there was one. */
    readonly status: number | undefined,
  ) {
    super(message);
  }

  /** Whether there is no key at all, in contrast to one that was not accepted. */
  get isWithoutKey(): boolean {
    return this.kind === 'auth' && this.status === undefined;
  }
}

/** What is shown of a refusal: where a button does what the hint tells to type in a terminal, not the hint. */
export function shown({ message, hint, kind }: Refused): string {
  if (kind !== 'invalid-package' || !hint || !message.endsWith(hint)) return message;
  return message.slice(0, -hint.length).replace(/[;；]\s*$/, '');
}

/** What `error` says of a command. */
export function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  const message = error instanceof Error ? error.message : String(error);
  const data: unknown = error instanceof Object && 'data' in error ? error.data : undefined;
  if (!(data instanceof Object) || !('kind' in data) || typeof data.kind !== 'string') {
    return new Refused(message, 'unknown', undefined, undefined);
  }
  const hint = 'hint' in data && typeof data.hint === 'string' ? data.hint : undefined;
  const status = 'status' in data && typeof data.status === 'number' ? data.status : undefined;
  return new Refused(message, data.kind, hint, status);
}

/** What may be done about a refusal. */
export type Remedy = 'sign-in' | 'retry' | 'problems' | 'size' | 'cloud' | 'log' | 'restart';

/** What is offered for a refusal, the best first. */
export function remedies(kind: string): Remedy[] {
  switch (kind) {
    case 'auth':
      return ['sign-in'];
    case 'forbidden':
      return ['sign-in', 'cloud'];
    case 'network':
    case 'timeout':
    case 'rate-limited':
    case 'server':
      return ['retry', 'log'];
    case 'tls':
      return ['log'];
    case 'too-large':
      return ['size', 'problems'];
    case 'invalid-package':
      return ['problems'];
    case 'conflict':
      return ['cloud'];
    case 'not-found':
    case 'invalid-argument':
    case 'cancelled':
      return [];
    default:
      return ['log', 'restart'];
  }
}

/** The page of a cloud for whoever wants to see for themselves: a sandbox has the reviewer's. */
export function pageOf(server: string): string {
  const address = server.replace(/\/+$/, '');
  return /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(address) ? `${address}/review` : address;
}
