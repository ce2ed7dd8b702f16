import { SEAM, type NativeModule, type NativeOptions, type NativeSession } from '../native/seam.js';
import { VERSION } from '../native/versions.js';
import { refusal, ScriptedConnection, type Tell } from './ScriptedConnection.js';

/** What the app has asked for since the test began, the oldest first. A test may empty it. */
export const connections: ScriptedConnection[] = [];

let lastId = 0;

/** A native half of which the test is the server. */
export const scriptedModule: NativeModule = {
  version: VERSION,
  seam: SEAM,
  serializeUrl,
  openSession(_key, onEvent) {
    const alive = new Set<number>();
    const session: NativeSession = {
      connect(options: NativeOptions) {
        const url = serializeUrl(options.url);
        const id = (lastId += 1);
        alive.add(id);
        const tell: Tell = (...event) => {
          if (alive.has(id)) onEvent(...([id, ...event] as unknown as Parameters<typeof onEvent>));
        };
        const connection = new ScriptedConnection({ ...options, url }, tell);
        connections.push(connection);
        return connection.socket(id, () => alive.delete(id));
      },
      prewarm: (options) => void serializeUrl(options.url),
      end: () => alive.clear(),
      setLog: () => {},
    };
    return session;
  },
};

function serializeUrl(text: string): string {
  const { URL } = globalThis as unknown as { URL: new (url: string) => { protocol: string; href: string } };
  let url;
  try {
    url = new URL(text);
  } catch {
    throw refusal('invalid-url', 'the URL is not valid');
  }
  if (!/^wss?:$/.test(url.protocol)) throw refusal('invalid-url', "the URL's scheme is not ws or wss");
  if (text.includes('#')) throw refusal('invalid-url', 'the URL has a fragment');
  return url.href;
}
