import { describe, expect, test } from 'vitest';
import { type BatchReport, countTrainingSteps, trainDigits } from '../../examples/demo/train-digits.js';

const trainShortly = async (seed?: number): Promise<BatchReport[]> => {
  const reports: BatchReport[] = [];
  await trainDigits({
    batchSize: 32,
    maximumSteps: 30,
    onBatch: (report) => {
      reports.push(report);
    },
    ...(seed !== undefined && { seed }),
  });
  return reports;
};

describe('trainDigits', () => {
  test('reports the same losses in every run, starting where a model that knows nothing does', async () => {
    const first = await trainShortly();
    expect(await trainShortly()).toEqual(first);
    expect(first.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, step) => step));
    expect(Math.abs((first[0]?.loss ?? 0) - Math.log(10))).toBeLessThan(0.3);
    for (const { loss, accuracy } of first) {
      expect(loss).toBeGreaterThan(0);
      expect(accuracy).toBeGreaterThanOrEqual(0);
      expect(accuracy).toBeLessThanOrEqual(1);
    }
  });

  test('reports other losses for another seed', async () => {
    expect((await trainShortly(2))[0]?.loss).not.toBe((await trainShortly(3))[0]?.loss);
  });

  test('validates at the end of a training that was cut short', async () => {
    const epochs: number[] = [];
    const result = await trainDigits({
      batchSize: 8,
      maximumSteps: 2,
      onBatch: () => {},
      onEpoch: ({ step }) => {
        epochs.push(step);
      },
    });
    expect(epochs).toEqual([1]);
    expect(result.steps).toBe(2);
    expect(result.validationLoss).toBeGreaterThan(1);
    expect(result.validationAccuracy).toBeLessThan(0.5);
  });

  test('gives timers and sockets their turn between batches', async () => {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    await trainDigits({ batchSize: 8, maximumSteps: 5, onBatch: () => {} });
    clearImmediate(immediate);
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  test('ends with the reason of its signal, before the next batch', async () => {
    const controller = new AbortController();
    let batches = 0;
    const training = trainDigits({
      batchSize: 8,
      signal: controller.signal,
      onBatch: () => {
        batches += 1;
        if (batches === 2) controller.abort(new Error('stopped by hand'));
      },
    });
    await expect(training).rejects.toThrow('stopped by hand');
    expect(batches).toBe(2);
  });
});

describe('countTrainingSteps', () => {
  test('counts a last batch that is not full, and stops at the maximum', () => {
    expect(countTrainingSteps({ epochs: 2, batchSize: 64 })).toBe(2 * 141);
    expect(countTrainingSteps({ epochs: 2, batchSize: 64, maximumSteps: 30 })).toBe(30);
  });

  test('refuses a training that could not go on', async () => {
    expect(() => countTrainingSteps({ epochs: 0 })).toThrow('Expected epochs of 1 or more, got 0');
    await expect(trainDigits({ batchSize: 0, onBatch: () => {} })).rejects.toThrow('Expected batchSize of 1 or more');
  });
});
