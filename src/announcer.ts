import { EventEmitter } from 'eventemitter3';
import { refuseOptions } from './check-options.js';
import { describeValue } from './definition/path.js';
import { TocsinError } from './errors.js';
import { logLine } from './log-line.js';
import type { Logger } from './ports/logger.js';
import type { Announce, EngineEvents } from './record/engine-events.js';

/** Tells listeners, each on its own: one that throws harms neither the others nor the engine. */
export interface Announcer {
  readonly announce: Announce;
  /** @throws `invalid_options` for an event that does not exist, and for a listener that is no function. */
  on<Name extends keyof EngineEvents>(name: Name, listener: EngineEvents[Name]): () => void;
  /** @throws As `on`. */
  off<Name extends keyof EngineEvents>(name: Name, listener: EngineEvents[Name]): void;
}

const eventNames = Object.keys({
  'execution-created': true,
  'execution-finished': true,
  'execution-failed': true,
  'execution-skipped': true,
  'delivery-attempted': true,
  'delivery-lagging': true,
  'integration-disabled': true,
  warning: true,
  error: true,
} satisfies Record<keyof EngineEvents, true>);

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

  const announce: Announce = (name, payload) => {
    if (emitter.listenerCount(name) === 0) return log(name, payload);
    // A copy: a listener may take itself off.
    for (const listener of emitter.listeners(name) as ((payload: unknown) => unknown)[]) {
      try {
        const result = listener(payload);
        if (result instanceof Promise) result.catch((cause: unknown) => listenerFailed(name, cause));
      } catch (cause) {
        listenerFailed(name, cause);
      }
    }
  };

  return {
    announce,
    on(name, listener) {
      checkListener(name, listener);
      emitter.on(name, listener);
      return () => {
        emitter.off(name, listener);
      };
    },
    off(name, listener) {
      checkListener(name, listener);
      emitter.off(name, listener);
    },
  };
}

/** Without a function, the emitter would throw a fault of its own from `on`, and drop every listener in `off`. */
function checkListener(name: unknown, listener: unknown): void {
  if (typeof name !== 'string' || !eventNames.includes(name)) {
    refuseOptions(`Expected one of ${eventNames.join(', ')}, got ${describeValue(name)}`);
  }
  if (typeof listener !== 'function') {
    refuseOptions(`Expected a function that listens for ${name}, got ${describeValue(listener)}`);
  }
}
