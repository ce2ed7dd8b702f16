// No circles between files, and no arrow up a floor.
//
//   node scripts/floors.mjs          tells every fault; the exit code is 0 if there is none
//
// An arrow leads from a file to each file that defines something it uses. scripts/floors/rust.mjs and
// scripts/floors/imports.mjs say what counts as one.
import { join } from 'node:path';
import { circles } from './floors/graph.mjs';
import { cppArrows, scriptArrows } from './floors/imports.mjs';
import { rustArrows } from './floors/rust.mjs';

/** The rooms, a folder or file each. What is in a room stands on its own room and on lower floors only. */
const FLOORS = {
  src: [
    ['error', 'sync'],
    ['wire', 'runtime', 'logging'],
    ['options'],
    ['platform'],
    ['connect'],
    ['socket'],
    ['reconnect'],
    ['lib'],
    ['ffi'],
    ['android'],
  ],
  js: [
    ['data', 'errors', 'specs'],
    ['native'],
    ['options'],
    ['channel'],
    ['whatwg'],
    ['taro', 'swap', 'streams', 'scripted'],
    ['api'],
    ['index', 'index.node', 'jest', 'browser', 'taro-rn', 'taro-rn.node', 'websocket-rn'],
  ],
  cpp: [['link'], ['jsi'], ['doors']],
};

/** Folders of C++ that do not see each other, not even through the system's include path. */
const WALLS = [{ from: 'cpp/link/', to: 'jsi/' }];

/** Every fault of the project in the folder `root`, a line each. */
export function faults(root, { floors = FLOORS, walls = WALLS } = {}) {
  const core = rustArrows(root, 'src/lib.rs');
  const js = scriptArrows(root, 'js');
  const cpp = cppArrows(root, 'cpp');
  const graphs = [core, rustArrows(root, 'node/src/lib.rs'), rustArrows(root, 'bench/src/main.rs'), js, cpp.arrows];
  return [
    ...graphs.flatMap((arrows) => circles(arrows).map(circle)),
    ...upward(core, floors.src),
    ...upward(js, floors.js),
    ...upward(cpp.arrows, floors.cpp),
    ...cpp.includes.filter(breaks(walls)).map(({ file, path }) => `${file} may not include ${path}`),
  ];
}

function circle({ files, shortest }) {
  return `a circle of ${files.length} files: ${[...shortest, shortest[0]].join(' → ')}`;
}

function upward(arrows, floors) {
  const room = (file) => file.split('/')[1].replace(/\.\w+$/, '');
  const floor = (file) => floors.findIndex((rooms) => rooms.includes(room(file)));
  const found = [];
  for (const [file, targets] of arrows) {
    if (floor(file) < 0) found.push(`${file} has no floor: scripts/floors.mjs does not know ${room(file)}`);
    for (const target of targets) {
      if (room(target) !== room(file) && floor(target) >= floor(file))
        found.push(`${file} stands on ${target}, not below it`);
    }
  }
  return found;
}

const breaks =
  (walls) =>
  ({ file, path }) =>
    walls.some(({ from, to }) => file.startsWith(from) && (path.startsWith(to) || path.includes(`/${to}`)));

if (process.argv[1] === import.meta.filename) {
  const found = faults(join(import.meta.dirname, '..'));
  for (const fault of found) console.log(fault);
  console.log(found.length === 0 ? 'no circle, no arrow up a floor' : `${found.length} faults`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
