// The interfaces that others build on, held against what they were: C (its header, and where the fields of its structs lie with 64 and with
// 32 bits), TypeScript and Objective-C. That of Java is held by tests/android, which has its classes.
//
//   node scripts/golden.mjs check    whether they are as tests/golden has them; what cannot be read here is skipped, with the reason
//   node scripts/golden.mjs write    writes tests/golden anew. A change belongs into CHANGELOG.md, and follows its policy of versions
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GOLDEN = join(ROOT, 'tests', 'golden');

const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** Without comments and blank lines. */
function bare(text) {
  const without = text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
  return without
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .trimStart();
}

function header() {
  return bare(read('include/socket_task.h'));
}

/** As clang lays the structs out for a processor. */
function layouts(target) {
  const clang = ['clang-19', 'clang'].find((name) => succeeds(name, ['--version']));
  if (!clang) throw new Error('there is no clang');
  const dump = execFileSync(
    clang,
    [
      '-target',
      target,
      '-ffreestanding',
      '-fsyntax-only',
      '-Xclang',
      '-fdump-record-layouts-complete',
      '-x',
      'c',
      'include/socket_task.h',
    ],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 16 << 20 },
  );
  const lines = read('include/socket_task.h').split('\n');
  const nameOf = (line) => /^} (\w+);/.exec(lines.slice(line).find((text) => text.startsWith('}')) ?? '')?.[1];
  const records = dump.split('*** Dumping AST Record Layout').flatMap((record) => {
    const [, line] = /^\s*0 \| struct \(unnamed at include\/socket_task\.h:(\d+):/.exec(record) ?? [];
    if (line === undefined) return [];
    // Of structs inside of it, and types without a name, the lines would be numbers.
    const text = record
      .trim()
      .replace(/\(unnamed at include\/socket_task\.h:(\d+):\d+\)/g, (_, at) => nameOf(Number(at)));
    return [text.replace(/^ +/gm, ' ')];
  });
  if (records.length === 0) throw new Error('clang tells no layouts');
  return `${records.join('\n\n')}\n`;
}

function succeeds(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function objectiveC() {
  const headers = readdirSync(join(ROOT, 'ios')).filter((name) => /^STSocketTask.*\.h$/.test(name));
  return headers
    .sort()
    .map((name) => `${name}:\n${withoutPrivate(bare(read(join('ios', name))))}`)
    .join('\n');
}

/** Instance variables are nobody's business but the class's own. */
function withoutPrivate(text) {
  return text.replace(/ \{\n@private\n[^}]*\n\}/g, '');
}

/** The declarations that the package's types are made of: those files that its entry points reach. */
function typescript() {
  const entries = ['index.d.ts', 'index.node.d.ts', 'taro-rn.d.ts', 'websocket-rn.d.ts'];
  const folder = join('lib', 'esm');
  if (!existsSync(join(ROOT, folder))) throw new Error('the package is not built');
  const found = new Map();
  const visit = (path) => {
    if (found.has(path)) return;
    const text = bare(read(path));
    found.set(path, text);
    for (const [, , specifier] of text.matchAll(/(from|import) '(\.[^']*)\.js'/g))
      visit(join(path, '..', `${specifier}.d.ts`));
  };
  for (const entry of entries) visit(join(folder, entry));
  return [...found]
    .sort()
    .map(([path, text]) => `${path.slice(folder.length + 1)}:\n${text}`)
    .join('\n');
}

const INTERFACES = {
  'c.txt': header,
  'layouts-64.txt': () => layouts('x86_64-unknown-linux-gnu'),
  'layouts-32.txt': () => layouts('armv7a-none-linux-androideabi'),
  'objective-c.txt': objectiveC,
  'typescript.txt': typescript,
};

let faults = 0;
for (const [name, make] of Object.entries(INTERFACES)) {
  let now;
  try {
    now = make();
  } catch (error) {
    console.log(`skipped: tests/golden/${name}: ${error.message.split('\n')[0]}`);
    continue;
  }
  const path = join(GOLDEN, name);
  if (process.argv[2] === 'write') {
    writeFileSync(path, now);
    continue;
  }
  const before = readFileSync(path, 'utf8');
  if (now === before) {
    console.log(`ok ${name} is as it was`);
    continue;
  }
  faults += 1;
  console.log(`not ok ${name} is as it was`);
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  const gone = old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`);
  const come = fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  console.log([...gone, ...come].slice(0, 40).join('\n') || 'the order has changed');
  console.log('If that is meant: a line in CHANGELOG.md, and node scripts/golden.mjs write');
}
process.exitCode = faults > 0 ? 1 : 0;
