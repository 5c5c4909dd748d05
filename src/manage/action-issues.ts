import type { AutomationDefinition } from '../definition/automation.js';
import { mayUse } from '../definition/integration.js';
import type { Issue } from '../errors.js';
import type { IntegrationStore } from '../record/integration-store.js';

/** What only an engine can tell: whether what the action names is there, and may be used. */
export function actionIssues(
  { action, event }: AutomationDefinition,
  integrations: IntegrationStore,
  handlerNames: ReadonlySet<string>,
): Issue[] {
  switch (action.type) {
    case 'notification': {
      const path = 'action.integrationId';
      const integration = integrations.get(action.integrationId);
      if (integration === undefined) {
        return [
          {
            code: 'unknown_integration',
            path,
            message: `Expected the id of an integration, got "${action.integrationId}"`,
          },
        ];
      }
      const entity = event.scope.type === 'organization' ? undefined : event.scope.entity;
      if (mayUse(entity, integration)) return [];
      const owner = entity === undefined ? 'a shared integration' : `a shared integration or one of ${entity}`;
      return [{ code: 'integration_not_owned', path, message: `Expected ${owner}, got one of another entity` }];
    }
    case 'handler': {
      if (handlerNames.has(action.name)) return [];
      const known = [...handlerNames].join(' or ') || 'createEngine({ handlers }) has none';
      return [
        {
          code: 'unknown_handler',
          path: 'action.name',
          message: `Expected the name of a handler (${known}), got "${action.name}"`,
        },
      ];
    }
    case 'none':
      return [];
    default:
      return action satisfies never;
  }
}
