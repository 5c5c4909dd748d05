import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

const read = (path: string): Promise<string> => readFile(new URL(`../${path}`, import.meta.url), 'utf8');

/** The members of a union of texts, as it stands in the source. */
async function unionOf(path: string, name: string): Promise<string[]> {
  const [, body = ''] = new RegExp(`type ${name} =([^;]*);`).exec(await read(path)) ?? [];
  return [...body.matchAll(/'([^']+)'/g)].map(([, member]) => String(member));
}

describe('docs/errors.md', () => {
  test.each([
    ['src/errors.ts', 'TocsinErrorCode'],
    ['src/errors.ts', 'IssueCode'],
    ['src/errors.ts', 'DeliveryFaultKind'],
    ['src/record/execution.ts', 'ExecutionReason'],
  ])('%s: has a row for every %s', async (path, name) => {
    const page = await read('docs/errors.md');
    const members = await unionOf(path, name);
    expect(members.length).toBeGreaterThan(3);
    expect(members.filter((member) => !new RegExp(`^\\|.*\`${member}\`.*\\|`, 'm').test(page))).toEqual([]);
  });
});

describe('docs/guarantees.md', () => {
  test('names only tests that there are, and a test for each promise', async () => {
    const page = await read('docs/guarantees.md');
    const rows = page.split('\n').filter((line) => line.startsWith('| **'));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      const named = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => String(path));
      expect(named, row).not.toEqual([]);
      for (const path of named) {
        const [folder = '', ending = ''] = path.split('*');
        if (path.includes('*')) {
          const files = await readdir(new URL(`../${folder}`, import.meta.url));
          expect(
            files.filter((file) => file.endsWith(ending)),
            path,
          ).not.toEqual([]);
        } else {
          expect(await read(path), path).not.toBe('');
        }
      }
    }
  });
});

describe('docs/operations.md', () => {
  test.each([
    ['src/record/execution.ts', 'ExecutionStatus'],
    ['src/record/execution.ts', 'ExecutionReason'],
    ['src/record/execution.ts', 'SkipReason'],
  ])('%s: has a row for every %s', async (path, name) => {
    const page = await read('docs/operations.md');
    const members = await unionOf(path, name);
    expect(members.length).toBeGreaterThan(2);
    expect(members.filter((member) => !new RegExp(`^\\|.*\`${member}\`.*\\|`, 'm').test(page))).toEqual([]);
  });

  test('has a row for every event that can be listened for', async () => {
    const page = await read('docs/operations.md');
    const [, body = ''] =
      /interface EngineEvents \{([\s\S]*?)\n\}/.exec(await read('src/record/engine-events.ts')) ?? [];
    const names = [...body.matchAll(/^ {2}'?([a-z-]+)'?: \(/gm)].map(([, name]) => String(name));
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
  });
});

test('docs/dependencies.md has a line for every dependency', async () => {
  const { dependencies } = JSON.parse(await read('package.json')) as { dependencies: Record<string, string> };
  const page = await read('docs/dependencies.md');
  expect(Object.keys(dependencies).filter((name) => !page.includes(`| ${name} |`))).toEqual([]);
});

test('the program of the README is an example that runs in a test', async () => {
  const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(await read('README.md')) ?? [];
  const example = await read('examples/quick-start.ts');
  expect(program.split('\n').length).toBeGreaterThan(10);
  expect(example.trimEnd()).toBe(program.trimEnd());
});

test('the delivery of docs/adapters.md is an example that runs in a test', async () => {
  expect(await read('docs/adapters.md')).toContain(`\`\`\`ts\n${await read('examples/discord-webhook.ts')}\`\`\``);
});
