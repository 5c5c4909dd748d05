import type { Integration } from '../definition/integration.js';
import { payloadSecretNames } from '../definition/template-variables.js';
import type { Execution } from '../record/execution.js';
import { type MatchSource, writeMessage } from './message.js';
import { writePayload } from './payload.js';

/** What the content of an action is made of. */
export interface ContentSource extends MatchSource {
  readonly executionId: string;
  integration(id: string): Integration | undefined;
}

/** Writes what an action is to say, once, as it was at the match; nothing for one that says nothing. */
export function writeContent(source: ContentSource): Pick<Execution, 'message' | 'payload' | 'variables'> {
  const { action } = source.compiled.automation;
  switch (action.type) {
    case 'notification':
      return { message: writeMessage({ ...source, action }) };
    case 'webhook': {
      const integration = source.integration(action.integrationId);
      const mayHaveSecrets = integration?.type === 'webhook' && integration.secretsInPayload === true;
      return writePayload({ ...source, action, secretNames: mayHaveSecrets ? payloadSecretNames(integration) : [] });
    }
    case 'handler':
    case 'none':
      return {};
    default:
      return action satisfies never;
  }
}
