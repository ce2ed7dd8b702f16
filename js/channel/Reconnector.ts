import type { NativeLoss, NativeReconnecting, NativeSocket } from '../native/seam.js';
import type { ReconnectOptions, Refreshed } from '../options/reconnect.js';
import { socketError, type SocketError } from './failure.js';

/** How a connection was lost, or why it could not be made. */
export interface SocketLoss {
  /** As in the close event. */
  code: number;
  reason: string;
  wasClean: boolean;
  /** Why it failed; left out where a Close frame of the server has ended it. */
  error?: SocketError;
}

/** A connection was lost, and another attempt follows. */
export interface SocketReconnecting extends SocketLoss {
  /** Which attempt in a row comes now; 1 after a connection that was open for `stableAfter`. */
  attempt: number;
  /** Milliseconds until then, unless the network or the app's coming to the foreground brings it nearer, or their absence puts it off. */
  delay: number;
}

/** What an attempt is made with, as the native socket takes it. */
export interface Renewed {
  url: string;
  headers: string[];
  protocols: string[];
}

/** Asks the app what its connection asks when it is lost. */
export class Reconnector {
  /** @param renew makes what the app gives into what the native socket takes. @throws as the constructor of a WebSocket. */
  constructor(
    private readonly options: Pick<ReconnectOptions<SocketLoss>, 'refresh' | 'shouldReconnect'>,
    private readonly renew: (refreshed: Refreshed) => Renewed,
  ) {}

  /** Whatever goes wrong has cost the attempt: what the app is told of the next says so. */
  async refresh(socket: NativeSocket, ticket: number, attempt: number, loss: NativeLoss): Promise<void> {
    let renewed: Renewed | undefined;
    try {
      const refreshed = await this.options.refresh?.(attempt, socketLoss(loss));
      try {
        renewed = refreshed ? this.renew(refreshed) : undefined;
      } catch (error) {
        // A mistake of the app's, which nothing else would show: this text says which.
        console.warn(`react-native-socket-task: refresh: ${(error as Error).message}`);
        throw error;
      }
    } catch {
      return socket.failRefresh(ticket);
    }
    socket.answerRefresh(ticket, renewed?.url, renewed?.headers, renewed?.protocols);
  }

  /** One that fails, or does not say, leaves it to the rules. */
  async shouldReconnect(socket: NativeSocket, ticket: number, would: boolean, loss: NativeLoss): Promise<void> {
    let should: boolean | void = undefined;
    try {
      should = await this.options.shouldReconnect?.(socketLoss(loss));
    } catch (error) {
      console.warn(
        `react-native-socket-task: shouldReconnect has thrown ${error instanceof Error ? error.name : 'it'}`,
      );
    }
    socket.answerReconnect(ticket, typeof should === 'boolean' ? should : would);
  }
}

export function socketLoss({ code, reason, wasClean, error }: NativeLoss): SocketLoss {
  const loss: SocketLoss = { code: closeCode(code), reason, wasClean };
  if (error) loss.error = socketError(error);
  return loss;
}

export function socketReconnecting(native: NativeReconnecting): SocketReconnecting {
  const { attempt, delay } = native;
  return { attempt, delay, ...socketLoss(native) };
}

/** The standard has no code of its own for TLS (WHATWG WebSockets, section 4: "fail the WebSocket connection"). */
export function closeCode(native: number): number {
  return native === 1015 ? 1006 : native;
}
