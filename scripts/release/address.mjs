// Where the project lives. package.json's `repository` has it; what else names it is made of that.
//
//   node scripts/release/address.mjs                          prints it, and fails while it is a placeholder
//   node scripts/release/address.mjs https://HOST/OWNER/NAME  puts another one in all its places
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'package.json');
const manifest = JSON.parse(readFileSync(file, 'utf8'));

/** The fields of a manifest that name the place. */
export function fieldsFor(address) {
  return {
    homepage: `${address}#readme`,
    bugs: { url: `${address}/issues` },
    repository: { type: 'git', url: `git+${address}.git` },
  };
}

export const address = manifest.repository.url.replace(/^git\+|\.git$/g, '');
/** A name that RFC 2606 keeps from ever being somebody's. */
export const isPlaceholder = /^https:\/\/([^/]+\.)?example\.invalid\//.test(address);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [wanted] = process.argv.slice(2);
  if (wanted === undefined) {
    console.log(address);
    if (isPlaceholder) {
      console.error('That is a placeholder: node scripts/release/address.mjs https://HOST/OWNER/NAME');
      process.exitCode = 1;
    }
  } else if (!/^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(wanted) || wanted.endsWith('.git')) {
    console.error(`${wanted} is not of the form https://HOST/OWNER/NAME`);
    process.exitCode = 2;
  } else {
    writeFileSync(file, `${JSON.stringify(Object.assign(manifest, fieldsFor(wanted)), null, 2)}\n`);
  }
}
