import type { Integration } from '../../src/index.js';

/** It is connected. */
export interface InstalledOutcome {
  readonly type: 'installed';
  /** HTTP status. */
  readonly status: 200;
  /** The integration; without a channel when none was chosen yet. */
  readonly integration: Integration;
  /** Whether the integration was made now; `false`: it was there, and has the new token. */
  readonly isNew: boolean;
  /** What keeps messages from arriving, each with what to do, for a person. */
  readonly problems: readonly string[];
}

/** The person did not allow it. */
export interface DeniedOutcome {
  readonly type: 'denied';
  readonly status: 200;
}

/** The request is not the end of something that this person began. Nothing was stored. */
export interface RefusedOutcome {
  readonly type: 'refused';
  readonly status: 400 | 405;
  /**
   * - `invalid_state`: it was not signed with the present key, or is not there.
   * - `expired_state`: it is older than 10 minutes.
   * - `foreign_state`: the link was made for another session.
   * - `used_state`: it has been used, perhaps just now by a second click.
   * - `invalid_code`: Slack does not take the code, or does not take it twice.
   * - `invalid_request`: no GET, or neither a code nor an error.
   * - `unsupported_installation`: for a whole Enterprise organization.
   */
  readonly reason:
    | 'invalid_state'
    | 'expired_state'
    | 'foreign_state'
    | 'used_state'
    | 'invalid_code'
    | 'invalid_request'
    | 'unsupported_installation';
}

/** It went wrong without the person's doing, who can begin again. No integration was made. */
export interface FailedOutcome {
  readonly type: 'failed';
  /** 502: Slack; 503: the storage; 500: anything else. */
  readonly status: 500 | 502 | 503;
  /** The name of the fault, such as `bad_client_secret`, `timeout`, `storage_unavailable`, `binding_unavailable`. */
  readonly reason: string;
}

/** What came of a callback. */
export type SlackOAuthOutcome = InstalledOutcome | DeniedOutcome | RefusedOutcome | FailedOutcome;
