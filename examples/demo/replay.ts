import { onRunMetric, project, runEvent, sendNotification } from 'tocsin';
import type { DemoConnection } from './connect.js';
import { type LoggedStep, readTrainingCsv } from './replay-csv.js';

const metric = 'train_loss';
const window = 50;
const threshold = 3.5;

/** How many steps are logged before the loop waits for what they rang. */
const stepsAtOnce = 1000;

/**
 * Replays a logged training, and says at which step it rang.
 *
 * @param path - A CSV file with the columns `step`, `train_loss` and others.
 */
export async function replay({ engine, slack }: DemoConnection, path: string): Promise<void> {
  const steps = await readTrainingCsv(path);
  await engine.automations.create(
    {
      name: 'train-loss-low',
      event: onRunMetric({
        scope: project('demo-team', 'replay'),
        filter: runEvent.metric(metric).avg(window).lt(threshold),
      }),
      action: sendNotification(slack, {
        title: `Training loss below ${threshold}`,
        message: `Averaged over ${window} logged values.`,
      }),
    },
    { ifExists: 'return' },
  );
  const rang: unknown[] = [];
  engine.on('execution-created', ({ event, reaction }) => {
    // The mark that the alert gets when the run ends rings nobody.
    if (reaction === undefined) rang.push(event['step']);
  });

  const run = engine.startRun({ entity: 'demo-team', project: 'replay', name: path.split('/').at(-1) ?? path });
  for (const [index, { step, metrics }] of steps.entries()) {
    run.log(metrics, { step });
    if (index % stepsAtOnce === 0) await run.flush();
  }
  run.finish();
  await run.flush();

  console.log(`Replayed ${steps.length} steps of ${path}.`);
  const at = rang.length === 0 ? 'never' : rang.map((step) => `step ${step}`).join(', ');
  console.log(`${metric} avg(${window}) < ${threshold} rang: ${at}`);
  const expected = firstStepBelow(steps);
  console.log(`A plain computation over the file says: ${expected === undefined ? 'never' : `step ${expected}`}`);
}

/** The same, computed the plain way, to compare with. */
function firstStepBelow(steps: readonly LoggedStep[]): number | undefined {
  const values: number[] = [];
  for (const { step, metrics } of steps) {
    const value = metrics[metric];
    if (value === undefined) continue;
    values.push(value);
    const last = values.slice(-window);
    if (last.length === window && last.reduce((sum, each) => sum + each, 0) / window < threshold) return step;
  }
  return undefined;
}
