import {
  type AutomationInput,
  createEngine,
  type EmitResult,
  type Engine,
  type EngineOptions,
  type TocsinEvent,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';

/** An engine under measurement. */
export interface OpenedEngine {
  readonly engine: Engine;
  /** Emits one event after another. @returns How many matches there were, fired or skipped. */
  emitAll(events: readonly TocsinEvent[]): Promise<number>;
  /** Emits an event. @returns The names of the automations that matched it. */
  find(event: TocsinEvent): Promise<string[]>;
  /** @throws What had gone wrong meanwhile. */
  close(): Promise<void>;
}

/** What one import may have. */
const importedAtOnce = 10_000;

/**
 * Opens an engine on a storage in memory.
 *
 * @param definitions - Its automations; each name must be there once.
 * @param options - What is not as by default.
 */
export async function openEngine(
  definitions: readonly AutomationInput[],
  options: Partial<EngineOptions> = {},
): Promise<OpenedEngine> {
  const faults: unknown[] = [];
  const engine = await createEngine({ storage: memoryStorage(), ...options });
  engine.on('error', (error) => faults.push(error));
  // An evicted run would make the work less.
  engine.on('warning', ({ message }) => faults.push(new Error(message)));

  const names = new Map<string, string>();
  for (let start = 0; start < definitions.length; start += importedAtOnce) {
    const { automations } = await engine.automations.import(definitions.slice(start, start + importedAtOnce));
    for (const { id, name } of automations) names.set(id, name);
  }

  const namesOf = ({ fired, skipped }: EmitResult): string[] =>
    [...fired, ...skipped].map(({ automationId }) => names.get(automationId) ?? automationId);

  return {
    engine,
    async emitAll(events) {
      let matches = 0;
      for (const event of events) {
        const { fired, skipped } = await engine.emit(event);
        matches += fired.length + skipped.length;
      }
      return matches;
    },
    find: async (event) => namesOf(await engine.emit(event)),
    async close() {
      await engine.close();
      if (faults.length > 0) throw faults[0];
    },
  };
}
