// What an app gives for the request of the opening handshake. A field's value and a sub-protocol may be tokens: no text tells
// them.
import { domException } from '../errors/exceptions.js';
import { entries, isGiven, list, OptionError } from './values.js';

/** Names and values of header fields; an array of values repeats the field. */
export type HeaderFields = Record<string, any> | Iterable<readonly [string, any]>;

/** A token of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const TOKEN_CHARACTERS = "letters, digits and !#$%&'*+-.^_`|~";

/**
 * The handshake sets these itself, or they are of the framing of HTTP messages, which a handshake does not have; a Referer is
 * not the app's to choose in Taro.
 */
const DROPPED_HEADER =
  /^(referer|host|connection|upgrade|sec-websocket-.*|content-length|expect|keep-alive|proxy-connection|te|trailer|transfer-encoding)$/i;

/** @throws OptionError, and SyntaxError as the standard's constructor does. */
export function readProtocols(protocols: unknown): string[] {
  if (!isGiven(protocols)) return [];
  const read = listOf(protocols).map(String);
  for (const [index, protocol] of read.entries()) {
    if (!TOKEN.test(protocol)) {
      throw domException('SyntaxError', `sub-protocol ${index + 1} is not valid: it must be ${TOKEN_CHARACTERS} only`);
    }
    const earlier = read.indexOf(protocol);
    if (earlier < index) {
      throw domException('SyntaxError', `sub-protocols ${earlier + 1} and ${index + 1} are the same`);
    }
  }
  return read;
}

function listOf(protocols: unknown): unknown[] {
  if (typeof protocols === 'string') return [protocols];
  if (typeof protocols === 'object' && protocols !== null && Symbol.iterator in protocols) {
    return Array.from(protocols as Iterable<unknown>);
  }
  throw new OptionError('protocols', 'String or Array');
}

/**
 * For the second argument of a constructor, where options may stand by mistake: React Native's own class drops them without a
 * word, with the headers in them. @throws SyntaxError.
 */
export function refuseOptions(protocols: unknown): void {
  if (typeof protocols !== 'object' || protocols === null || Symbol.iterator in protocols) return;
  throw domException(
    'SyntaxError',
    'the sub-protocols are an object; options come after them: new WebSocket(url, protocols, options)',
  );
}

/** Name, value, name, value, … */
export function readHeader(value: unknown, option: string): string[] {
  if (!isGiven(value)) return [];
  const dropped: string[] = [];
  const fields = headerLines(value, option, (name) => {
    if (!DROPPED_HEADER.test(name)) return false;
    dropped.push(nameOf(name));
    return true;
  });
  if (dropped.length > 0) {
    console.warn(
      `react-native-socket-task: the header cannot set ${dropped.join(', ')}; the connection is made without`,
    );
  }
  return fields;
}

/** Name, value, name, value, … of header fields as an app gives them, without those that are left out. */
export function headerLines(value: unknown, option: string, isLeftOut = (_name: string) => false): string[] {
  const fields: string[] = [];
  for (const [name, content] of entries(value, option)) {
    if (!isGiven(content) || isLeftOut(name)) continue;
    for (const item of list(content)) {
      if (!['string', 'number', 'boolean'].includes(typeof item))
        throw new OptionError(`${option}.${nameOf(name)}`, 'String or Array');
      fields.push(name, String(item));
    }
  }
  return fields;
}

/** The name of a header field for a text; of a whole line that was given as one, what stands before the value. */
function nameOf(field: string): string {
  const end = [...field].findIndex((character) => !TOKEN.test(character));
  return end < 0 ? field : field.slice(0, end);
}
