const CODES = {
  SyntaxError: 12,
  InvalidStateError: 11,
  InvalidAccessError: 15,
  NetworkError: 19,
  AbortError: 20,
  QuotaExceededError: 22,
  TimeoutError: 23,
} as const;

/** A `DOMException` where the environment has none. */
class SocketException extends Error {
  readonly code: number;

  constructor(message: string, name: keyof typeof CODES) {
    super(message);
    this.name = name;
    this.code = CODES[name];
  }
}

/** The exception that the standard calls `name`. */
export function domException(name: keyof typeof CODES, message: string): Error {
  const { DOMException: Native } = globalThis as { DOMException?: new (message: string, name: string) => Error };
  return Native ? new Native(message, name) : new SocketException(message, name);
}
