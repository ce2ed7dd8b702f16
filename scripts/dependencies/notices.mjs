// What the licences of others ask to be given with the library.

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT
HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const STANDARD_LIBRARY = {
  name: "Rust's standard library",
  licences: ['MIT'],
  texts: [`Copyright (c) The Rust Project Contributors\n\n${MIT}`],
};

/** The texts of one that comes without. */
function ownTexts({ name, version, texts, licences, authors }) {
  if (texts.length > 0) return texts;
  if (licences.length !== 1 || licences[0] !== 'MIT') throw new Error(`${name} ${version} has no text of its licence`);
  // An address is nobody's business here.
  const holders = authors.map((author) => author.replace(/\s*<.*>$/, '')).join(', ') || `the authors of ${name}`;
  return [`Copyright (c) ${holders}\n\n${MIT}`];
}

/** The whole file: each text once, under those who share it. */
export function notices(crates) {
  const sharing = new Map();
  for (const one of [STANDARD_LIBRARY, ...crates]) {
    const text = ownTexts(one).join('\n\n');
    const key = text.replace(/\s+/g, ' ');
    if (!sharing.has(key)) sharing.set(key, { text, names: [] });
    sharing
      .get(key)
      .names.push(`${one.version ? `${one.name} ${one.version}` : one.name} (${one.licences.join(' AND ')})`);
  }
  const rule = '-'.repeat(78);
  const parts = [...sharing.values()].map(({ text, names }) => `${rule}\n${names.join('\n')}\n${rule}\n\n${text}\n`);
  return `What is in the binaries of socket-task beside its own code, and under which terms.\nMade by scripts/dependencies.mjs; see docs/dependencies.md.\n\n${parts.join('\n')}`;
}
