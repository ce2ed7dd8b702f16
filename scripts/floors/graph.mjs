// Circles of a graph: a Map from each file to the Set of files that it has an arrow to.

/** The sets of files that lead to each other, each with its shortest circle. */
export function circles(arrows) {
  const files = [...arrows.keys()];
  const reached = new Map(files.map((file) => [file, reachable(arrows, file)]));
  const seen = new Set();
  const found = [];
  for (const file of files) {
    if (seen.has(file) || !reached.get(file).has(file)) continue;
    const members = files.filter((other) => reached.get(file).has(other) && reached.get(other).has(file));
    for (const member of members) seen.add(member);
    const candidates = members.map((member) => wayBack(arrows, member));
    found.push({
      files: members,
      shortest: candidates.reduce((one, other) => (other.length < one.length ? other : one)),
    });
  }
  return found;
}

/** All files that arrows lead to from `file`; itself only if it is in a circle. */
function reachable(arrows, file) {
  const found = new Set();
  const waiting = [file];
  while (waiting.length > 0) {
    for (const target of arrows.get(waiting.pop()) ?? []) {
      if (!found.has(target)) {
        found.add(target);
        waiting.push(target);
      }
    }
  }
  return found;
}

/** The shortest way from `file` to itself, without its end. */
function wayBack(arrows, file) {
  let ways = [[file]];
  const seen = new Set();
  while (ways.length > 0) {
    const next = [];
    for (const way of ways) {
      for (const target of arrows.get(way.at(-1)) ?? []) {
        if (target === file) return way;
        if (!seen.has(target)) {
          seen.add(target);
          next.push([...way, target]);
        }
      }
    }
    ways = next;
  }
  throw new Error(`${file} is in no circle`);
}
