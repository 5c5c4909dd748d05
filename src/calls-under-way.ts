import { TocsinError } from './errors.js';
import type { Secrets } from './ports/secrets.js';

/** Calls that the end of an engine waits for. */
export interface CallsUnderWay {
  /** Gives the same functions: their calls are counted, and once no more are taken all but those that only read are refused. */
  counted<Part extends object>(part: Part): Part;
  /** Takes no more: each call rejects with `engine_closed`, but for those that only read. */
  refuse(): void;
  /** Resolves when every call so far has come to its end. */
  drained(): Promise<void>;
}

type AnyCall = (...given: unknown[]) => unknown;

/** What these read may be read as long as the storage gives it. */
const readers: ReadonlySet<string> = new Set(['get', 'list', 'export']);

/** Makes what counts calls. */
export function createCallsUnderWay(): CallsUnderWay {
  const underWay = new Set<Promise<unknown>>();
  let isRefusing = false;

  const countedCall =
    (name: string, call: AnyCall): AnyCall =>
    (...given) => {
      if (isRefusing && !readers.has(name)) return Promise.reject(engineClosed());
      const answer = call(...given);
      if (!(answer instanceof Promise)) return answer;
      const done = (): boolean => underWay.delete(answer);
      underWay.add(answer);
      answer.then(done, done);
      return answer;
    };

  return {
    counted(part) {
      const members = Object.entries(part).map(([name, member]) => [
        name,
        typeof member === 'function' ? countedCall(name, member) : member,
      ]);
      return Object.freeze(Object.fromEntries(members));
    },
    refuse() {
      isRefusing = true;
    },
    async drained() {
      await Promise.allSettled([...underWay]);
    },
  };
}

/** Gives the same secrets, whose reads are counted: an issuer may take a refresh token once, so a read must not be cut off. */
export function countReads(secrets: Secrets | undefined, reads: CallsUnderWay): Secrets | undefined {
  if (secrets === undefined) return undefined;
  const resolve: Secrets['resolve'] = async (request) => secrets.resolve(request);
  if (secrets.renew === undefined) return reads.counted({ resolve });
  return reads.counted<Secrets>({ resolve, renew: async (request) => secrets.renew?.(request) });
}

/** What a call is refused with that comes too late. */
export function engineClosed(): TocsinError {
  return new TocsinError({ code: 'engine_closed', message: 'The engine is closed' });
}
