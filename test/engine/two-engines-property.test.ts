import fc from 'fast-check';
import { type Engine, onRunMetric, project, runEvent, type Storage, TocsinError } from 'tocsin';
import { expect, test } from 'vitest';
import { openTwo, type TwoEngines } from './two-engines-sharing.js';

const scopes = [project('my-team', 'my-project'), project('my-team', 'other-project')];
const names = ['a', 'b', 'c'];

/** One call of the management, on the first engine or the other. */
interface Call {
  readonly byOther: boolean;
  /** Whether it goes on while the next one begins. */
  readonly atOnce: boolean;
  readonly type:
    | 'create'
    | 'create or return'
    | 'import'
    | 'rename'
    | 'move'
    | 'turn'
    | 'delete'
    | 'time passes'
    | 'create integration'
    | 'turn integration'
    | 'delete integration';
  readonly name: string;
  readonly place: number;
}

const calls = fc.array(
  fc.record<Call>({
    byOther: fc.boolean(),
    atOnce: fc.boolean(),
    type: fc.constantFrom<Call['type'][]>(
      'create',
      'create or return',
      'import',
      'rename',
      'move',
      'turn',
      'delete',
      'time passes',
      'create integration',
      'turn integration',
      'delete integration',
    ),
    name: fc.constantFrom(...names),
    place: fc.nat(3),
  }),
  { maxLength: 40 },
);

/** What a call may answer where two change the same things. */
const fine: ReadonlySet<string> = new Set(['name_taken', 'revision_conflict', 'not_found', 'invalid_automation']);

function definition(name: string, place: number) {
  const scope = scopes[place % 2] as (typeof scopes)[number];
  const event = onRunMetric({ scope, filter: runEvent.metric('loss').gt(place) });
  return { name, event, action: { type: 'none' } } as const;
}

async function make({ engine }: { engine: Engine }, call: Call, two: TwoEngines): Promise<unknown> {
  const { automations, integrations } = engine;
  const { name, place } = call;
  const automation = (await automations.list()).items[place];
  const integration = (await integrations.list())[place];
  switch (call.type) {
    case 'create':
      return automations.create(definition(name, place));
    case 'create or return':
      return automations.create(definition(name, place), { ifExists: 'return' });
    case 'import':
      return automations.import(
        names.map((each) => definition(each, place)),
        { ifExists: 'return' },
      );
    case 'rename':
      return automation && automations.update(automation.id, { name });
    case 'move':
      return automation && automations.update(automation.id, { event: definition(name, place).event });
    case 'turn':
      return automation && automations.update(automation.id, { enabled: !automation.enabled });
    case 'delete':
      return automation && automations.delete(automation.id);
    case 'time passes':
      return two.runtime.advance(1000);
    case 'create integration':
      return integrations.create({ type: 'console', name, delivery: 'console' });
    case 'turn integration':
      return integration && integrations[integration.status === 'ok' ? 'disable' : 'enable'](integration.id);
    case 'delete integration':
      return integration && integrations.delete(integration.id, { force: true });
    default:
      return call.type satisfies never;
  }
}

async function recordsOf(kept: Storage, prefix: string): Promise<unknown[]> {
  const { records } = await kept.list({ prefix, limit: 1000 });
  return records.map(({ value }) => value['record'] ?? value['id']);
}

test('whatever two engines change at the same time, both end with what the storage has, and each name with one', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (list) => {
      const two = await openTwo();
      const { kept, one, other, hearOfIt } = two;
      const pending: Promise<unknown>[] = [];
      for (const call of list) {
        const made = make(call.byOther ? other : one, call, two).catch((error) => {
          if (!TocsinError.is(error) || !fine.has(error.code)) throw error;
        });
        pending.push(made);
        if (!call.atOnce) await made;
      }
      await Promise.all(pending);
      await hearOfIt();

      const automations = await recordsOf(kept, 'automation/');
      const integrations = await recordsOf(kept, 'integration/');
      for (const { engine, logger } of [one, other]) {
        expect((await engine.automations.list()).items).toEqual(automations);
        expect(await engine.integrations.list()).toEqual(integrations);
        expect(logger.lines).toEqual([]);
      }
      const ids = (automations as { id: string }[]).map(({ id }) => id);
      expect((await recordsOf(kept, 'automation-name/')).sort()).toEqual(ids);
      for (const { event, name, id } of (await one.engine.automations.list()).items) {
        const found = await other.engine.automations.create(
          { event, name, action: { type: 'none' } },
          { ifExists: 'return' },
        );
        expect(found.automation.id).toBe(id);
      }
    }),
    { numRuns: 60 },
  );
});
