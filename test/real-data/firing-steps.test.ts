import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { engineRings, type Happening, inTurn, plainRings, type Rings, type Watch } from './replay.js';
import { diverging, partsOf, type Row, readTraining, readValues } from './series.js';
import { watchesOn, watchesOverProject } from './watches.js';

const excerpt = readTraining(new URL('gpt2-124m-llmc-every-10th-step.csv', import.meta.url));

/** Whole files, where they are at hand. */
const data = new URL('../../../shared/data/', import.meta.url);
const isDataThere = existsSync(data);
if (!isDataThere) console.warn('Skipped: whole runs are replayed only where ../shared/data is at hand.');

const totals = { replays: 0, rows: 0, rings: 0 };
afterAll(() => console.info(`Real data: ${JSON.stringify(totals)}`));

const labelsIn = (rings: Rings): string[] => Object.values(rings).flat();
const runOf = (label: string): string => label.slice(0, label.indexOf('@'));
const isFirstOfItsRun = (label: string, index: number, labels: readonly string[]): boolean =>
  labels.findIndex((other) => runOf(other) === runOf(label)) === index;
const each = (rings: Rings, keep: (label: string, index: number, labels: readonly string[]) => boolean): Rings =>
  Object.fromEntries(Object.entries(rings).map(([name, labels]) => [name, labels.filter(keep)]));

/** Replays, and expects the same steps of an engine as of the plain computation; gives them. */
async function compare(watches: readonly Watch[], happenings: readonly Happening[]): Promise<Rings> {
  const plain = plainRings(watches, happenings);
  const { everyTime, once, silenced } = await engineRings(watches, happenings);
  expect(everyTime).toEqual(plain);
  expect(once).toEqual(each(plain, isFirstOfItsRun));
  expect(silenced).toEqual(each(plain, (...at) => !isFirstOfItsRun(...at)));
  totals.replays += 1;
  totals.rows += happenings.length;
  totals.rings += labelsIn(plain).length;
  return plain;
}

const silentIn = (rings: Rings): string[] => Object.keys(rings).filter((name) => rings[name]?.length === 0);

describe('a tenth of a real training', () => {
  test.each([
    ['train_loss', 'val_loss'],
    ['grad_norm', 'lr'],
    ['lr', 'grad_norm'],
  ])('rings for %s and %s at exactly the steps of a plain computation', async (first, second) => {
    await compare(watchesOn(first, second, excerpt), inTurn({ training: excerpt }));
  });

  test('that diverges for a while rings at exactly those steps, and then as before', async () => {
    const rows = diverging(excerpt, 'train_loss');
    const rings = await compare(watchesOn('train_loss', 'val_loss', excerpt), inTurn({ training: rows }));
    expect(rings['not finite']).toHaveLength(8);
    expect(rings['infinite, which is another number; NaN is none']).toHaveLength(3);
  });

  test('cut into runs that log in turn keeps them apart, and compares them', async () => {
    const parts = partsOf(diverging(excerpt, 'train_loss'), 12);
    const runs = Object.fromEntries(parts.map((rows, index) => [`part-${index}`, rows]));
    const watches = [...watchesOn('train_loss', 'val_loss', excerpt), ...watchesOverProject('train_loss')];
    const rings = await compare(watches, inTurn(runs));
    expect(silentIn(rings)).toEqual([]);
  });
});

describe.skipIf(!isDataThere)('whole series', { timeout: 60_000 }, () => {
  const training = (name: string): Row[] => readTraining(new URL(`training-runs/${name}.csv`, data));
  const operational = [
    ['art_daily_small_noise', 1],
    ['ec2_cpu_utilization_fe7f93', 1],
    ['ec2_request_latency_system_failure', 1],
    ['rds_cpu_utilization_cc0c53', 1],
    // Five times as long as the others: every fifth value is enough.
    ['machine_temperature_system_failure', 5],
  ] as const;
  const valuesFrom = ([name, every]: readonly [string, number]): number[] =>
    readValues(new URL(`nab/${name}.csv`, data)).filter((_, index) => index % every === 0);
  const numbered = (values: readonly number[]): Row[] =>
    values.map((value, index) => ({ step: index, metrics: { value } }));

  test.each([
    ['gpt2-124m-llmc', 'train_loss', 'val_loss'],
    ['gpt2-124m-muon', 'train_loss', 'val_loss'],
  ])('the training %s rings at exactly the steps of a plain computation', async (name, first, second) => {
    const rows = training(name);
    await compare(watchesOn(first, second, rows), inTurn({ [name]: rows }));
  });

  test.each(operational.map((each, index) => [each[0], index] as const))(
    'the metric %s, with another one now and then, rings at exactly the steps of a plain computation',
    async (_, index) => {
      const values = valuesFrom(operational[index] ?? ['', 1]);
      const others = valuesFrom(operational[(index + 1) % operational.length] ?? ['', 1]);
      const rows = values.map((value, step) => {
        const other = step % 7 === 0 ? others[step] : undefined;
        return { step, metrics: { value, ...(other === undefined ? {} : { other }) } };
      });
      await compare(watchesOn('value', 'other', rows), inTurn({ machine: rows }));
    },
  );

  test('files as runs of one project ring at exactly the steps of a plain computation', async () => {
    const machines = Object.fromEntries(operational.map((each) => [each[0], numbered(valuesFrom(each))]));
    const rings = await compare(watchesOverProject('value'), inTurn(machines));
    expect(silentIn(rings)).toEqual([]);
  });
});
