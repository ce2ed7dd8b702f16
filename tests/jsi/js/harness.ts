import { host } from './host.js';

/** Fails the test. */
export function fail(message: string): never {
  throw new Error(message);
}

export function equal<T>(actual: T, expected: T, what = 'the value'): void {
  const [got, wanted] = [describe(actual), describe(expected)];
  if (got !== wanted) fail(`${what} is ${abbreviate(got)} and should be ${abbreviate(wanted)}`);
}

export function ok(condition: boolean, what: string): void {
  if (!condition) fail(what);
}

function describe(value: unknown): string {
  return value instanceof ArrayBuffer ? `[${new Uint8Array(value).join()}]` : (JSON.stringify(value) ?? String(value));
}

function abbreviate(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}

/** What `action` throws. */
export function thrown(action: () => unknown): Error & { code?: string } {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  return fail('nothing was thrown');
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean, what: string, milliseconds = 20_000): Promise<void> {
  const deadline = host.now() + milliseconds;
  while (!condition()) {
    if (host.now() > deadline) fail(`after ${milliseconds} ms still not: ${what}`);
    await wait(1);
  }
}

const tests: Array<{ name: string; run: () => Promise<void> | void }> = [];

/** Declares a test; a name in the host's arguments after the first chooses. */
export function test(name: string, run: () => Promise<void> | void): void {
  tests.push({ name, run });
}

/** Runs the tests one after another, tells of each, and exits. */
export async function runTests(): Promise<void> {
  let failures = 0;
  const wanted = host.arguments.slice(1);
  for (const { name, run } of tests) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    try {
      await run();
      host.print(`ok ${name}`);
    } catch (error) {
      failures += 1;
      host.print(`not ok ${name}\n${(error as Error).message}\n${(error as Error).stack}`);
    }
  }
  host.exit(failures === 0 ? 0 : 1);
}
