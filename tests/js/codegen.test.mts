// React Native's codegen accepts the spec of the TurboModule, as package.json names it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './support/program.mjs';

for (const [platform, expected] of [
  ['android', 'NativeSocketTaskSpec.java'],
  ['ios', 'SocketTaskSpecJSI.h'],
] as const) {
  test(`codegen for ${platform}`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'socket-task-codegen-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const script = join(ROOT, 'node_modules', 'react-native', 'scripts', 'generate-codegen-artifacts.js');
    execFileSync(
      process.execPath,
      [script, '--path', ROOT, '--targetPlatform', platform, '--outputPath', folder, '--source', 'library'],
      { stdio: 'pipe' },
    );
    const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) => basename(path) === expected);
    assert.ok(file, expected);
    assert.match(readFileSync(join(folder, file), 'utf8'), /getNativeModule/);
  });
}
