// What tests of connectSocket have in common.

import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  connectSocket,
  type ConnectOption,
  type OnCloseResult,
  type OnErrorResult,
  type OnMessageResult,
  type OnOpenResult,
  type SocketTask,
} from 'react-native-socket-task';

export interface Recording {
  task: SocketTask;
  /** What came, in its order. */
  events: Array<
    ['open', OnOpenResult] | ['message', OnMessageResult] | ['error', OnErrorResult] | ['close', OnCloseResult]
  >;
  opened: Promise<OnOpenResult>;
  failed: Promise<OnErrorResult>;
  closed: Promise<OnCloseResult>;
  /** The next message that no earlier call has returned. */
  message(): Promise<any>;
  names(): string[];
}

/** Registers listeners that note everything. */
export function record(task: SocketTask): Recording {
  const events: Recording['events'] = [];
  const messages: unknown[] = [];
  const waiting: Array<(data: unknown) => void> = [];
  const recording = { task, events } as Recording;
  recording.opened = new Promise((resolve) =>
    task.onOpen((result) => {
      events.push(['open', result]);
      resolve(result);
    }),
  );
  recording.failed = new Promise((resolve) =>
    task.onError((result) => {
      events.push(['error', result]);
      resolve(result);
    }),
  );
  recording.closed = new Promise((resolve) =>
    task.onClose((result) => {
      events.push(['close', result]);
      resolve(result);
    }),
  );
  task.onMessage((result) => {
    events.push(['message', result]);
    const next = waiting.shift();
    if (next) next(result.data);
    else messages.push(result.data);
  });
  recording.message = () =>
    messages.length > 0 ? Promise.resolve(messages.shift()) : new Promise((resolve) => waiting.push(resolve));
  recording.names = () => events.map(([name]) => name);
  return recording;
}

/** Connects and records; the task is closed when the test ends. */
export async function connect(t: TestContext, option: ConnectOption): Promise<Recording> {
  const recording = record(await connectSocket(option));
  t.after(() => close(recording));
  return recording;
}

/** Connects and waits until the socket is open. */
export async function open(t: TestContext, option: ConnectOption): Promise<Recording> {
  const recording = await connect(t, option);
  await Promise.race([
    recording.opened,
    recording.closed.then((result) => {
      throw new Error(`closed instead of opened: ${JSON.stringify([recording.events, result])}`);
    }),
  ]);
  return recording;
}

/** Closes and waits until the slot is free. */
export async function close({ task, closed }: Recording): Promise<void> {
  void task.close();
  if (task.readyState !== task.CLOSED) await closed;
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean, what: string, timeout = 10_000): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`timed out waiting until ${what}`);
    await sleep(2);
  }
}

/** What `promise` was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<any> {
  try {
    await promise;
  } catch (reason) {
    return reason;
  }
  throw new Error('the promise was not rejected');
}

/** What Taro's functions fail with: an Error whose text is enumerable as `errMsg`. */
export function failure(errMsg: string): Error {
  return Object.assign(new Error(errMsg), { errMsg });
}

/** Collects what `console.warn` is given until the test ends. */
export function warnings(t: TestContext): string[] {
  const collected: string[] = [];
  t.mock.method(console, 'warn', (...args: unknown[]) => void collected.push(args.join(' ')));
  return collected;
}

/** Collects exceptions that nobody caught, until the test ends. */
export function uncaughtErrors(t: TestContext): unknown[] {
  const collected: unknown[] = [];
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => collected.push(error));
  t.after(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of before) process.on('uncaughtException', listener);
  });
  return collected;
}
