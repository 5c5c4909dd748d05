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

  test('is told of each time it goes out, though one lane has had trouble of its own all the while', () => {
    const { told, trouble } = openTrouble();
    const corrupt = () => fault(new SyntaxError('Unexpected token'), 'A record is unreadable');
    trouble.failed(corrupt(), 'a');
    for (let week = 0; week < 3; week += 1) {
      for (const lane of ['a', 'b']) trouble.failed(full(), lane);
      trouble.worked('b');
      for (let second = 0; second < 200; second += 1) trouble.failed(corrupt(), 'a');
    }
    expect(told).toEqual(['A record is unreadable', ...Array.from({ length: 3 }, () => 'The storage failed')]);
  });

  test('is told of twice at most where one lane has two kinds of trouble by turns', () => {
    const { told, trouble } = openTrouble();
    for (let round = 0; round < 1000; round += 1) trouble.failed(round % 2 === 0 ? full() : fault('other'), 'a');
    expect(told).toHaveLength(2);
  });

  test('is told of once though its words differ each time', () => {
    const { told, trouble } = openTrouble();
    for (let request = 0; request < 3600; request += 1) {
      trouble.failed(fault(new Error(`request ${request} failed`), `get ${request}`), 'a');
    }
    expect(told).toHaveLength(1);
  });

  test('is told of a hundred times at most, whatever codes it makes up', () => {
    const { told, trouble } = openTrouble();
    for (let round = 0; round < 3; round += 1) {
      for (let lane = 0; lane < 500; lane += 1) {
        trouble.failed(fault(Object.assign(new Error('x'), { code: `E${lane}` })), `${lane}`);
      }
    }
    expect(told).toHaveLength(100);
    for (let lane = 0; lane < 500; lane += 1) trouble.worked(`${lane}`);
    trouble.failed(full(), 'a');
    expect(told).toHaveLength(101);
  });

  test.each([undefined, null, 'text', 7])('whatever it says: %s', (cause) => {
    const { told, trouble } = openTrouble();
    trouble.failed(fault(cause), 'a');
    trouble.failed(fault(cause), 'b');
    expect(told).toHaveLength(1);
  });
});
