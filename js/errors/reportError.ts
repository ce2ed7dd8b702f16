interface Reporting {
  reportError?: (error: unknown) => void;
}

// Of when the module was loaded: what an app throws is not lost to the fake timers of a test.
const { setTimeout } = globalThis;

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
export function callReporting<A>(callback: ((argument: A) => unknown) | null | undefined, argument: A): void {
  if (typeof callback !== 'function') return;
  try {
    callback(argument);
  } catch (error) {
    reportError(error);
  }
}
