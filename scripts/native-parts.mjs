// Puts into the package what is made outside of npm, and says what is missing.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyVerifier } from './android/copy-verifier.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What an app would miss in the package. */
export function missingParts() {
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
  return [...missing, ...made.filter((path) => !existsSync(join(root, path)))];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = missingParts();
  if (missing.length > 0) {
    console.error(
      `react-native-socket-task: the package is without\n  ${missing.join('\n  ')}\ndocs/releasing.md says how they are made.`,
    );
  }
}
