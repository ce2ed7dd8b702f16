/** How many bytes `text` has in UTF-8; a lone surrogate counts as U+FFFD. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) as number;
    if (codePoint < 0x80) length += 1;
    else if (codePoint < 0x800) length += 2;
    else if (codePoint < 0x10000) length += 3;
    else length += 4;
  }
  return length;
}

/** `text` in UTF-8, U+FFFD in place of a lone surrogate. (JavaScriptCore has no TextEncoder.) */
export function utf8Encode(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const character of text) {
    let codePoint = character.codePointAt(0) as number;
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) codePoint = 0xfffd;
    if (codePoint < 0x80) {
      bytes.push(codePoint);
      continue;
    }
    const continuations = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
    bytes.push(((0xff00 >> (continuations + 1)) & 0xff) | (codePoint >> (6 * continuations)));
    for (let i = continuations - 1; i >= 0; i -= 1) bytes.push(0x80 | ((codePoint >> (6 * i)) & 0x3f));
  }
  return Uint8Array.from(bytes);
}
