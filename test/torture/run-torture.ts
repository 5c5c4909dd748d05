import { seededRandom } from '../../examples/demo/seeded-random.js';
import { readAftermath } from './aftermath.js';
import { countFigures, type Figures } from './figures.js';
import { judge, type Verdict } from './judge.js';
import { drawKillMoment, killAt } from './kill-moment.js';
import { settle } from './settle.js';
import { createWorkspaceFaults } from './workspace-faults.js';
import { createWorld, type World, type WorldOptions } from './world.js';

/** What is tortured, and how. */
export interface TortureOptions extends WorldOptions {
  /** How often a process is killed. */
  readonly kills: number;
  /** No process is killed any more after so many seconds. */
  readonly seconds: number;
}

/** What came of it. */
export interface TortureResult {
  readonly figures: Figures;
  readonly verdict: Verdict;
}

/** How long it may take until a new process delivers, in milliseconds: far less than the lease that a dead one had. */
const recoveryBoundMs = 10_000;

/**
 * Kills the processes of an engine again and again while they emit a known sequence of events and deliver to a workspace that
 * lives on, and compares what arrived with what must have.
 */
export async function runTorture(options: TortureOptions): Promise<TortureResult> {
  const startedMs = performance.now();
  const world = await createWorld(options);
  try {
    const [first, ...others] = world.places;
    first?.start(true);
    await first?.opened();
    for (const place of others) place.start();
    const kills = await killAgainAndAgain(world, options);
    world.hold(true);
    await settle(world);
    const { path, log, workspace, counts, recovery, wrong } = world;
    const { executions, wrong: wrongAfterwards } = await readAftermath(path);
    const { emits, lives } = log;
    const evidence = { emits, lives, executions, arrivals: workspace.ledger.arrivals(), lookUp: options.lookUp };
    const verdict = judge(evidence);
    const durationMs = performance.now() - startedMs;
    const figures = countFigures({ ...evidence, ...counts, ...recovery.slowest(), kills, durationMs });
    if (kills < options.kills) wrong.push(`killed only ${kills} of ${options.kills} times in ${options.seconds} s`);
    if (figures.slowestRecoveryMs > recoveryBoundMs) wrong.push('it took too long until a new process delivered');
    return { figures, verdict: { ...verdict, wrong: [...wrong, ...wrongAfterwards, ...verdict.wrong] } };
  } finally {
    await world.end();
  }
}

/** @returns How often a process was killed; one that closed in peace does not count. */
async function killAgainAndAgain(world: World, { kills, seed, seconds }: TortureOptions): Promise<number> {
  const { places, workspace, recovery, wrong } = world;
  const startedMs = performance.now();
  const random = seededRandom(seed);
  const faults = createWorkspaceFaults(workspace);
  let killed = 0;
  const isTimeLeft = (): boolean => performance.now() - startedMs < seconds * 1000;
  while (killed < kills && !world.isBroken && isTimeLeft()) {
    faults.draw(random);
    const victim = places[Math.floor(random() * places.length)];
    const isAll = random() < 0.15 && kills - killed >= places.length;
    const victims = isAll || victim === undefined ? places : [victim];
    const ends = await Promise.all(
      victims.map(async (place) => {
        await killAt(drawKillMoment(random), place, world);
        const { exitCode, signal, errors } = await place.ended();
        const isKilled = signal === 'SIGKILL';
        if (errors !== '' || !(isKilled || exitCode === 0)) wrong.push(`a process ended with ${exitCode}: ${errors}`);
        recovery.interrupted();
        place.start();
        return isKilled;
      }),
    );
    killed += ends.filter((isKilled) => isKilled).length;
  }
  faults.cancel();
  return killed;
}
