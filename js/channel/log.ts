import { logNative, type EventReceiver } from '../native/session.js';

/** How grave a line is; each includes the ones before. In the order of the seam's numbers, from 1 on. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** `error`: faults. `warn`: what is suspicious. `info`: connections that open, fail and close. `debug`: steps on the way. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Takes the lines of the library's log, each in a task of its own. */
export type LogHandler = (level: LogLevel, text: string) => void;

let current: { handler: LogHandler | null; level: LogLevel } = { handler: null, level: 'info' };

/** What is undefined stays as it was. @throws the native half's `Error` when it cannot be loaded. */
export function setLog(handler: LogHandler | null | undefined, level: LogLevel | undefined): void {
  if (handler === undefined && level === undefined) return;
  const next = { handler: handler === undefined ? current.handler : handler, level: level ?? current.level };
  logNative(LOG_LEVELS.indexOf(next.level) + 1, next.handler ? receiverOf(next.handler) : undefined);
  current = next;
}

function receiverOf(handler: LogHandler): EventReceiver {
  return {
    receive(_kind, level, text) {
      handler(LOG_LEVELS[(level as number) - 1] ?? 'debug', text as string);
    },
  };
}
