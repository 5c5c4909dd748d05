import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Commit,
  createEngine,
  type Delivery,
  type Engine,
  onEvent,
  type Storage,
  sendNotification,
  team,
} from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { openRawLmdb, rawWritesOf } from '../contenders/raw-lmdb.js';
import { compare } from '../harness/compare.js';
import { figureOf } from '../harness/figure.js';
import type { Figure } from '../harness/result.js';
import { type Contender, takeTurns } from '../harness/rounds.js';
import type { Workload } from '../harness/workload.js';

/** How many commits are on their way at once. */
const inFlight = 64;

const entity = 'team';

/** A destination that answers at once. */
const instantDelivery: Delivery = { name: 'instant', integrationTypes: ['console'], deliver: async () => ({}) };

export const workload: Workload = {
  title: 'P6 firing',
  measures:
    'Every event fires one automation, file storage that resolves when the disk has it, delivery to a destination that answers at once; 64 emits in flight. Timed until the last emit has resolved; meanwhile it is being delivered.',
  against: 'raw commits of lmdb, the same keys and bytes, 64 in flight',
  async run({ isQuick }) {
    const units = isQuick ? 300 : 1500;
    const portions = isQuick ? 2 : 4;
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-'));
    const recorded: Commit[] = [];
    const storage = recordCommits(fileStorage({ path: join(folder, 'tocsin') }), recorded);
    const engine = await openFiringEngine(storage);
    recorded.length = 0;
    await engine.emit(eventOf(0));
    const [sample] = recorded;
    if (sample === undefined) throw new Error('Expected a commit');
    const raw = openRawLmdb(join(folder, 'raw'));
    const spreads: Record<'firing' | 'raw', number[]> = { firing: [], raw: [] };
    let number = 0;

    const contenders = {
      firing: {
        label: 'emit, fired and committed',
        prepare() {
          const events = Array.from({ length: units }, (_, index) => eventOf(index));
          return {
            units,
            matches: units,
            async run() {
              let fired = 0;
              const times = await withInFlight(events, async (event) => {
                const result = await engine.emit(event);
                fired += result.fired.length;
              });
              spreads.firing.push(spreadOf(times));
              return fired;
            },
          };
        },
      },
      raw: {
        label: 'raw commits of lmdb',
        async prepare() {
          // What is still being delivered would be at its cost.
          await engine.idle();
          const commits = Array.from({ length: units }, () => rawWritesOf(sample, number++));
          return {
            units,
            matches: units,
            async run() {
              const times = await withInFlight(commits, raw.commit);
              spreads.raw.push(spreadOf(times));
              return times.length;
            },
          };
        },
      },
    } satisfies Record<string, Contender>;
    const figures = await takeTurns(contenders, { rounds: isQuick ? 2 : 5, portions });
    await engine.idle();
    const { items } = await engine.executions.list({ status: 'pending', limit: 1 });
    await engine.close();
    await raw.close();
    await rm(folder, { recursive: true });
    if (items.length > 0) throw new Error('Expected all to be delivered');

    const isTimed = (_: number, turn: number): boolean => turn >= portions && turn % portions > 0;
    const spread = (label: string, of: readonly number[]): Figure => figureOf(label, 'p99 ÷ p50', of.filter(isTimed));
    const firingSpread = spread('emit: slowest of a hundred against the middle one', spreads.firing);
    const rawSpread = spread('raw commits: the same', spreads.raw);
    return {
      comparisons: [
        compare({
          label: 'time a firing',
          tocsin: figures.firing,
          against: figures.raw,
          bound: 'at-most',
          toReach: 2,
        }),
        compare({
          label: 'p99 ÷ p50',
          tocsin: firingSpread,
          against: rawSpread,
          bound: 'at-most',
          toReach: 1.5,
        }),
      ],
      figures: [figures.firing, figures.raw, firingSpread, rawSpread],
      curves: [],
    };
  },
};

async function openFiringEngine(storage: Storage): Promise<Engine> {
  const engine = await createEngine({ storage, deliveries: [instantDelivery] });
  const destination = await engine.integrations.create({ type: 'console', name: 'instant', delivery: 'instant' });
  await engine.automations.create({
    name: 'ring',
    event: onEvent('custom.ring', { scope: team(entity) }),
    action: sendNotification(destination, { title: 'Ring' }),
  });
  return engine;
}

function eventOf(index: number) {
  return { type: 'custom.ring', entity, project: 'firing', number: index } as const;
}

/** Keeps what is committed. */
function recordCommits(storage: Storage, commits: Commit[]): Storage {
  return {
    ...storage,
    commit(commit) {
      if (commits.length < 100) commits.push(commit);
      return storage.commit(commit);
    },
  };
}

/** Does all, so many at once. @returns How long each took, in milliseconds. */
async function withInFlight<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) {
      const startedMs = performance.now();
      await work(item);
      times.push(performance.now() - startedMs);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return times;
}

function spreadOf(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] as number;
  return at(0.99) / at(0.5);
}
