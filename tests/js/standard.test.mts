// docs/standard.md: each test that it names is there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './support/program.mjs';

const rows = readFileSync(join(ROOT, 'docs', 'standard.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (statement|---)/.test(line))
  .map((line) => line.split(' | ').at(-1)!.replace(/ \|$/, ''));

for (const row of rows) {
  test(`docs/standard.md: ${row}`, () => {
    const [, file, name] = /^(\w+): (.*)$/.exec(row) ?? [];
    assert.ok(file && name, row);
    const source = readFileSync(join(ROOT, 'tests', 'js', `${file}.test.mts`), 'utf8');
    assert.ok(
      [`'${name}'`, `"${name}"`, `\`${name}\``].some((text) => source.includes(`test(${text}`)),
      row,
    );
  });
}
