import type { Integration } from '../definition/integration.js';
import { DeliveryError } from '../errors.js';
import type { Receipt } from '../ports/delivery.js';
import type { Runtime } from '../ports/runtime.js';
import type { LaneEntry, Step, Storage } from '../ports/storage.js';
import type { Announce } from '../record/engine-events.js';
import type { Attempt, Execution, ExecutionReason } from '../record/execution.js';
import { keys } from '../record/keys.js';
import { fromStored, toStored } from '../record/stored.js';
import { cleanReceipt, failedAttempt } from './attempt-record.js';
import type { AttemptResult, Carrier } from './carrier.js';
import type { HeadOutcome } from './lane.js';
import { type Reaction, react } from './reaction.js';
import type { Redactor } from './redact.js';

/** Works on the heads of one lane. */
export type LaneWorker = (entry: LaneEntry, isKnown: boolean) => Promise<HeadOutcome>;

/** What a {@link LaneWorker} works with. */
export interface LaneWorkerOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly carrier: Carrier;
  readonly redactor: Redactor;
  readonly announce: Announce;
  /** How long a notification is tried, in milliseconds. */
  readonly giveUpAfterMs: number;
  readonly signal: Parameters<Carrier['carry']>[0]['signal'];
  /**
   * Asks a destination that refused its credential or channel whether it means it, and disables it if so.
   *
   * @returns Whether the integration is disabled now.
   */
  confirmRefusal(execution: Execution, error: DeliveryError): Promise<boolean>;
  /** Says why an execution is no longer to be carried out; `undefined` when it is. */
  calledOff(execution: Execution): Promise<ExecutionReason | undefined>;
  /** Told of each message that has arrived, and of the integration as it was used. */
  delivered(integration: Integration, receipt: Receipt): Promise<void>;
}

/** A handler is in process: if it does not work within a minute it will not work at all. */
const handlerGiveUpAfterMs = 60_000;

/** Makes the worker of one lane. */
export function createLaneWorker(options: LaneWorkerOptions): LaneWorker {
  const { storage, runtime, carrier, redactor, announce, signal } = options;
  let failuresInARow = 0;

  return async (entry, isKnown) => {
    const head = await readHead(storage, entry);
    if (head === undefined) return { type: 'settled', record: undefined, settled: async () => {} };
    const { found } = head;
    const isHandler = found.action.type === 'handler';
    // A payload is what the automation's author wrote: there is no plainer form of it.
    const isMessage = found.action.type === 'notification';
    const plainText = isMessage && found.attempts.at(-1)?.kind === 'message';
    const startedMs = runtime.now();
    const calledOff = await options.calledOff(found);
    if (calledOff !== undefined) {
      const execution: Execution = { ...found, status: 'cancelled', reason: calledOff, updatedAt: startedMs };
      return { type: 'settled', record: recordOf(execution, head), settled: async () => {} };
    }
    const result = await carrier.carry({
      execution: found,
      attempt: found.attempts.length + 1,
      mayHaveArrived: found.attempts.some((attempt) => attempt.ambiguous === true) || !isKnown,
      plainText,
      signal,
    });
    const nowMs = runtime.now();
    const timing = { at: startedMs, durationMs: nowMs - startedMs, ...(plainText ? { plainText } : {}) };

    const ended = (
      change: Partial<Execution>,
      attempt: Attempt | undefined,
      integration?: Integration,
    ): HeadOutcome => {
      const execution: Execution = Object.freeze({
        ...found,
        ...change,
        attempts: attempt === undefined ? found.attempts : [...found.attempts, attempt],
        updatedAt: nowMs,
      });
      return {
        type: 'settled',
        record: recordOf(execution, head),
        async settled() {
          if (attempt !== undefined) announce('delivery-attempted', { executionId: execution.id, attempt });
          if (integration !== undefined) await options.delivered(integration, execution.receipt ?? {});
          announce(execution.status === 'finished' ? 'execution-finished' : 'execution-failed', execution);
        },
      };
    };

    const again = (attempt: Attempt, rest: { type: 'rest'; delayMs: number } | { type: 'parked' }): HeadOutcome => {
      const execution: Execution = { ...found, attempts: [...found.attempts, attempt], updatedAt: nowMs };
      announce('delivery-attempted', { executionId: execution.id, attempt });
      return { ...rest, record: recordOf(execution, head) };
    };

    const reactTo = (error: DeliveryError): Reaction =>
      react({
        error,
        // A handler's failures are its own: what rang next is no worse for them.
        failuresInARow: isHandler ? found.attempts.length + 1 : failuresInARow,
        waitedMs: nowMs - found.createdAt,
        giveUpAfterMs: isHandler ? handlerGiveUpAfterMs : options.giveUpAfterMs,
        hasPlainText: isMessage && !plainText,
        random: runtime.random(),
      });

    const afterFailure = async (error: DeliveryError): Promise<HeadOutcome> => {
      failuresInARow += 1;
      const failed = failedAttempt(error, timing, redactor);
      const reaction = reactTo(error);
      switch (reaction.type) {
        case 'retry':
          return again({ ...failed, retryInMs: reaction.delayMs }, { type: 'rest', delayMs: reaction.delayMs });
        case 'plain-text':
          return again({ ...failed, retryInMs: 0 }, { type: 'rest', delayMs: 0 });
        case 'fail':
          failuresInARow = reaction.reason === 'message_refused' ? 0 : failuresInARow;
          return ended({ status: 'failed', reason: reaction.reason }, failed);
        case 'confirm': {
          if (await options.confirmRefusal(found, error)) return again(failed, { type: 'parked' });
          const retry = reactTo(asUnavailable(error));
          if (retry.type !== 'retry') return ended({ status: 'failed', reason: 'gave_up' }, failed);
          return again({ ...failed, retryInMs: retry.delayMs }, { type: 'rest', delayMs: retry.delayMs });
        }
        default:
          return reaction satisfies never;
      }
    };

    return outcomeOf(result, {
      delivered: ({ receipt, integration }) => {
        failuresInARow = 0;
        const kept = cleanReceipt(receipt, redactor);
        const attempt: Attempt = { ...timing, outcome: 'delivered', status: kept.status };
        return ended({ status: 'finished', receipt: kept }, attempt, integration);
      },
      failed: afterFailure,
      impossible: (reason) => ended({ status: 'failed', reason }, undefined),
      parked: () => ({ type: 'parked', record: undefined }),
    });
  };
}

interface Reactions {
  delivered(result: Extract<AttemptResult, { type: 'delivered' }>): HeadOutcome;
  failed(error: DeliveryError): Promise<HeadOutcome>;
  impossible(reason: ExecutionReason): HeadOutcome;
  parked(): HeadOutcome;
}

async function outcomeOf(result: AttemptResult, reactions: Reactions): Promise<HeadOutcome> {
  switch (result.type) {
    case 'delivered':
      return reactions.delivered(result);
    case 'failed':
      return reactions.failed(result.error);
    case 'impossible':
      return reactions.impossible(result.reason);
    case 'parked':
      return reactions.parked();
    default:
      return result satisfies never;
  }
}

interface Head {
  readonly found: Execution;
  readonly key: string;
  readonly revision: number;
}

async function readHead(storage: Storage, entry: LaneEntry): Promise<Head | undefined> {
  const record = await storage.get(keys.execution(String(entry.value['executionId'])));
  if (record === undefined) return undefined;
  const found = fromStored<Execution>(record.value);
  return found.status === 'pending' ? { found, key: record.key, revision: record.revision } : undefined;
}

/** What has arrived is recorded in any case; anything else only if nobody has called the execution off meanwhile. */
function recordOf(execution: Execution, { key, revision }: Head): Step {
  const write = [{ type: 'put', key, value: toStored(execution) }] as const;
  return execution.status === 'finished' ? { write } : { when: [{ type: 'revision', key, revision }], write };
}

/** A refusal that the destination does not confirm is a passing fault. */
function asUnavailable(error: DeliveryError): DeliveryError {
  return new DeliveryError({ kind: 'unavailable', reason: error.reason, message: error.message });
}
