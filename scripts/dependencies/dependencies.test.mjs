// What is made of the licences that crates say they are under.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choice, refused } from './crates.mjs';
import { notices } from './notices.mjs';
import { sbom } from './sbom.mjs';

const crate = (name, expression, texts = ['A text']) => ({
  name,
  version: '1.0.0',
  expression,
  licences: choice(expression),
  texts,
  authors: ['Ann Author <ann@example.org>'],
});

test('of alternatives MIT is chosen, and of what applies together nothing is left out', () => {
  for (const [expression, chosen] of [
    ['MIT', ['MIT']],
    ['MIT OR Apache-2.0', ['MIT']],
    ['Apache-2.0/MIT', ['MIT']],
    ['Unlicense OR MIT', ['MIT']],
    ['Zlib OR Apache-2.0', ['Zlib']],
    ['Apache-2.0 AND ISC', ['Apache-2.0', 'ISC']],
    ['(MIT OR Apache-2.0) AND Unicode-3.0', ['MIT', 'Unicode-3.0']],
  ]) {
    assert.deepEqual(choice(expression), chosen, expression);
  }
});

test('a licence that nobody has accepted is refused, and so is none', () => {
  const all = [crate('a', 'MIT'), crate('b', 'GPL-3.0-only'), crate('c', 'ISC AND MPL-2.0'), crate('d', '')];
  assert.deepEqual(
    refused(all).map((text) => text.slice(0, 1)),
    ['b', 'c', 'd'],
  );
});

test('each text is there once, with all who share it', () => {
  const text = notices([crate('a', 'ISC'), crate('b', 'ISC', ['A  text']), crate('c', 'ISC', ['Another'])]);
  assert.match(text, /\na 1\.0\.0 \(ISC\)\nb 1\.0\.0 \(ISC\)\n/);
  assert.equal(text.match(/^A text$/gm)?.length, 1);
});

test('who gives no text of the MIT licence is given one, without an address; another licence has to have its own', () => {
  assert.match(notices([crate('a', 'MIT', [])]), /^Copyright \(c\) Ann Author\n\nPermission is hereby granted/m);
  assert.throws(() => notices([crate('a', 'ISC', [])]), /a 1\.0\.0 has no text/);
});

test('the bill of materials names each crate with its licence', () => {
  const bill = sbom([{ ...crate('a', 'MIT/Apache-2.0'), checksum: 'ab' }], {
    name: 'p',
    version: '2.0.0',
    license: 'MIT',
  });
  assert.equal(bill.metadata.component.purl, 'pkg:npm/p@2.0.0');
  const [{ purl, licenses, hashes }] = bill.components;
  assert.deepEqual(
    [purl, licenses, hashes],
    ['pkg:cargo/a@1.0.0', [{ expression: 'MIT OR Apache-2.0' }], [{ alg: 'SHA-256', content: 'ab' }]],
  );
});
