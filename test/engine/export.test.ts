import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Execution, ExecutionSelection, Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { executionAt, longAgoMs, record } from '../record/executions.js';
import { openEngine } from '../support/open-engine.js';

/** A history of three automations in every status, and how far of it has been read. */
async function openHistory(count: number) {
  const memory = memoryStorage();
  const statuses = ['pending', 'finished', 'failed', 'skipped', 'cancelled'] as const;
  const executions = Array.from({ length: count }, (_, index) =>
    executionAt(longAgoMs + index, statuses[index % 5], `automation-${index % 3}`),
  );
  await record(memory, executions);
  const reads = { executions: 0, most: 0 };
  const storage: Storage = {
    ...memory,
    async list(query) {
      const page = await memory.list(query);
      if (query.prefix === 'execution/') {
        reads.executions += page.records.length;
        reads.most = Math.max(reads.most, page.records.length);
      }
      return page;
    },
  };
  const { engine } = await openEngine({ storage });
  return { engine, executions, reads };
}

async function linesOf(exported: AsyncIterable<string>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exported) lines.push(line);
  return lines;
}

describe('engine.executions.export', () => {
  test('writes all executions as lines of JSON, oldest first, few of them in memory at once', async () => {
    const { engine, executions, reads } = await openHistory(450);
    const lines = await linesOf(engine.executions.export());
    expect(lines.map((line) => JSON.parse(line))).toEqual(executions);
    expect(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(reads.most).toBeLessThanOrEqual(16);
  });

  test.each<[ExecutionSelection, (execution: Execution) => boolean]>([
    [{ status: 'failed' }, ({ status }) => status === 'failed'],
    [{ automationId: 'automation-1' }, ({ automationId }) => automationId === 'automation-1'],
    [
      { automationId: 'automation-2', status: 'skipped' },
      ({ automationId, status }) => automationId === 'automation-2' && status === 'skipped',
    ],
    [
      { since: longAgoMs + 17, until: longAgoMs + 333 },
      ({ createdAt }) => createdAt >= longAgoMs + 17 && createdAt < longAgoMs + 333,
    ],
    [
      { automationId: 'automation-0', since: longAgoMs + 17 },
      ({ automationId, createdAt }) => automationId === 'automation-0' && createdAt >= longAgoMs + 17,
    ],
    [{ automationId: 'nobody' }, () => false],
    [{ since: longAgoMs + 10, until: longAgoMs + 10 }, () => false],
  ])('writes those of %j alone', async (selection, fits) => {
    const { engine, executions } = await openHistory(450);
    const lines = await linesOf(engine.executions.export(selection));
    expect(lines.map((line) => JSON.parse(line))).toEqual(executions.filter(fits));
  });

  test('is a stream to pipe into a file', async () => {
    const { engine, executions } = await openHistory(250);
    const written = await text(Readable.from(engine.executions.export()));
    expect(written).toBe(executions.map((execution) => `${JSON.stringify(execution)}\n`).join(''));
  });

  test('reads no further than it is asked to', async () => {
    const { engine, reads } = await openHistory(450);
    const exported = engine.executions.export();
    expect(reads.executions).toBe(0);
    for await (const line of exported) {
      expect(line).toContain(`"createdAt":${longAgoMs}`);
      break;
    }
    expect(reads.executions).toBeLessThanOrEqual(16);
  });

  test('an empty history is no line', async () => {
    const { engine } = await openEngine();
    expect(await linesOf(engine.executions.export())).toEqual([]);
  });

  test('writes again exactly what it has written, line by line, when nothing has happened meanwhile', async () => {
    const { engine } = await openHistory(120);
    expect(await linesOf(engine.executions.export())).toEqual(await linesOf(engine.executions.export()));
  });

  test('what is written while it reads is in it, and stands once', async () => {
    const storage = memoryStorage();
    const executions = Array.from({ length: 250 }, (_, index) => executionAt(longAgoMs + index));
    await record(storage, executions);
    const { engine } = await openEngine({ storage });
    const added = executionAt(longAgoMs + 1000, 'failed');
    const ids: string[] = [];
    for await (const line of engine.executions.export()) {
      if (ids.length === 150) await record(storage, [added]);
      ids.push((JSON.parse(line) as Execution).id);
    }
    expect(ids).toEqual([...executions, added].map(({ id }) => id));
  });

  test.each([
    [{ automation: 'x' }, 'automation'],
    [{ limit: 10 }, 'limit'],
    [{ cursor: 'x' }, 'cursor'],
    [{ status: 'fired' }, 'status'],
    [{ until: '2026-01-01' }, 'until'],
    [{ since: Number.NaN }, 'since'],
    ['all', ''],
    [null, ''],
  ])('refuses the selection %j at once, which would write something else', async (selection, path) => {
    const { engine } = await openEngine();
    expect(() => engine.executions.export(selection as never)).toThrowError(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(path) }),
    );
  });

  test('a storage that fails ends the reading with an error', async () => {
    const memory = memoryStorage();
    const { engine } = await openEngine({
      storage: {
        ...memory,
        list: (query) =>
          query.prefix === 'execution/' ? Promise.reject(new Error('disk on fire')) : memory.list(query),
      },
    });
    await expect(linesOf(engine.executions.export())).rejects.toMatchObject({ code: 'storage_unavailable' });
  });
});
