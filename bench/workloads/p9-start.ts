import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { compare } from '../harness/compare.js';
import { type Contender, takeTurns } from '../harness/rounds.js';
import type { Workload } from '../harness/workload.js';
import { quietEvent, steadyAutomations, steadyThresholds, thresholdsEach } from '../sets/steady.js';

/** How many automations are stored in one commit. */
const importedAtOnce = 10_000;

export const workload: Workload = {
  title: 'P9 start',
  measures:
    'An engine is made on a file storage that holds 10,000 automations (the set of P1), and takes its first event, which looks at 10 of them.',
  against: 'JSON.parse of the same definitions, each by itself',
  async run({ isQuick }) {
    const size = isQuick ? { projects: 100, runs: 1 } : { projects: 1000, runs: 1 };
    const count = size.projects * thresholdsEach;
    const path = await mkdtemp(join(tmpdir(), 'tocsin-bench-'));
    const texts = await storeAutomations(path, size.projects);
    let opened: Engine | undefined;

    const contenders = {
      start: {
        label: 'createEngine and the first emit',
        async prepare(round) {
          await opened?.close();
          return {
            units: count,
            async run() {
              opened = await createEngine({ storage: fileStorage({ path }) });
              const { fired, skipped } = await opened.emit(quietEvent(round, size));
              return fired.length + skipped.length;
            },
          };
        },
      },
      parse: {
        label: 'JSON.parse of the definitions',
        prepare: () => ({ units: count, run: () => texts.filter((text) => JSON.parse(text) === null).length }),
      },
    } satisfies Record<string, Contender>;
    const figures = await takeTurns(contenders, { unit: 'µs an automation', rounds: isQuick ? 2 : 7 });
    const automations = opened?.stats().automations;
    await opened?.close();
    await rm(path, { recursive: true });
    if (automations !== count) throw new Error(`Expected ${count} automations, got ${automations}`);

    return {
      comparisons: [
        compare({
          label: 'to the first emit',
          tocsin: figures.start,
          against: figures.parse,
          bound: 'at-most',
          toReach: 20,
        }),
      ],
      figures: [figures.start, figures.parse],
      curves: [],
    };
  },
};

/** Stores the automations. @returns Each as JSON, as it is stored. */
async function storeAutomations(path: string, projects: number): Promise<string[]> {
  const engine = await createEngine({ storage: fileStorage({ path }) });
  const definitions = steadyAutomations(steadyThresholds(projects), 'average');
  const texts: string[] = [];
  for (let start = 0; start < definitions.length; start += importedAtOnce) {
    const { automations } = await engine.automations.import(definitions.slice(start, start + importedAtOnce));
    texts.push(...automations.map((automation) => JSON.stringify(automation)));
  }
  await engine.close();
  return texts;
}
