import type { Logger } from '../../src/index.js';
import type { SlackOAuthOptions } from './options.js';

/** Whose request it is; `undefined`: nobody's, since there is no session. */
type Binding = { readonly type: 'known'; readonly binding: unknown } | { readonly type: 'failed' };

/**
 * Finds out who makes a request: as the call says, else as the host's `bindingOf` does. Never throws.
 *
 * @param given - What `handleCallback` was given besides the request.
 */
export async function bindingOfRequest(
  request: Request,
  given: { readonly binding: string | undefined } | undefined,
  { bindingOf, logger }: Pick<SlackOAuthOptions, 'bindingOf'> & { readonly logger: Logger },
): Promise<Binding> {
  if (given !== undefined) return { type: 'known', binding: given.binding };
  if (bindingOf === undefined) {
    // For the developer: a person can do nothing about it.
    logger.error(
      'slackOAuth does not know who makes a request, and refuses it: give slackOAuth({ bindingOf }), or handleCallback(request, { binding }) the same binding as installUrl',
    );
    return { type: 'known', binding: undefined };
  }
  try {
    return { type: 'known', binding: await bindingOf(request) };
  } catch {
    logger.error('The bindingOf of slackOAuth threw');
    return { type: 'failed' };
  }
}
