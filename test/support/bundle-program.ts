import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The one thing that is asked of esbuild, which tsx brings along. */
interface Bundler {
  buildSync(options: {
    readonly absWorkingDir: string;
    readonly entryPoints: readonly string[];
    readonly outfile: string;
    readonly bundle: true;
    readonly platform: 'node';
    readonly format: 'esm';
    readonly target: 'node20';
    readonly external: readonly string[];
    readonly banner: { readonly js: string };
  }): unknown;
}

/** A program in one file, which starts ten times as fast as from its sources: tests that kill processes start many. */
export interface BundledProgram {
  readonly path: string;
  /** Deletes the file. */
  remove(): void;
}

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Puts a program into one file, from where it finds the project's packages.
 *
 * @param program - Its source: `test/torture/worker.ts`.
 */
export function bundleProgram(program: string): BundledProgram {
  const { buildSync } = createRequire(import.meta.resolve('tsx'))('esbuild') as Bundler;
  const path = `${projectFolder}node_modules/.cache/tocsin/program-${randomUUID()}.mjs`;
  buildSync({
    absWorkingDir: projectFolder,
    entryPoints: [program],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['lmdb'],
    // Packages that are not modules of ECMAScript ask for what Node brings in their own way.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
  });
  return { path, remove: () => rmSync(path, { force: true }) };
}
