// Puts into the package what is made outside of npm, and says what is missing: npm pack warns, npm publish fails.
//
//   node scripts/native-parts.mjs [--all]    --all: it is an error when something is missing
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyVerifier } from './android/copy-verifier.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const missing = [];

try {
  copyVerifier();
} catch (error) {
  missing.push(`android/maven (${error.message.split('\n')[0]})`);
}
const made = [
  ...['arm64-v8a', 'armeabi-v7a', 'x86_64', 'x86'].map((abi) => `android/src/main/jniLibs/${abi}/libsocket_task.so`),
  'ios/SocketTask.xcframework/Info.plist',
];
missing.push(...made.filter((path) => !existsSync(join(root, path))));

if (missing.length > 0) {
  console.error(
    `react-native-socket-task: the package is without\n  ${missing.join('\n  ')}\ndocs/releasing.md says how they are made.`,
  );
  if (process.argv.includes('--all')) process.exitCode = 1;
}
