// What scripts/floors.mjs finds in small projects, each with a fault planted in it, and does not find in sound ones.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { faults } from '../floors.mjs';

const RULES = {
  floors: {
    src: [['low'], ['middle', 'beside'], ['lib'], ['high']],
    js: [['c'], ['b'], ['a']],
    cpp: [['link'], ['jsi']],
  },
  walls: [{ from: 'cpp/link/', to: 'jsi/' }],
};

/** A crate without faults: every use of it that is no arrow, and arrows down. */
const SOUND = {
  'src/lib.rs':
    'mod low;\nmod middle;\nmod beside;\nmod high;\npub use middle::{Inner, outer as renamed};\npub const VERSION: u8 = 1;',
  'src/low.rs': 'pub struct Low; // crate::high::High\npub const TEXT: &str = "crate::high::High { \\" }";',
  'src/middle/mod.rs': 'mod inner;\nmod outer;\npub use inner::Inner;\npub use outer::outer;\npub struct Shared;',
  'src/middle/inner.rs':
    "use crate::low::Low;\npub struct Inner(Low, super::Shared);\n#[cfg(test)]\nmod tests {\n    use super::*;\n    const BRACE: char = '{';\n}",
  'src/middle/outer.rs':
    "use super::Inner;\nuse std::fmt;\npub fn outer<'a>(inner: &'a Inner) -> fmt::Result { crate::low::check(inner) }",
  'src/beside.rs':
    '#[cfg(test)]\nmod tests;\n#[cfg(test)]\nuse crate::high::High;\npub struct Beside(crate::low::Low);',
  'src/beside/tests.rs': 'use crate::high::High;',
  'src/high.rs': 'pub struct High(crate::VERSION, crate::Inner);',
};

function found(files) {
  const root = mkdtempSync(join(tmpdir(), 'floors-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return faults(root, RULES);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('a sound crate', () => {
  assert.deepEqual(found(SOUND), []);
});

test('a circle of Rust, whichever way a file is named', () => {
  for (const use of [
    'use super::outer::outer;',
    'use super::{Shared, outer};\nfn call() { outer::outer() }',
    'use super::outer as other;\nfn call() { other::outer() }',
    'use crate::{low::Low as _, middle::{outer::{self}}};\nfn call() { outer::outer() }',
    'fn call() { crate::renamed() }',
    "fn call(quote: char) { quote == '\"' && super::outer::outer() }",
  ]) {
    const inner = `${use}\npub struct Inner;`;
    const expected = 'a circle of 2 files: src/middle/inner.rs → src/middle/outer.rs → src/middle/inner.rs';
    assert.deepEqual(found({ ...SOUND, 'src/middle/inner.rs': inner }), [expected], use);
  }
});

test('a module that uses what it re-exports', () => {
  const middle = `${SOUND['src/middle/mod.rs']}\npub fn make() -> Inner { todo() }`;
  assert.match(
    found({ ...SOUND, 'src/middle/mod.rs': middle })[0],
    /^a circle of 2 files: src\/middle\/mod.rs → src\/middle\/inner.rs/,
  );
});

test('an arrow up a floor, and one to a neighbour', () => {
  const up = found({ ...SOUND, 'src/low.rs': 'pub struct Low(crate::middle::Shared);' });
  assert.ok(up.includes('src/low.rs stands on src/middle/mod.rs, not below it'), up.join('\n'));
  const across = found({ ...SOUND, 'src/beside.rs': 'use crate::middle::Shared;' });
  assert.deepEqual(across, ['src/beside.rs stands on src/middle/mod.rs, not below it']);
});

test('an arrow up a floor of TypeScript or C++', () => {
  const files = {
    'js/c/low.ts': '',
    'js/b.ts': "import './c/low.js';",
    'cpp/link/a.h': '',
    'cpp/jsi/b.h': '#include "a.h"',
  };
  assert.deepEqual(found(files), []);
  assert.deepEqual(found({ ...files, 'js/b.ts': '', 'js/c/low.ts': "import type { B } from '../b.js';" }), [
    'js/c/low.ts stands on js/b.ts, not below it',
  ]);
  assert.ok(
    found({ ...files, 'cpp/jsi/b.h': '', 'cpp/link/a.h': '#include "b.h"' }).includes(
      'cpp/link/a.h stands on cpp/jsi/b.h, not below it',
    ),
  );
  assert.match(found({ ...files, 'js/new/x.ts': '' })[0], /^js\/new\/x.ts has no floor/);
});

test('a glob, behind which any file can stand', () => {
  const inner = 'use super::*;\npub struct Inner;\nfn call() { outer() }';
  assert.throws(() => found({ ...SOUND, 'src/middle/inner.rs': inner }), /src\/middle\/inner.rs uses a glob/);
});

test('a room without a floor', () => {
  const lib = `${SOUND['src/lib.rs']}\nmod new;`;
  assert.match(found({ ...SOUND, 'src/lib.rs': lib, 'src/new.rs': '' })[0], /^src\/new.rs has no floor/);
});

test('a circle of the Node addon, and one of the benchmarks', () => {
  for (const [folder, root] of [
    ['node/src', 'lib.rs'],
    ['bench/src', 'main.rs'],
  ]) {
    const files = { [`${folder}/${root}`]: 'mod a;\nmod b;', [`${folder}/b.rs`]: 'pub fn b() {}' };
    assert.deepEqual(found({ ...files, [`${folder}/a.rs`]: 'use crate::b::b;' }), []);
    const planted = found({
      ...files,
      [`${folder}/a.rs`]: 'use crate::b::b;',
      [`${folder}/b.rs`]: 'use super::a;\nfn b() { a::a() }',
    });
    assert.match(planted[0], /^a circle of 2 files/);
  }
});

test('a circle of TypeScript', () => {
  const sound = {
    'js/a.ts': "import { b } from './b.js';\n// import './c';",
    'js/b.ts': "export * from './c';",
    'js/c/index.ts': '',
  };
  assert.deepEqual(found(sound), []);
  for (const back of [
    "import type { A } from '../a.js';",
    "export { a } from '../a';",
    "await import('../a.ts');",
    "require('../a');",
  ]) {
    assert.deepEqual(found({ ...sound, 'js/c/index.ts': back }), [
      'a circle of 3 files: js/a.ts → js/b.ts → js/c/index.ts → js/a.ts',
      'js/c/index.ts stands on js/a.ts, not below it',
    ]);
  }
});

test('a circle of C++, and a look through a wall', () => {
  const sound = {
    'cpp/link/a.h': '#include <vector>',
    'cpp/link/a.cpp': '#include "a.h"',
    'cpp/jsi/b.h': '#include "../link/a.h"',
  };
  assert.deepEqual(found(sound), []);
  const circle = found({ ...sound, 'cpp/link/a.h': '#include "c.h"', 'cpp/link/c.h': '# include "link/a.h"' });
  assert.deepEqual(circle, ['a circle of 2 files: cpp/link/a.h → cpp/link/c.h → cpp/link/a.h']);
  for (const [include, ...others] of [
    ['"../jsi/b.h"', 'cpp/link/a.cpp stands on cpp/jsi/b.h, not below it'],
    ['<jsi/jsi.h>'],
  ]) {
    const through = found({ ...sound, 'cpp/link/a.cpp': `#include ${include}` });
    assert.deepEqual(through, [...others, `cpp/link/a.cpp may not include ${include.slice(1, -1)}`]);
  }
});
