import { readFileSync } from 'node:fs';

/** A package of package.json with its version; every other text as it is. */
export function versionOf(name) {
  try {
    const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    return `${name} ${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
  } catch {
    return name;
  }
}
