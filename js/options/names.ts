// The names in an app's object. One that there is not is a mistake that nothing else would show.
import { OptionError } from './values.js';

/** What decides who is trusted: a connection without it would be less safe than the app believes. */
const SECURITY =
  /^(ca|cert|certs|key|keys|pfx|passphrase|crl|ciphers|pins?|agent|roots|servername|fingerprints?)$|tls|ssl|certificate|pinning|secur|verify|trust|unauthori[sz]ed|serveridentity|clientcert/i;

/** A name that is safe to repeat: a mistake may have put anything in the place of one. */
const IDENTIFIER = /^[A-Za-z_$][\w$-]{0,39}$/;

/** What is a header field more likely than an option. */
const FIELD = /^(authorization|cookie|user-agent|referer|accept)$|^x-|-/i;

const told = new Set<string>();

/**
 * Tells of each name in `options`, inherited ones included, that is not among `known`, once in the program's life.
 * @throws OptionError for one that sounds like security.
 */
export function checkNames(options: object, known: readonly string[]): void {
  for (const name in options) {
    if (known.includes(name) || (options as Record<string, unknown>)[name] === undefined) continue;
    if (SECURITY.test(name)) {
      const shown = IDENTIFIER.test(name) ? name : 'of another name';
      throw new OptionError(shown, `left out: there is no such option${hint(name, known) || ' (see tls)'}`);
    }
    if (told.has(name)) continue;
    // Names that an app computes could be any number.
    if (told.size < 100) told.add(name);
    const shown = IDENTIFIER.test(name) ? ` ${name}` : ' of such a name';
    console.warn(`react-native-socket-task: there is no option${shown}${hint(name, known)}; it has no effect`);
  }
}

function hint(name: string, known: readonly string[]): string {
  const plain = (text: string) => text.replace(/[_-]/g, '').toLowerCase();
  const near = known
    .map((other) => ({ other, distance: distance(plain(name.slice(0, 40)), plain(other)) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near && near.distance <= Math.min(3, near.other.length / 3)) return `; did you mean ${near.other}?`;
  return FIELD.test(name) && IDENTIFIER.test(name) ? '; a field of the header belongs into header or headers' : '';
}

/** How many letters have to be put in, taken out or replaced to make `b` of `a`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
