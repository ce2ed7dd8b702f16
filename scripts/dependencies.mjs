// What the library is built from, and what that asks for.
//
//   node scripts/dependencies.mjs write    THIRD_PARTY_NOTICES.txt anew
//   node scripts/dependencies.mjs check    whether that is as it would be written, every licence is accepted, and docs/dependencies.md
//                                          has a row for each dependency of Cargo.toml
//   node scripts/dependencies.mjs sbom     the bill of materials, to standard output
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crates, refused } from './dependencies/crates.mjs';
import { notices } from './dependencies/notices.mjs';
import { sbom } from './dependencies/sbom.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path) => readFileSync(join(root, path), 'utf8');
const NOTICES = 'THIRD_PARTY_NOTICES.txt';
const TABLE = 'docs/dependencies.md';

/** The names under which a manifest asks for crates that are in what it builds. */
function direct(manifest) {
  const tables = manifest.split(/^(?=\[)/m).filter((table) => /^\[(target\..+\.)?dependencies(\..+)?\]/.test(table));
  return tables.flatMap((table) => {
    const whole = /^\[.*dependencies\.(.+)\]/.exec(table);
    if (whole) return [whole[1]];
    return Array.from(
      table.matchAll(/^([\w-]+)(?:\.\w+)? = (.*)$/gm),
      ([, name, value]) => /package = "(.+?)"/.exec(value)?.[1] ?? name,
    );
  });
}

function faults(all) {
  const found = refused(all);
  let text;
  try {
    text = read(NOTICES);
  } catch {
    text = '';
  }
  if (text !== notices(all)) found.push(`${NOTICES} is not what it would be: node scripts/dependencies.mjs write`);
  const table = read(TABLE);
  for (const manifest of ['Cargo.toml', 'node/Cargo.toml']) {
    for (const name of direct(read(manifest))) {
      if (name !== 'socket-task' && !table.includes(`| ${name} |`))
        found.push(`${TABLE} has no row for ${name} of ${manifest}`);
    }
  }
  return found;
}

const all = crates(root);
switch (process.argv[2]) {
  case 'write':
    writeFileSync(join(root, NOTICES), notices(all));
    break;
  case 'sbom':
    console.log(JSON.stringify(sbom(all, JSON.parse(read('package.json'))), null, 2));
    break;
  case 'check': {
    const found = faults(all);
    for (const fault of found) console.error(fault);
    console.log(`${all.length} crates, ${found.length} faults`);
    process.exitCode = found.length > 0 ? 1 : 0;
    break;
  }
  default:
    console.error('usage: node scripts/dependencies.mjs write|check|sbom');
    process.exitCode = 2;
}
