import type { Delivery } from '../ports/delivery.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import type { Announce } from '../record/engine-events.js';
import type { Execution, ExecutionReason } from '../record/execution.js';
import type { IntegrationStore } from '../record/integration-store.js';
import type { Carrier } from './carrier.js';
import type { Redactor } from './redact.js';

/** What a relay works with. */
export interface RelayOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly carrier: Carrier;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly handlers: ReadonlyMap<string, unknown>;
  readonly integrations: IntegrationStore;
  readonly redactor: Redactor;
  readonly announce: Announce;
  /** An id of this process. */
  readonly holder: string;
  readonly leaseMs: number;
  readonly giveUpAfterMs: number;
  /** After how long a message that waits is told of, in milliseconds. */
  readonly lagMs: number;
  /** After how long a message that waits goes to its integration's fallback, in milliseconds. */
  readonly fallbackAfterMs: number;
  /** How often a storage that is shared is asked for lanes of other processes, in milliseconds. */
  readonly refreshMs: number;
  readonly nextId: () => string;
  /**
   * Says why an execution is no longer to be carried out: its automation was disabled or deleted meanwhile. `undefined`:
   * it is.
   */
  calledOff(execution: Execution): Promise<ExecutionReason | undefined>;
}
