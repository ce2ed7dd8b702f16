// The pages in a bundle of Taro's own CLI, which comes before this script: see cli.mjs. `host` is that of tests/jsi.
import { usePages } from './pages.mjs';

const { host, __r, taroModules } = globalThis;
const [url] = host.arguments;
const page = (name) => __r(taroModules[`src/pages/${name}/socket.ts`]);

usePages(page, `${url}/echo`, (line) => host.print(line)).then(
  (failures) => host.exit(failures === 0 ? 0 : 1),
  (error) => {
    host.print(`not ok the pages: ${error.stack}`);
    host.exit(1);
  },
);
