import type { DemoConnection } from './connect.js';
import { createProgressLine } from './progress-line.js';
import { countTrainingSteps, type TrainingLength, trainDigits } from './train-digits.js';
import { trainingAutomations } from './training-automations.js';

/**
 * Trains a classifier of handwritten digits, logs every batch, and registers the model.
 *
 * @param length - Shorter for a try-out.
 */
export async function train({ engine, slack }: DemoConnection, length: TrainingLength = {}): Promise<void> {
  for (const automation of trainingAutomations(slack)) {
    await engine.automations.create(automation, { ifExists: 'return' });
  }

  const totalSteps = countTrainingSteps(length);
  const progress = createProgressLine(process.stdout);
  engine.on('execution-created', ({ automationName, event, reaction }) => {
    // The mark that an alert gets when its run ends rings nobody.
    if (reaction !== undefined) return;
    progress.clear();
    console.log(`rang  ${automationName}${event['step'] === undefined ? '' : `  at step ${event['step']}`}`);
  });

  const run = engine.startRun({
    entity: 'demo-team',
    project: 'digits',
    id: 'digits-1',
    name: 'digits-dense',
    user: 'demo',
  });
  const startedMs = performance.now();
  let loggingMs = 0;
  try {
    const result = await trainDigits({
      ...length,
      onBatch({ step, loss, accuracy }) {
        const beforeMs = performance.now();
        run.log({ loss, accuracy }, { step });
        loggingMs += performance.now() - beforeMs;
        progress.update({ step, totalSteps, metrics: { loss, accuracy } });
      },
    });
    progress.end();
    run.finish();
    await run.flush();
    await registerModel(engine, result.validationAccuracy);
  } catch (error) {
    run.fail(error);
    await run.flush();
    throw error;
  }
  const share = (100 * loggingMs) / (performance.now() - startedMs);
  console.log(`\nLogging took ${loggingMs.toFixed(0)} ms in all, ${share.toFixed(2)} % of the training.`);
}

async function registerModel(engine: DemoConnection['engine'], validationAccuracy: number): Promise<void> {
  const place = { entity: 'demo-team', registry: 'models', collection: 'digits-classifier', author: 'demo' } as const;
  const artifact = { id: 'model-1', type: 'model', version: 'v0', metadata: { validationAccuracy } };
  await engine.emit({ type: 'artifact.created', ...place, artifact });
  await engine.emit({ type: 'artifact.alias-added', ...place, artifact, alias: 'production' });
}
