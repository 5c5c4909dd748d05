import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/definition/limits.js';
import { parseEvent, parseFully } from '../../src/event/parse-event.js';
import type { ParsedEvent } from '../../src/event/parsed-event.js';
import { readPlainMetrics } from '../../src/event/read-plain-metrics.js';

const limits = { ...defaultLimits, eventMetrics: 4, eventCharacters: 2040 };

const name = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('team', 'p', 'x'.repeat(255), '__proto__', '日本', 'a/b') },
  { weight: 1, arbitrary: fc.constantFrom('', 'x'.repeat(256)) },
);
const odd = fc.constantFrom<unknown>(undefined, null, 1, true, [], {}, 'x', -0, Number.NaN);
const mostly = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 20, arbitrary: value }, { weight: 1, arbitrary: odd });
const number = fc.oneof(fc.double(), fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY), fc.integer());

const event = fc.record(
  {
    type: mostly(fc.constant('run.metrics')),
    id: mostly(name),
    entity: mostly(name),
    project: mostly(name),
    registry: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: name }),
    organization: mostly(name),
    step: mostly(number),
    at: mostly(fc.oneof(fc.integer(), fc.constantFrom(-0, 8.64e15, -8.64e15, 8.64e15 + 2, Number.NaN))),
    run: mostly(fc.record({ id: mostly(name), name: mostly(name), user: mostly(name) }, { requiredKeys: ['id'] })),
    metrics: mostly(fc.dictionary(name, mostly(number), { maxKeys: 6 })),
    more: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: odd }),
  },
  { requiredKeys: ['type', 'entity', 'run', 'metrics'] },
);

/** The short way's event writes its JSON late; what it says must be the same. */
function membersOf(event: ParsedEvent | undefined) {
  if (event?.type !== 'run.metrics') throw new Error('Expected the metrics of a run');
  const { family, type, id, atMs, place, run, metrics, json } = event;
  return { family, type, id, atMs, place, run, metrics, json };
}

describe('an ordinary run.metrics, read the short way', () => {
  test('comes out as it does in full, and whatever is wrong with it is left to the full way', () => {
    let short = 0;
    fc.assert(
      fc.property(event, (input) => {
        const plain = readPlainMetrics(input, 1000, limits);
        if (plain === undefined) return;
        short += 1;
        const { event: full } = parseFully(input, 1000, limits);
        expect(membersOf(plain)).toStrictEqual(membersOf(full));
      }),
      { seed: 1, numRuns: 20_000 },
    );
    expect(short).toBeGreaterThan(600);
  });

  test('is taken by what a run logs', () => {
    const logged = {
      type: 'run.metrics',
      entity: 'team',
      project: 'p',
      organization: undefined,
      run: { id: 'r' },
      metrics: { loss: 1 },
      step: 3,
    };
    expect(readPlainMetrics(logged, 1000, limits)).toMatchObject({ json: { at: 1000, step: 3, metrics: { loss: 1 } } });
  });

  test('keeps what else it says, of itself and of its run', () => {
    const said = { type: 'run.metrics', entity: 'team', run: { id: 'r', more: 1 }, metrics: { loss: 1 } };
    expect(parseEvent(said, 1000, limits).event?.json['run']).toEqual({ id: 'r', more: 1 });
    expect(parseEvent({ ...said, run: { id: 'r' }, more: 2 }, 1000, limits).event?.json['more']).toBe(2);
  });

  test('has no field that it only inherits: what an object is made from is not its own', () => {
    const own = { type: 'run.metrics', run: { id: 'r' }, metrics: { loss: 1 } };
    const heir = (object: object, parent: object): object =>
      Object.assign(Object.create(Object.assign(Object.create(null), parent)), object);
    const inputs = [
      heir(own, { entity: 'team' }),
      heir({ ...own, entity: 'team' }, { project: 'p', secret: 'x' }),
      { ...own, entity: 'team', run: heir({ id: 'r' }, { name: 'theirs' }) },
      { ...own, entity: 'team', run: heir({}, { id: 'r' }) },
    ];
    for (const input of inputs) {
      const short = parseEvent(input, 1000, limits);
      const full = parseFully(input, 1000, limits);
      expect(short.issues).toEqual(full.issues);
      if (full.event !== undefined) expect(membersOf(short.event)).toStrictEqual(membersOf(full.event));
    }
    expect(inputs.map((input) => parseFully(input, 1000, limits).issues?.length ?? 0)).toEqual([1, 0, 0, 1]);
  });
});
