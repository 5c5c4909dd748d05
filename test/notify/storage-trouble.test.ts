import { TocsinError } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { createStorageTrouble } from '../../src/notify/storage-trouble.js';

const fault = (cause: unknown, message = 'The storage failed'): TocsinError =>
  new TocsinError({ code: 'storage_unavailable', message, cause });

const full = () => fault(Object.assign(new Error('disk full'), { code: 'ENOSPC' }));

function openTrouble() {
  const told: string[] = [];
  return { told, trouble: createStorageTrouble(({ message }) => told.push(message)) };
}

describe('a storage that fails', () => {
  test('is told of once, however many lanes it fails and however often', () => {
    const { told, trouble } = openTrouble();
    for (let round = 0; round < 20; round += 1) {
      for (let lane = 0; lane < 200; lane += 1) trouble.failed(full(), `${lane}`);
    }
    expect(told).toHaveLength(1);
  });

  test('is told of once by what it was asked in different ways', () => {
    const { told, trouble } = openTrouble();
    trouble.failed(fault(new Error('down'), 'The storage failed at get'), 'a');
    trouble.failed(fault(new Error('down'), 'The storage failed at commit'), 'b');
    expect(told).toEqual(['The storage failed at get']);
  });

  test('is told of again when it fails of something else, each once', () => {
    const { told, trouble } = openTrouble();
    for (let round = 0; round < 5; round += 1) {
      trouble.failed(full(), 'a');
      trouble.failed(fault(new Error('locked'), 'It is locked'), 'b');
    }
    expect(told).toEqual(['The storage failed', 'It is locked']);
  });

  test('is told of again after it has worked for all, not for one of them', () => {
    const { told, trouble } = openTrouble();
    trouble.failed(full(), 'a');
    trouble.failed(full(), 'b');
    trouble.worked('a');
    trouble.worked('c');
    trouble.failed(full(), 'a');
    expect(told).toHaveLength(1);
    trouble.worked('a');
    trouble.worked('b');
    trouble.failed(full(), 'a');
    expect(told).toHaveLength(2);
  });

  test('is told of each time where nothing goes on failing, but not while lanes fail of the same', () => {
    const { told, trouble } = openTrouble();
    trouble.failed(full());
    trouble.failed(full());
    expect(told).toHaveLength(2);
    trouble.failed(full(), 'a');
    trouble.failed(full());
    expect(told).toHaveLength(3);
    trouble.worked('a');
    trouble.failed(full());
    expect(told).toHaveLength(4);
  });

  test.each([undefined, null, 'text', 7])('whatever it says: %s', (cause) => {
    const { told, trouble } = openTrouble();
    trouble.failed(fault(cause), 'a');
    trouble.failed(fault(cause), 'b');
    expect(told).toHaveLength(1);
  });
});
