// Copies the Java half of rustls-platform-verifier, an AAR in a Maven folder, from the crate in Cargo's registry to
// android/maven, where build.gradle looks for it. The npm package has that folder, so that an app needs no Rust.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The folder and the version of the crate that Cargo.lock names. */
export function findCrate(name) {
  const cargo = process.env.CARGO || 'cargo';
  const metadata = JSON.parse(
    execFileSync(
      cargo,
      ['metadata', '--locked', '--format-version', '1', '--filter-platform', 'aarch64-linux-android'],
      {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    ),
  );
  const found = metadata.packages.filter((entry) => entry.name === name);
  if (found.length !== 1) throw new Error(`Cargo.lock has ${found.length} versions of ${name}`);
  return { folder: dirname(found[0].manifest_path), version: found[0].version };
}

export function copyVerifier(to = join(root, 'android', 'maven')) {
  const { folder, version } = findCrate('rustls-platform-verifier-android');
  const artifact = join('rustls', 'rustls-platform-verifier', version);
  const name = `rustls-platform-verifier-${version}`;
  rmSync(to, { recursive: true, force: true });
  mkdirSync(join(to, artifact), { recursive: true });
  for (const file of [`${name}.aar`, `${name}.pom`]) {
    cpSync(join(folder, 'maven', artifact, file), join(to, artifact, file));
  }
  const licenses = findCrate('rustls-platform-verifier').folder;
  for (const file of ['LICENSE-APACHE', 'LICENSE-MIT']) cpSync(join(licenses, file), join(to, artifact, file));
  return join(to, artifact);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) copyVerifier();
