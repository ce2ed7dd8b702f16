import { environment } from '../native/environment.js';
import type { NativeSocket } from '../native/seam.js';

/** How long an app may be hidden before its connections are closed, in milliseconds. */
const GRACE = 5_000;

/** The sockets that are to be closed while the app is hidden. */
const sockets = new Set<NativeSocket>();
let stop: (() => void) | undefined;

/** From now on `socket` is closed when the app is hidden for long, where one can know of that. Ends with what is returned. */
export function closeWhileHidden(socket: NativeSocket): () => void {
  const { followVisibility, isHidden } = environment();
  sockets.add(socket);
  stop ??= followVisibility?.((isHiddenNow) => sockets.forEach((each) => tell(each, isHiddenNow)));
  if (isHidden?.()) tell(socket, true);
  return () => {
    sockets.delete(socket);
    if (sockets.size > 0) return;
    stop?.();
    stop = undefined;
  };
}

function tell(socket: NativeSocket, isHidden: boolean): void {
  if (isHidden) socket.hide(GRACE);
  else socket.show();
}
