// Packs the package, and checks the tarball as a user gets it: its metadata, its types, its maps, and that it works.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { publishedModules } from './published-modules.mjs';

const nodeMajors = [process.versions.node.split('.')[0], '22', '24', '26'];
const smokeTimeoutMs = 180_000;
const sources = ['src', 'adapters', 'testing'];

const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const tool = (path) => resolve('node_modules', path);

function run(command, args, options = {}) {
  console.log(`$ ${command} ${args.join(' ')}`);
  execFileSync(command, args, { stdio: 'inherit', ...options });
}

/** Everything in the tarball that should not be there, and everything that should and is not. */
function contentFaults(root) {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  const unwanted = files.filter((file) => /\.tsbuildinfo$|tsconfig.*\.json$|\.test(-d)?\.ts$/.test(file));
  const maps = files.filter((file) => file.endsWith('.map'));
  const pointless = maps.filter((map) =>
    JSON.parse(readFileSync(join(root, map), 'utf8')).sources.some(
      (source) => !existsSync(join(root, dirname(map), source)),
    ),
  );
  console.log(`${files.length} files, ${maps.length} source maps`);
  return [
    ...unwanted.map((file) => `${file} should not be published`),
    ...pointless.map((map) => `${map} points to a source that is not published`),
    ...(maps.length === 0 ? ['There are no source maps'] : []),
    ...['LICENSE', 'README.md', ...sources]
      .filter((name) => !existsSync(join(root, name)))
      .map((name) => `${name} is missing`),
  ];
}

/** A user's own project: it compiles against the declarations of every published module, libraries checked too. */
function writeConsumer(folder) {
  const everyModule = publishedModules.map(({ specifier }, index) => `export * as module${index} from '${specifier}';`);
  const compilerOptions = {
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
  };
  mkdirSync(folder);
  cpSync('.ci/smoke.ts', join(folder, 'smoke.ts'));
  writeFileSync(join(folder, 'every-module.ts'), `${everyModule.join('\n')}\n`);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
}

const folder = mkdtempSync(join(tmpdir(), 'tocsin-package-'));
try {
  run('npm', ['pack', '--loglevel=error', '--pack-destination', folder]);
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  );

  run('npx', ['--no', 'publint', '--', '--strict', tarball]);
  run('npx', ['--no', 'attw', '--', tarball, '--profile', 'esm-only']);

  const consumer = join(folder, 'consumer');
  const inConsumer = { cwd: consumer };
  writeConsumer(consumer);
  const nodeTypes = `@types/node@${devDependencies['@types/node']}`;
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball, nodeTypes], inConsumer);

  const faults = contentFaults(join(consumer, 'node_modules', 'tocsin'));
  if (faults.length > 0) throw new Error(faults.join('\n'));

  run(process.execPath, [tool('typescript/bin/tsc'), '-p', '.'], inConsumer);
  const specifiers = publishedModules.map(({ specifier }) => specifier);
  for (const major of new Set(nodeMajors)) {
    const node = major === nodeMajors[0] ? [process.execPath] : ['npx', '-y', '-p', `node@${major}`, 'node'];
    const [command, ...args] = [...node, 'smoke.js', major, ...specifiers];
    run(command, args, { ...inConsumer, timeout: smokeTimeoutMs });
  }
} catch (error) {
  console.error(`package-check: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
