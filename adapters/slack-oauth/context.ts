import type { Engine, Logger } from '../../src/index.js';
import type { SlackAccess } from './call-slack.js';
import type { TokenVault } from './options.js';
import type { PendingInstallations } from './pending.js';
import type { Turns } from './turns.js';

/** What every part of this adapter works with. */
export interface SlackOAuthContext {
  readonly engine: Engine;
  readonly secrets: TokenVault;
  readonly access: SlackAccess;
  readonly pending: PendingInstallations;
  readonly turns: Turns;
  readonly logger: Logger;
}
