// How each language spells a name.

const words = (name) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[ _-]/);
const capital = (word) => word[0].toUpperCase() + word.slice(1);
const ACRONYMS = { tcp: 'TCP', tls: 'TLS', dns: 'DNS', url: 'URL', http: 'HTTP', utf8: 'UTF8', ca: 'CA' };

/** Rust and C: `ping_interval`. */
export const snake = (name) => words(name).join('_');
/** Constants of C and Java: `PING_INTERVAL`. */
export const constant = (name) => snake(name).toUpperCase();
/** Texts of JavaScript: `ping-interval`. */
export const kebab = (name) => words(name).join('-');
/** Types of Rust and C++: `PingInterval`. */
export const pascal = (name) => words(name).map(capital).join('');
/** Java: `pingInterval`. */
export const camel = (name) =>
  words(name)
    .map((word, index) => (index === 0 ? word : capital(word)))
    .join('');
/** The rest of a name of Objective-C after its prefix: `PingInterval`, `HTTPStatus`. */
export const objcPascal = (name) =>
  words(name)
    .map((word) => ACRONYMS[word] ?? capital(word))
    .join('');
/** A property of Objective-C: `pingInterval`, `TCPNoDelay`. */
export const objcCamel = (name) =>
  words(name)
    .map((word, index) => ACRONYMS[word] ?? (index === 0 ? word : capital(word)))
    .join('');

/** The field of an object, and the object; an option that is no field has none. */
export function field(name) {
  const [object, own] = name.split('.');
  return own ? { object, name: own } : { object: '', name };
}

const list = (value) => (value === null ? [] : [value].flat());

/** The names of an option in each place, as `{c: ['set_timeout'], …}`; none where a row excuses it with null. */
export function spellings(row) {
  const { object, name } = field(row.name);
  const deflate = object === 'perMessageDeflate';
  const given = (place, habit) => list(row[place] === undefined ? habit : row[place]);
  const item = row.list;
  return {
    core: given('core', snake(name)),
    // The fields of permessage-deflate are those of a struct, or of a class.
    c: given('c', deflate ? snake(name) : item ? `add_${snake(item)}` : `set_${snake(name)}`),
    java: given('java', item ? camel(`add_${snake(item)}`) : camel(name)),
    objc: given('objc', objcCamel(name)),
    seam: given('seam', name),
    js: given('js', name),
  };
}
