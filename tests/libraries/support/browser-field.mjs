// What "browser" (or "react-native") of a package.json replaces when it is an object; esbuild reads it for browsers only.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

function packageOf(folder) {
  for (; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (!existsSync(manifest)) continue;
    const { name, ...fields } = JSON.parse(readFileSync(manifest, 'utf8'));
    // A manifest without a name says how the files of a folder are read, and no more.
    if (name) return { folder, replacements: fields['react-native'] ?? fields.browser };
  }
  return undefined;
}

const ASKED = Symbol('asked');

export const browserField = {
  name: 'browser field',
  setup(build) {
    build.onResolve({ filter: /.*/ }, async ({ path, pluginData, importer, namespace, resolveDir, kind }) => {
      if (pluginData === ASKED) return undefined;
      const resolve = (path, folder) =>
        build.resolve(path, { importer, namespace, resolveDir: folder, kind, pluginData: ASKED });
      const own = packageOf(resolveDir);
      const replaced = path.startsWith('.') ? undefined : own?.replacements?.[path];
      if (replaced === false) return { path, namespace: 'nothing' };
      if (replaced) return resolve(replaced, replaced.startsWith('.') ? own.folder : resolveDir);

      const found = await resolve(path, resolveDir);
      if (found.errors.length > 0 || found.namespace !== 'file') return found;
      const target = packageOf(dirname(found.path));
      if (typeof target?.replacements !== 'object') return found;
      const name = `./${relative(target.folder, found.path)}`;
      const replacement = target.replacements[name] ?? target.replacements[name.replace(/\.\w+$/, '')];
      if (replacement === false) return { path: found.path, namespace: 'nothing' };
      return replacement ? { ...found, path: join(target.folder, replacement) } : found;
    });
    build.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
  },
};
