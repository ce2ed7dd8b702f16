// Builds the Node addon and puts it where js/native/addon.cjs looks for it.
//   node scripts/build-addon.mjs [--profile <cargo profile>]      default: release
import { execFileSync } from 'node:child_process';
import { copyFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { profile: { type: 'string', default: 'release' } } });

const messages = execFileSync(
  'cargo',
  [
    'build',
    // Both, always: the features of what they share, and so what is built, depend on what is selected.
    '--package',
    'socket-task',
    '--package',
    'socket-task-node',
    '--lib',
    '--profile',
    values.profile,
    '--message-format',
    'json-render-diagnostics',
  ],
  { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 64 << 20 },
);
const library = messages
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .filter((message) => message.reason === 'compiler-artifact' && message.target.name === 'socket_task_node')
  .flatMap((message) => message.filenames)
  .find((file) => /\.(so|dylib|dll)$/.test(file));
if (!library) throw new Error('cargo has not told where the library is');

const addon = join(root, 'node', `socket-task.${process.platform}-${process.arch}.node`);
// A file that a running process has mapped is replaced, not overwritten.
copyFileSync(library, `${addon}.new`);
renameSync(`${addon}.new`, addon);
console.log(addon);
