// The names that JavaScript has for phases and codes are those of the C header, number for number.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT } from './support/program.mjs';

const { socketError } = await import(pathToFileURL(join(ROOT, 'lib', 'esm', 'channel', 'failure.js')).href);
const header = readFileSync(join(ROOT, 'include', 'socket_task.h'), 'utf8');

for (const [field, prefix] of [
  ['phase', 'SOCKET_TASK_PHASE_'],
  ['code', 'SOCKET_TASK_ERROR_'],
] as const) {
  test(`each ${field} of the header has its name`, () => {
    const values = [...header.matchAll(new RegExp(`\\b${prefix}(\\w+) = (\\d+)`, 'g'))];
    assert.ok(values.length > 8, `${values.length} of ${prefix}`);
    for (const [, name = '', number] of values) {
      const error = socketError({ phase: 1, code: 1, osError: 0, message: '', [field]: Number(number) });
      assert.equal(error[field], name.toLowerCase().replaceAll('_', '-'));
    }
  });
}
