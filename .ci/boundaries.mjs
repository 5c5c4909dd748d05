// Fails when an import breaks the one-way house of .dependency-cruiser.mjs.
import { existsSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTypeScriptConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const folders = ['src', 'adapters', 'testing', 'examples', 'bench'].filter((folder) => existsSync(folder));
const leastModules = 100;
const leastDependencies = 300;

const options = await extractOptions('./.dependency-cruiser.mjs');
const typeScript = { tsConfig: extractTypeScriptConfig('tsconfig.json') };
const { modules, summary } = (await cruise(folders, options, undefined, typeScript)).output;

const faults = summary.violations.map(({ rule, from, to, cycle }) => {
  const comment = options.ruleSet.forbidden.find(({ name }) => name === rule.name)?.comment;
  const way = [from, ...(cycle?.map(({ name }) => name) ?? [to])].join(' → ');
  return `${rule.name}: ${way}\n  ${comment}`;
});

// A cruiser that can't read TypeScript finds nothing and is content, so what it saw is held against what is there.
const seen = new Set(modules.map(({ source }) => source));
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .map((file) => join(folder, file).replaceAll(sep, '/'))
    .filter((file) => file.endsWith('.ts')),
);
for (const file of files) if (!seen.has(file)) faults.push(`${file} was not looked at`);
if (files.length < leastModules) faults.push(`Expected at least ${leastModules} modules, got ${files.length}`);
if (summary.totalDependenciesCruised < leastDependencies) {
  faults.push(`Expected at least ${leastDependencies} imports, got ${summary.totalDependenciesCruised}`);
}

for (const fault of faults) console.error(fault);
console.log(
  `boundaries: ${files.length} modules, ${summary.totalDependenciesCruised} imports, ${faults.length} faults`,
);
if (faults.length > 0) process.exitCode = 1;
