interface Reporting {
  reportError?: (error: unknown) => void;
}

/** Reports what an app's callback threw, as the environment reports an uncaught error, without stopping the caller. */
export function reportError(error: unknown): void {
  const report = (globalThis as Reporting).reportError;
  if (typeof report === 'function') {
    report(error);
    return;
  }
  setTimeout(() => {
    throw error;
  }, 0);
}

/** Calls an app's callback; what it throws is reported. */
export function callReporting<A extends unknown[]>(
  callback: ((...args: A) => unknown) | null | undefined,
  ...args: A
): void {
  if (typeof callback !== 'function') return;
  try {
    callback(...args);
  } catch (error) {
    reportError(error);
  }
}
