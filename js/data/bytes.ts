import { utf8Length } from './utf8.js';

/** A range of bytes. */
export interface ByteRange {
  buffer: ArrayBuffer;
  offset: number;
  length: number;
}

/** A message to send: a text, or bytes. */
export type Message = string | ByteRange;

/** The bytes behind `data` if it is an `ArrayBuffer` or a view of one, from any realm; otherwise undefined. */
export function byteRange(data: unknown): ByteRange | undefined {
  if (isArrayBuffer(data)) return { buffer: data, offset: 0, length: data.byteLength };
  if (ArrayBuffer.isView(data) && isArrayBuffer(data.buffer)) {
    return { buffer: data.buffer, offset: data.byteOffset, length: data.byteLength };
  }
  return undefined;
}

function isArrayBuffer(data: unknown): data is ArrayBuffer {
  return Object.prototype.toString.call(data) === '[object ArrayBuffer]';
}

/**
 * Makes `buffer.constructor` and `instanceof ArrayBuffer` this realm's: a Node addon creates its buffers in the main
 * realm, and Jest runs tests in others.
 */
export function adoptArrayBuffer(buffer: ArrayBuffer): ArrayBuffer {
  return buffer instanceof ArrayBuffer ? buffer : Object.setPrototypeOf(buffer, ArrayBuffer.prototype);
}

/** How many bytes `message` has on the wire. */
export function messageSize(message: Message): number {
  return typeof message === 'string' ? utf8Length(message) : message.length;
}

/** `message`, whatever the app does with its buffer later. */
export function copyMessage(message: Message): Message {
  if (typeof message === 'string') return message;
  const { buffer, offset, length } = message;
  return { buffer: buffer.slice(offset, offset + length), offset: 0, length };
}
