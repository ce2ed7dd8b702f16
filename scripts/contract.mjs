// Whether all languages have the same options, statuses, codes and kinds of events: each is there or excused with a reason in
// scripts/contract/, and nothing is extra.
//
//   node scripts/contract.mjs              names each fault; the exit code is 1 if there is one
//   node scripts/contract.mjs --self-test  plants a drift in each language, and fails where it is not noticed
import { checkCodes } from './contract/codes.mjs';
import { checkOptions } from './contract/check-options.mjs';
import { drifts } from './contract/drifts.mjs';
import { Sources } from './contract/sources.mjs';

function* faults(sources) {
  try {
    yield* checkOptions(sources);
    yield* checkCodes(sources);
  } catch (error) {
    // A place that cannot be read any more.
    yield error.message;
  }
}
const sources = new Sources(new URL('..', import.meta.url).pathname);

if (process.argv[2] === '--self-test') {
  let failed = 0;
  for (const { file, from, to, told } of drifts) {
    const text = sources.text(file);
    const found = text.includes(from)
      ? [...faults(sources.with(file, text.replace(from, to)))]
      : ['the drift cannot be planted'];
    const noticed = found.some((fault) => told.test(fault));
    console.log(`${noticed ? 'ok' : 'not ok'} ${file}: "${from}" → "${to}": ${found[0] ?? 'not noticed'}`);
    if (!noticed) failed += 1;
  }
  process.exitCode = failed === 0 ? 0 : 1;
} else {
  const found = [...faults(sources)];
  for (const fault of found) console.log(fault);
  process.exitCode = found.length === 0 ? 0 : 1;
}
