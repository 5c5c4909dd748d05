/**
 * What is wrong with one place of a definition, an integration or an event.
 *
 * Bad input is a value, not an exception: {@link parseAutomation} returns issues, and the calls that must refuse
 * (`create`, `update`, `emit`) throw a {@link TocsinError} that carries them in `issues`.
 */
export interface Issue {
  /** What kind of fault it is; `docs/errors.md` lists them all. */
  readonly code: IssueCode;
  /** Where it is, as one would write it in JavaScript: `event.filter.$and[1].$metric.window`; empty for the whole. */
  readonly path: string;
  /** What was expected and what was there, for a person. */
  readonly message: string;
}

/** The codes an {@link Issue} can have. `docs/errors.md` says of each what it means. */
export type IssueCode =
  | 'invalid_type'
  | 'invalid_value'
  | 'required'
  | 'unknown_key'
  | 'forbidden_key'
  | 'limit_exceeded'
  | 'unknown_event_type'
  | 'scope_not_supported'
  | 'metric_required'
  | 'filter_not_supported'
  | 'invalid_pattern'
  | 'unknown_delivery'
  | 'unknown_integration'
  | 'integration_not_owned'
  | 'unknown_handler'
  | 'handler_not_allowed'
  | 'integration_type'
  | 'unknown_routing'
  | 'channel_required'
  | 'invalid_template'
  | 'unknown_variable'
  | 'secret_in_payload'
  | 'reserved_header'
  | 'unknown_field'
  | 'name_taken'
  | 'not_convertible';

/** The codes a {@link TocsinError} can have. `docs/errors.md` says of each when it comes and what to do. */
export type TocsinErrorCode =
  | 'invalid_options'
  | 'invalid_automation'
  | 'invalid_integration'
  | 'invalid_mute'
  | 'invalid_event'
  | 'name_taken'
  | 'not_found'
  | 'revision_conflict'
  | 'integration_in_use'
  | 'engine_closed'
  | 'storage_unavailable'
  | 'storage_full'
  | 'storage_corrupt'
  | 'storage_format'
  | 'storage_forbidden'
  | 'dependency_missing'
  | 'secret_unreadable'
  | 'invalid_image'
  | 'not_retryable'
  | 'not_supported'
  | 'delivery_failed'
  | 'listener_failed'
  | 'verdict_failed';

const marker = Symbol.for('tocsin.error');

/** What a {@link TocsinError} is made of. */
export interface TocsinErrorOptions {
  readonly code: TocsinErrorCode;
  readonly message: string;
  readonly issues?: readonly Issue[];
  readonly cause?: unknown;
}

/**
 * The one error class that tocsin throws, told apart by `code`.
 *
 * Use {@link TocsinError.is} instead of `instanceof`: it also knows errors made by another copy of the package.
 */
export class TocsinError extends Error {
  override readonly name: string = 'TocsinError';
  /** Which fault it is; a closed list. */
  readonly code: TocsinErrorCode;
  /** For `invalid_automation`, `invalid_integration` and `invalid_event`: what is wrong, each with its path. */
  readonly issues: readonly Issue[];

  /**
   * Makes an error.
   *
   * @param options - Its code, what happened, and what caused it.
   */
  constructor(options: TocsinErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.issues = options.issues ?? [];
    Object.defineProperty(this, marker, { value: true });
  }

  /**
   * Tells whether something caught is an error of tocsin.
   *
   * @param value - Anything, typically what a `catch` received.
   * @returns `true` for a `TocsinError` (or a `DeliveryError`), whichever copy of the package made it.
   */
  static is(value: unknown): value is TocsinError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}

/**
 * Who is to blame when a delivery fails, which decides how tocsin reacts.
 *
 * | kind | what is wrong | reaction |
 * | --- | --- | --- |
 * | `message` | the destination refuses this payload | one try as plain text, then failed; the next message goes on |
 * | `unavailable` | network, 5xx, throttled | back off and try again, in order |
 * | `credential` | token or URL is not accepted | confirmed with `verify`, then the integration is disabled |
 * | `channel` | the channel is gone or closed to us | confirmed with `verify`, then the integration is disabled |
 */
export type DeliveryFaultKind = 'message' | 'unavailable' | 'credential' | 'channel';

/** What a {@link DeliveryError} is made of. */
export interface DeliveryErrorOptions {
  /** Who is to blame. */
  readonly kind: DeliveryFaultKind;
  /** What happened, for a person. */
  readonly message: string;
  /** The destination's own name of the error, such as Slack's `channel_not_found`, or `timeout`, `reset`. */
  readonly reason: string;
  /** HTTP status, if there was an answer. */
  readonly status?: number | undefined;
  /** The message may have arrived all the same: it timed out, or the answer got lost. @default false */
  readonly ambiguous?: boolean | undefined;
  /** How long the destination asks to be left alone, in milliseconds from 0; more than 24 hours count as 24 hours. */
  readonly retryAfterMs?: number | undefined;
  /** What the destination answered; its first 4,096 characters are kept. */
  readonly body?: string | undefined;
  /** What was thrown underneath, if anything. */
  readonly cause?: unknown;
}

/** What an adapter throws when a message could not be delivered, or not surely. */
export class DeliveryError extends TocsinError {
  override readonly name = 'DeliveryError';
  /** Who is to blame, which decides how tocsin reacts. */
  readonly kind: DeliveryFaultKind;
  /** The destination's own name of the error, such as Slack's `channel_not_found`, or `timeout`, `reset`. */
  readonly reason: string;
  /** HTTP status; `undefined` when there was no answer. */
  readonly status: number | undefined;
  /** Whether the message may have arrived all the same. */
  readonly ambiguous: boolean;
  /** How long the destination asks to be left alone, in milliseconds; `undefined` when it does not say. */
  readonly retryAfterMs: number | undefined;
  /** What the destination answered; `undefined` when there was no answer, or it was not read. */
  readonly body: string | undefined;

  /**
   * Makes an error.
   *
   * @param options - Who is to blame, the destination's own name of the error, and what is known of the attempt.
   */
  constructor(options: DeliveryErrorOptions) {
    super({ code: 'delivery_failed', message: options.message, cause: options.cause });
    this.kind = options.kind;
    this.reason = options.reason;
    this.status = options.status;
    this.ambiguous = options.ambiguous ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.body = options.body;
  }

  /** Whether the same message can arrive later without anybody changing anything. */
  get retryable(): boolean {
    return this.kind === 'unavailable';
  }

  /**
   * Tells whether something caught is a delivery error.
   *
   * @param value - Anything, typically what a `catch` received.
   * @returns `true` for a `DeliveryError`, whichever copy of the package made it.
   */
  static override is(value: unknown): value is DeliveryError {
    return TocsinError.is(value) && value.code === 'delivery_failed' && 'kind' in value;
  }
}
