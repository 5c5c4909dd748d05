import { describe, expect, test } from 'vitest';
import { createProgressLine, type ProgressStream } from '../../examples/demo/progress-line.js';

const recordingStream = (isTTY: boolean, columns = 80): { stream: ProgressStream; written: string[] } => {
  const written: string[] = [];
  return { stream: { isTTY, columns, write: (text) => written.push(text) }, written };
};

const steps = (totalSteps: number) =>
  Array.from({ length: totalSteps }, (_, step) => ({ step, totalSteps, metrics: { loss: 1.23456 } }));

describe('createProgressLine', () => {
  test('prints a line for every tenth of the run where lines cannot be rewritten', () => {
    const { stream, written } = recordingStream(false);
    const line = createProgressLine(stream);
    for (const progress of steps(423)) line.update(progress);
    line.clear();
    line.end();
    expect(written).toHaveLength(10);
    expect(written[0]).toBe(' 10%  step 43/423  loss 1.235\n');
    expect(written[9]).toBe('100%  step 423/423  loss 1.235\n');
  });

  test('prints every step of a run shorter than ten', () => {
    const { stream, written } = recordingStream(false);
    const line = createProgressLine(stream);
    for (const progress of steps(3)) line.update(progress);
    expect(written).toHaveLength(3);
  });

  test('rewrites one line on a terminal, at most four times a second and at the last step', () => {
    const { stream, written } = recordingStream(true);
    let nowMs = 0;
    const line = createProgressLine(stream, () => nowMs);
    for (const progress of steps(12)) {
      line.update(progress);
      nowMs += 50;
    }
    line.end();
    expect(written).toEqual([
      '\r\u001b[K  8%  step 1/12  loss 1.235',
      '\r\u001b[K 50%  step 6/12  loss 1.235',
      '\r\u001b[K 91%  step 11/12  loss 1.235',
      '\r\u001b[K100%  step 12/12  loss 1.235',
      '\n',
    ]);
  });

  test('makes room for other output and never wraps', () => {
    const { stream, written } = recordingStream(true, 12);
    const line = createProgressLine(stream, () => 0);
    line.clear();
    for (const progress of steps(3).slice(0, 1)) line.update(progress);
    line.clear();
    line.end();
    expect(written).toEqual(['\r\u001b[K 33%  step ', '\r\u001b[K']);
  });
});
