import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoggedStep, readTrainingCsv } from '../../examples/demo/replay-csv.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (...lines: string[]): Promise<LoggedStep[]> => {
  const path = join(folder, 'run.csv');
  await writeFile(path, lines.join('\n'));
  return readTrainingCsv(path);
};

describe('readTrainingCsv', () => {
  test('reads a step a line and leaves out what was not logged', async () => {
    const steps = await read(
      'step,train_loss,val_loss,lr,grad_norm',
      '0,11.0091,11.0092,0.000001,15.37',
      '1,10.9598,,2e-6,15.24',
      '2,,3.2722,,',
      '3,,,,',
      '',
    );
    expect(steps).toEqual([
      { step: 0, metrics: { train_loss: 11.0091, val_loss: 11.0092, lr: 0.000001, grad_norm: 15.37 } },
      { step: 1, metrics: { train_loss: 10.9598, lr: 0.000002, grad_norm: 15.24 } },
      { step: 2, metrics: { val_loss: 3.2722 } },
      { step: 3, metrics: {} },
    ]);
  });

  test('takes any columns after step', async () => {
    expect(await read('step,accuracy', '5,-.5')).toEqual([{ step: 5, metrics: { accuracy: -0.5 } }]);
    expect(await read('step', '5')).toEqual([{ step: 5, metrics: {} }]);
  });

  test('keeps NaN and the infinities as numbers', async () => {
    expect(await read('step,a,b,c', '0,NaN,Infinity,-Infinity')).toEqual([
      { step: 0, metrics: { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY } },
    ]);
  });

  test('reads Windows line ends, a byte order mark and a header alone', async () => {
    expect(await read('\uFEFFstep,loss\r', '0,1\r', '')).toEqual([{ step: 0, metrics: { loss: 1 } }]);
    expect(await read('step,loss')).toEqual([]);
  });

  test.each([
    ['text in a cell', ['step,loss', '0,1', '1,high'], 'line 3, column "loss": Expected a number, got "high"'],
    ['another spelling of NaN', ['step,loss', '0,nan'], 'line 2, column "loss": Expected a number, got "nan"'],
    ['a blank that is not empty', ['step,loss', '0, '], 'line 2, column "loss": Expected a number, got " "'],
    ['a hexadecimal number', ['step,loss', '0,0x10'], 'line 2, column "loss": Expected a number, got "0x10"'],
    ['a number too large', ['step,loss', '0,1e999'], 'line 2, column "loss": Expected a number, got "1e999"'],
    ['a fractional step', ['step,loss', '0.5,1'], 'line 2, column "step": Expected a whole number, got "0.5"'],
    ['a negative step', ['step,loss', '-1,1'], 'line 2, column "step": Expected a whole number, got "-1"'],
    ['no step', ['step,loss', ',1'], 'line 2, column "step": Expected a whole number, got ""'],
    ['a blank line in the middle', ['step,loss', '', '1,1'], 'line 2, column "step": Expected a whole number, got ""'],
    ['a missing cell', ['step,loss,lr', '0,1'], 'line 2, column "lr": Expected 3 cells, got 2'],
    ['a cell too many', ['step,loss', '0,1,2'], 'line 2: Expected 2 cells, got 3'],
    ['a header without step', ['loss,step', '1,0'], 'line 1, column "loss": Expected the first column to be "step"'],
    ['an empty file', [''], 'line 1, column "": Expected the first column to be "step"'],
    ['a column without a name', ['step,loss,', '0,1,2'], 'line 1, column "": Expected a name for column 3'],
    ['a column named twice', ['step,loss,loss', '0,1,2'], 'line 1, column "loss": Expected every column once'],
  ])('refuses %s, naming the place', async (_, lines, message) => {
    await expect(read(...lines)).rejects.toThrow(message);
  });

  test('refuses a file that is not there', async () => {
    await expect(readTrainingCsv(join(folder, 'absent.csv'))).rejects.toThrow('ENOENT');
  });
});
