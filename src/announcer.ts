import { EventEmitter } from 'eventemitter3';
import { TocsinError } from './errors.js';
import { logLine } from './log-line.js';
import type { Logger } from './ports/logger.js';
import type { Announce, EngineEvents } from './record/engine-events.js';

/** Tells listeners, each on its own: one that throws harms neither the others nor the engine. */
export interface Announcer {
  readonly announce: Announce;
  on<Name extends keyof EngineEvents>(name: Name, listener: EngineEvents[Name]): () => void;
  off<Name extends keyof EngineEvents>(name: Name, listener: EngineEvents[Name]): void;
}

/** Makes an announcer. What an operator must know goes to the logger when nobody listens for it. */
export function createAnnouncer(logger: Logger): Announcer {
  const emitter = new EventEmitter();

  const log = (name: keyof EngineEvents, payload: unknown): void => {
    // A logger that fails must cost nobody an event or a delivery, and there is nobody left to tell.
    try {
      const line = logLine(name, payload);
      if (line === undefined) return;
      const written: unknown = logger[line.level](line.message, line.details);
      if (written instanceof Promise) written.catch(() => {});
    } catch {}
  };

  const listenerFailed = (name: keyof EngineEvents, cause: unknown): void => {
    const error = new TocsinError({ code: 'listener_failed', message: `A listener for '${name}' threw`, cause });
    // A listener for errors that throws itself can't be told again.
    if (name === 'error') log('error', error);
    else announce('error', error);
  };

  const announce: Announce = (name, ...payload) => {
    const listeners = emitter.listeners(name) as ((...payload: unknown[]) => unknown)[];
    if (listeners.length === 0) return log(name, payload[0]);
    for (const listener of listeners) {
      try {
        const result = listener(...payload);
        if (result instanceof Promise) result.catch((cause: unknown) => listenerFailed(name, cause));
      } catch (cause) {
        listenerFailed(name, cause);
      }
    }
  };

  return {
    announce,
    on(name, listener) {
      emitter.on(name, listener);
      return () => {
        emitter.off(name, listener);
      };
    },
    off(name, listener) {
      emitter.off(name, listener);
    },
  };
}
