import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type EventType, eventTypes } from '../../src/definition/event-type.js';
import { isTemplateVariable } from '../../src/definition/template-variables.js';

interface Row {
  readonly name: string;
  readonly types: readonly EventType[];
}

/** The rows of the tables of variables: a name, and the types of event that have it. */
async function rows(): Promise<Row[]> {
  const page = await readFile(new URL('../../docs/templates.md', import.meta.url), 'utf8');
  const row = /^\| `([a-zA-Z_.]+)` \| (every event|`[^|]+`) \|/gm;
  return [...page.matchAll(row)].map(([, name = '', where = '']) => ({ name, types: typesOf(where) }));
}

function typesOf(where: string): EventType[] {
  if (where === 'every event') return [...eventTypes];
  const patterns = where.split(', ').map((each) => each.replaceAll('`', '').replaceAll('.', '\\.').replace('*', '.*'));
  return eventTypes.filter((type) => patterns.some((pattern) => new RegExp(`^${pattern}$`).test(type)));
}

const known = [
  'alias',
  'artifact_collection_name',
  'artifact_metadata.KEY',
  'artifact_version',
  'artifact_version_index',
  'artifact_version_string',
  'automation_name',
  'entity_name',
  'event.PATH',
  'event_author',
  'event_type',
  'metric_current_status',
  'metric_filter',
  'metric_filter_short',
  'metric_name',
  'metric_value',
  'metric_values',
  'project_name',
  'run_id',
  'run_name',
  'run_status',
  'tag',
  'timestamp',
];

test('docs/templates.md has a row for every variable', async () => {
  expect([...new Set((await rows()).map(({ name }) => name))].sort()).toEqual(known);
});

test('docs/templates.md names the events that have each variable', async () => {
  const all = await rows();
  for (const name of known) {
    const told = all.filter((row) => row.name === name).flatMap(({ types }) => types);
    expect([name, ...eventTypes.filter((type) => told.includes(type))]).toEqual([
      name,
      ...eventTypes.filter((type) => isTemplateVariable(name, type)),
    ]);
  }
});
