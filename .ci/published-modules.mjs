import { readFileSync } from 'node:fs';

const { name, exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** Every module that package.json publishes: what users import, and the source file it is built from. */
export const publishedModules = Object.entries(exports)
  .filter(([subpath]) => !subpath.endsWith('.json'))
  .map(([subpath, { types }]) => ({
    specifier: subpath.replace('.', name),
    source: types.replace('./dist/', '').replace('.d.ts', '.ts'),
  }));
