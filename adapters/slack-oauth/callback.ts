import { DeliveryError, type Storage, TocsinError } from '../../src/index.js';
import type { SlackOAuthContext } from './context.js';
import { type Exchange, type ExchangeRequest, exchangeCode } from './exchange-code.js';
import { type Installed, install } from './install.js';
import type { FailedOutcome, RefusedOutcome, SlackOAuthOutcome } from './outcome.js';
import { clockSkewMs, type InstallState, type StateSigner } from './state.js';
import { welcome } from './welcome.js';

/** What {@link handleAnswer} works with. */
export interface CallbackContext extends SlackOAuthContext {
  readonly storage: Storage;
  readonly states: StateSigner;
  readonly now: () => number;
  readonly exchange: Omit<ExchangeRequest, 'code' | 'redirectUri'>;
}

/** Reads Slack's answer, and does what follows from it. Never throws. */
export async function handleAnswer(
  context: CallbackContext,
  request: Request,
  binding: unknown,
): Promise<SlackOAuthOutcome> {
  if (request.method !== 'GET') return { type: 'refused', status: 405, reason: 'invalid_request' };
  const query = URL.canParse(request.url) ? new URL(request.url).searchParams : new URLSearchParams();
  const read = context.states.read(query.get('state'), binding);
  // Somebody else's state is not used up: the one for whom it was made may still come.
  if (read.type !== 'good') return refused(read.type);
  const [code, error] = [query.get('code'), query.get('error')];
  if (code === null && error === null) return refused('invalid_request');

  const claimed = await claim(context, read.state).catch(() => undefined);
  if (claimed === undefined) return failed(context, 503, 'storage_unavailable');
  if (!claimed) return refused('used_state');
  if (error === 'access_denied') return { type: 'denied', status: 200 };
  if (code === null || error !== null) {
    return failed(context, 502, /^[a-z][a-z0-9_]{1,79}$/.test(error ?? '') ? String(error) : 'unreadable_response');
  }
  return complete(context, read.state, code);
}

/** A state is used once, also where several processes answer. */
async function claim({ storage, now }: CallbackContext, { nonce, expiresAt }: InstallState): Promise<boolean> {
  // Whoever's clock is behind would still take it some time after it has expired.
  const untilMs = expiresAt + 2 * clockSkewMs;
  const { committed } = await storage.commit({
    require: [{ type: 'claim', key: `slack-oauth/state/${nonce}`, nowMs: now(), untilMs }],
    steps: [{ write: [] }],
  });
  return committed;
}

async function complete(
  context: CallbackContext,
  { redirectUri, entity }: InstallState,
  code: string,
): Promise<SlackOAuthOutcome> {
  let exchanged: Exchange;
  try {
    exchanged = await exchangeCode({ ...context.exchange, redirectUri, code });
  } catch (error) {
    if (!DeliveryError.is(error)) return failed(context, 500, 'unexpected_error');
    return error.kind === 'credential' ? refused('invalid_code') : failed(context, 502, error.reason);
  }
  if (exchanged.type === 'organization') return refused('unsupported_installation');
  let installed: Installed;
  try {
    // What others left behind must not stop this one.
    await context.pending.cleanUp().catch(() => {});
    installed = await install(context, entity ?? undefined, exchanged.installation);
  } catch (error) {
    if (!TocsinError.is(error)) return failed(context, 503, 'storage_unavailable');
    return failed(context, isPassing(error) ? 503 : 500, error.code);
  }
  const { integration, isNew, isNewPlace } = installed;
  return { type: 'installed', status: 200, isNew, ...(await welcome(context, integration, isNewPlace)) };
}

/** The storage or this engine is not there now: it can be tried again. */
function isPassing({ code }: TocsinError): boolean {
  return code === 'engine_closed' || code.startsWith('storage_');
}

function refused(reason: RefusedOutcome['reason']): RefusedOutcome {
  return { type: 'refused', status: 400, reason };
}

function failed({ logger }: CallbackContext, status: FailedOutcome['status'], reason: string): FailedOutcome {
  logger.error('A Slack workspace could not be connected', { reason });
  return { type: 'failed', status, reason };
}
