import { LOG_LEVELS, setLog, type LogHandler, type LogLevel } from '../channel/log.js';
import { setMaxSockets } from './limits.js';

/** What {@link configure} sets. */
export interface Configuration {
  /** How many tasks of connectSocket may have a slot at a time: a positive integer or Infinity. Default 2. */
  maxSockets?: number;
  /** Takes the lines of the library's log, for the whole process; null, the default: nobody does. No line has a secret in it. */
  log?: LogHandler | null;
  /** Which lines `log` is given. Default 'info'. */
  logLevel?: LogLevel;
}

const SETTINGS = ['maxSockets', 'log', 'logLevel'];

/**
 * Changes the package's settings; what is left out stays.
 * @throws RangeError or TypeError for a value that is not acceptable, TypeError for an unknown setting; nothing is changed then.
 */
export function configure(configuration: Configuration): void {
  if (typeof configuration !== 'object' || configuration === null) throw new TypeError('configure needs an object');
  const { maxSockets, log, logLevel } = configuration;
  const unknown = Object.keys(configuration).find((key) => !SETTINGS.includes(key));
  if (unknown !== undefined) throw new TypeError(`there is no setting ${unknown}; there are ${SETTINGS.join(', ')}`);
  if (maxSockets !== undefined && !(maxSockets === Infinity || (Number.isInteger(maxSockets) && maxSockets > 0))) {
    throw new RangeError('maxSockets should be a positive integer or Infinity');
  }
  if (log !== undefined && log !== null && typeof log !== 'function')
    throw new TypeError('log should be a Function or null');
  if (logLevel !== undefined && !LOG_LEVELS.includes(logLevel)) {
    throw new TypeError(`logLevel should be ${LOG_LEVELS.join(', ')}`);
  }
  // What may fail comes first.
  setLog(log, logLevel);
  if (maxSockets !== undefined) setMaxSockets(maxSockets);
}
