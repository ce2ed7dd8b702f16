import type { NativeOpen } from '../native/seam.js';

/**
 * When a connection was made. `fetchStart` to `connectEnd` are in milliseconds of the epoch, the others in
 * milliseconds; all with fractions.
 */
export interface SocketProfile {
  /** connectSocket was called. */
  fetchStart: number;
  domainLookUpStart: number;
  domainLookUpEnd: number;
  connectStart: number;
  /** TLS included. */
  connectEnd: number;
  /** From `connectStart` to `connectEnd`. */
  rtt: number;
  /** The opening handshake of the WebSocket. */
  handshakeCost: number;
  /** From the call to the open socket. */
  cost: number;
  /** Asking a proxy for the connection; 0 without one. */
  proxyCost: number;
  /** The TLS handshake; 0 without TLS. */
  tlsCost: number;
  /** `TLSv1.2` or `TLSv1.3`; '' without TLS. */
  tlsVersion: string;
  /** The cipher suite in IANA's spelling; '' without TLS. */
  tlsCipher: string;
  /** Whether an earlier TLS session was resumed. */
  tlsResumed: boolean;
  /** Address and port of the server, or of the proxy: `192.0.2.1:443` or `[2001:db8::1]:443`. */
  remoteAddress: string;
}

/** What a connection has carried so far. Bytes are those of the messages, without framing and compression. */
export interface SocketStats {
  /** Messages that were handed to the operating system. */
  messagesSent: number;
  /** Messages that came, also those that nobody was told of yet. */
  messagesReceived: number;
  /** Of messages and pings that were handed to the operating system. */
  bytesSent: number;
  bytesReceived: number;
  /** Bytes that were accepted and not yet handed to the operating system. */
  bufferedAmount: number;
  /** Milliseconds from the last `ping()` that was answered to its pong; undefined for none. */
  rtt: number | undefined;
  /** How many connections were opened after the first, with `reconnect`. */
  reconnects: number;
  /** When the connection was made; undefined before it is open. */
  profile: SocketProfile | undefined;
}

/** Of a connection that was asked for at `startedAt`, in milliseconds of the epoch. */
export function socketProfile(
  { profile, remoteAddress, tlsVersion, tlsCipher, tlsResumed }: NativeOpen,
  startedAt: number,
): SocketProfile {
  const micros = (milliseconds: number) => Math.round(milliseconds * 1000) / 1000;
  return {
    fetchStart: startedAt,
    domainLookUpStart: micros(startedAt + profile.dnsStart),
    domainLookUpEnd: micros(startedAt + profile.dnsEnd),
    connectStart: micros(startedAt + profile.tcpStart),
    connectEnd: micros(startedAt + profile.tlsEnd),
    rtt: micros(profile.tlsEnd - profile.tcpStart),
    handshakeCost: micros(profile.handshakeEnd - profile.handshakeStart),
    cost: micros(profile.handshakeEnd),
    proxyCost: micros(profile.proxyEnd - profile.proxyStart),
    tlsCost: micros(profile.tlsEnd - profile.tlsStart),
    remoteAddress,
    tlsVersion,
    tlsCipher,
    tlsResumed,
  };
}
