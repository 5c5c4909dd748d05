import type { JsonObject } from '../json.js';

/**
 * Where tocsin keeps what must not be lost: automations, integrations, executions, claims and the outbox.
 *
 * The contract, which `storageContract` in `tocsin/testing` checks word by word:
 *
 * - **Records** stand under a key. A record's revision starts at 1 and grows by 1 with each put.
 * - Keys of records and claims, names of lanes and ids of entries are printable ASCII (0x20 to 0x7e), 1 to 512 characters. They
 *   are ordered by their bytes, and the same only when every byte is. Prefixes, and places to go on from, may be empty or longer.
 * - A call that names something otherwise, or has a value that is no object in JSON, rejects with a `TocsinError` of code
 *   `invalid_options`, and nothing of it is written.
 * - **Claims** are keys taken until an instant (a cooldown is one). They live apart from records.
 * - **Lanes** are queues of one destination each. Who delivers holds the lane's lease; its token only ever grows, so
 *   that one who lost the lease can no longer settle anything (a fencing token). A storage that knows that a holder's
 *   process is gone may end its leases early.
 * - {@link Storage.commit} is atomic, and commits take effect in the order in which they were called, also when many are
 *   called before the first resolves: a storage may then write them together. What a commit that resolved wrote is there
 *   for every later call, and, where `durable`, after a crash. Several processes together do nothing that they could not have
 *   done one after the other. A commit may have thousands of writes and 12 MiB, a value of it 512 KiB.
 * - A conflict is an answer, not an error. A rejected promise means that the storage could not do it; then nothing
 *   of the commit was written, or the storage can't tell.
 * - Values are JSON, with properties in their order, and any string that JavaScript has, as a property's name too; a property
 *   that is `undefined` is as good as absent. What comes back is a copy that the caller may keep.
 */
export interface Storage {
  /** What this storage can promise. */
  readonly capabilities: StorageCapabilities;
  /**
   * Writes several things, all or nothing.
   *
   * @param commit - Preconditions and writes.
   * @returns What was written, or which precondition did not hold.
   */
  commit(commit: Commit): Promise<CommitResult>;
  /**
   * Reads one record.
   *
   * @param key - Its key.
   * @returns The record, or `undefined` when there is none.
   */
  get(key: string): Promise<StoredRecord | undefined>;
  /**
   * Reads the records whose key starts with a prefix, in order of their keys.
   *
   * @param query - Which, from where, how many.
   * @returns A page, and the key after which the next one starts, if there is more.
   */
  list(query: ListQuery): Promise<RecordPage>;
  /**
   * Reads as {@link Storage.list} does, but the keys alone: far cheaper where many are counted or skipped.
   *
   * @param query - Which, from where, how many.
   * @returns A page, and the key after which the next one starts, if there is more.
   */
  listKeys(query: ListQuery): Promise<KeyPage>;
  /**
   * Reads until when a claim was taken, without taking it.
   *
   * @param key - The claim's key.
   * @returns Epoch milliseconds, or `undefined` when it has not been taken, or has been forgotten.
   */
  claimedUntil(key: string): Promise<number | undefined>;
  /**
   * Deletes the records whose key starts with a prefix, in order of their keys.
   *
   * @param range - Which, up to where, how many at most.
   * @returns How many were deleted.
   */
  deleteRange(range: DeleteRange): Promise<number>;
  /**
   * Names the lanes that hold at least one entry, in order of their names.
   *
   * @param query - After which name, how many at most.
   */
  lanes(query: LaneQuery): Promise<readonly string[]>;
  /**
   * Takes the lease of a lane, or extends it for the one who holds it, and reads the lane's head.
   *
   * @param request - Which lane, who asks, for how long.
   * @returns The lease with the first entries; `held` when another has it, whether or not there are entries; `empty` when
   * there is nothing to deliver: then no lease is taken, one that the asker had is given back, and one of another that has ended is
   * forgotten.
   */
  leaseLane(request: LeaseRequest): Promise<LeaseResult>;
  /**
   * Gives a lease back early: what its holder began is done. Does nothing when another has taken the lane since.
   *
   * @param lease - The lane and the token of the lease.
   */
  releaseLane(lease: { readonly lane: string; readonly token: number }): Promise<void>;
  /** Releases files and connections. Later calls of a durable or shared storage reject. */
  close(): Promise<void>;
}

/** What a storage can promise. */
export interface StorageCapabilities {
  /** A commit that resolved survives a crash of the process. */
  readonly durable: boolean;
  /** Several processes can use it at once. */
  readonly shared: boolean;
}

/** A value under a key. */
export interface StoredRecord {
  readonly key: string;
  readonly value: JsonObject;
  /** How often the key has been put since it was last absent; at least 1. */
  readonly revision: number;
}

/** What must hold for something to be written. */
export type Precondition =
  /**
   * Nobody holds this claim at `nowMs`. When the step (for `require`: the commit) is written, the claim is taken until
   * `untilMs`. The times are the caller's: a claim may be forgotten when a commit's `nowMs` has reached its `untilMs`.
   */
  | { readonly type: 'claim'; readonly key: string; readonly nowMs: number; readonly untilMs: number }
  /** The record has this revision; 0 means that there is none. */
  | { readonly type: 'revision'; readonly key: string; readonly revision: number }
  /** The lease with this token is held, by the storage's own clock; also when the lane has become empty since. */
  | { readonly type: 'lease'; readonly lane: string; readonly token: number };

/** One thing to write. */
export type Write =
  | { readonly type: 'put'; readonly key: string; readonly value: JsonObject }
  | { readonly type: 'delete'; readonly key: string }
  /** Adds an entry at the tail of a lane. One whose id is there already gets the new value in its old place. */
  | { readonly type: 'append'; readonly lane: string; readonly id: string; readonly value: JsonObject }
  /** Takes an entry out of a lane, wherever it stands. Does nothing when it is not there. */
  | { readonly type: 'remove'; readonly lane: string; readonly id: string };

/** Some writes that stand or fall together. */
export interface Step {
  /** All must hold, or `otherwise` is written instead. @default none */
  readonly when?: readonly Precondition[];
  readonly write: readonly Write[];
  /** Written when a precondition of `when` does not hold. @default nothing */
  readonly otherwise?: readonly Write[];
}

/** What {@link Storage.commit} writes. Steps are applied in order; a later one sees what an earlier one wrote. */
export interface Commit {
  /** All must hold before the first step, or nothing at all is written. @default none */
  readonly require?: readonly Precondition[];
  readonly steps: readonly Step[];
}

/** What became of a commit. */
export type CommitResult =
  | { readonly committed: true; readonly steps: readonly StepResult[] }
  /** One of the preconditions that do not hold. */
  | { readonly committed: false; readonly conflict: Precondition };

/** What became of one step. */
export type StepResult =
  | { readonly written: true }
  | {
      readonly written: false;
      readonly conflict: Precondition;
      /** When `conflict` is a claim: until when another holds that one, in epoch milliseconds. */
      readonly heldUntilMs?: number | undefined;
    };

/** Which records {@link Storage.list} and {@link Storage.listKeys} read. */
export interface ListQuery {
  readonly prefix: string;
  /**
   * Start behind this key, in the direction of `order`; it need not be the key of a record, nor have the prefix.
   *
   * @default the beginning
   */
  readonly after?: string | undefined;
  /** How many at most; at least 1. */
  readonly limit: number;
  /** In which order of their keys. @default 'ascending' */
  readonly order?: 'ascending' | 'descending' | undefined;
}

/** A page of {@link Storage.list}. */
export interface RecordPage {
  readonly records: readonly StoredRecord[];
  /** Give this as `after` to read on; `undefined` when this was the last page. */
  readonly next: string | undefined;
}

/** A page of {@link Storage.listKeys}. */
export interface KeyPage {
  readonly keys: readonly string[];
  /** Give this as `after` to read on; `undefined` when this was the last page. */
  readonly next: string | undefined;
}

/** Which records {@link Storage.deleteRange} deletes. */
export interface DeleteRange {
  readonly prefix: string;
  /** Only keys below this one, which need not be the key of a record: none, when all with the prefix stand behind it. @default all */
  readonly before?: string | undefined;
  /** How many at most; at least 1. Where there are so many, so many are deleted. */
  readonly limit: number;
}

/** Which lanes {@link Storage.lanes} names. */
export interface LaneQuery {
  readonly after?: string | undefined;
  /** How many at most; at least 1. */
  readonly limit: number;
}

/** Who wants a lane. */
export interface LeaseRequest {
  readonly lane: string;
  /** An id of the one who asks; the same one extends its own lease and keeps the token. */
  readonly holder: string;
  /** For how long, in milliseconds from now by the storage's clock; finite. */
  readonly leaseMs: number;
  /** How many entries of the head to read; at least 1. */
  readonly limit: number;
}

/** What {@link Storage.leaseLane} answers. */
export type LeaseResult =
  /**
   * The token is a whole number from 1, and larger whenever the lease is taken anew, by the same holder too; where `durable` also
   * after a crash.
   */
  | {
      readonly type: 'leased';
      readonly token: number;
      readonly entries: readonly LaneEntry[];
      /**
       * Another holder had it last and did not give it back: it expired, or its process is gone. So what that one had begun with
       * the head may be half done.
       */
      readonly isTakenOver: boolean;
    }
  /** Another holds it; `expiresInMs` from now by the storage's clock, unless extended. */
  | { readonly type: 'held'; readonly expiresInMs: number }
  | { readonly type: 'empty' };

/** One entry of a lane. */
export interface LaneEntry {
  readonly id: string;
  readonly value: JsonObject;
}
