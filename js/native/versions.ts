import { SEAM, type NativeModule } from './seam.js';

/** The version of this JavaScript: the package's. */
export const VERSION = '0.1.0';

/**
 * JavaScript that is updated over the air can meet another version's native library; two versions of the package in one
 * app share one.
 * @throws an Error that says which side is older and what to update, unless both speak the same version of the seam.
 */
export function checkSeam(native: NativeModule): void {
  // A library from before the seam had a version has none.
  const seam = Number.isInteger(native.seam) ? native.seam : 0;
  if (seam === SEAM) return;
  const version = native.version ?? 'unknown';
  const [javascript, library] = [`this JavaScript (${VERSION})`, `the native library (${version})`];
  if (seam < SEAM) {
    throw new Error(
      `react-native-socket-task: ${library} is older than ${javascript}: the interface between them has version ${seam} ` +
        `there and ${SEAM} here. Rebuild the app, or the addon for Node, with the native library of version ${VERSION}.`,
    );
  }
  throw new Error(
    `react-native-socket-task: ${javascript} is older than ${library}: the interface between them has version ${SEAM} ` +
      `here and ${seam} there. Update the JavaScript to version ${version} of the package, or rebuild with the native ` +
      `library of version ${VERSION}.`,
  );
}
