import type { Storage } from '../../src/index.js';

/** What `storageContract` takes: how to open the storage that is checked, and what it can do. */
export interface StorageContractOptions {
  /**
   * Opens a storage that is empty, and apart from all that were opened before. Called once for every case, which closes
   * it at its end.
   */
  open(): Promise<Storage>;
  /**
   * Lets the clock by which the storage's leases expire go on. Default: a real wait.
   *
   * @param ms - By how many milliseconds.
   */
  advance?(ms: number): Promise<void>;
  /**
   * How long a lease lasts whose end a case waits for, in milliseconds. Longer than a few calls of the storage take.
   *
   * @default 30000 with `advance`, 1000 without
   */
  readonly leaseMs?: number;
  /**
   * For a durable storage: closes it (or kills its process) and opens it again on the same data.
   *
   * @param storage - One that was opened before, and is not used afterwards.
   */
  reopen?(storage: Storage): Promise<Storage>;
  /**
   * For a shared storage: opens a second one on the same data, as another process would.
   *
   * @param storage - One that stays open.
   */
  second?(storage: Storage): Promise<Storage>;
}
