import { SEAM, type NativeModule } from './seam.js';

/** The version of this JavaScript: the package's. */
export const VERSION = '0.1.0';

/**
 * JavaScript that is updated over the air can meet another version's native library; two versions of the package in one
 * app share one.
 * @throws an Error that says which side is older and what to update, unless both speak the same version of the seam.
 */
export function checkSeam(native: NativeModule): void {
  // 0.1 had none yet.
  const seam = Number.isInteger(native.seam) ? native.seam : 0;
  if (seam === SEAM) return;
  const [javascript, library] = [
    `this JavaScript (${VERSION})`,
    `the native library (${native.version ?? 'version unknown'})`,
  ];
  if (seam < SEAM) {
    throw new Error(
      `react-native-socket-task: ${library} is older than ${javascript}: the interface between them has version ${seam} ` +
        `there and ${SEAM} here. Rebuild the app, or the addon for Node, with the native library of version ${VERSION}.`,
    );
  }
  throw new Error(
    `react-native-socket-task: ${javascript} is older than ${library}: the interface between them has version ${SEAM} ` +
      `here and ${seam} there. Update the JavaScript to version ${native.version} of the package, or rebuild with the ` +
      `native library of version ${VERSION}.`,
  );
}
