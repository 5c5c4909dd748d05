import { DeliveryError, type Integration } from '../../../src/index.js';

/** An integration of type `slack`. */
export type SlackIntegration = Extract<Integration, { type: 'slack' }>;

/**
 * Makes sure that an integration is Slack's.
 *
 * @param integration - Any integration.
 * @returns The same, narrowed.
 * @throws `DeliveryError` of kind `channel` when it is of another type.
 */
export function slackIntegration(integration: Integration): SlackIntegration {
  if (integration.type !== 'slack') {
    throw new DeliveryError({
      kind: 'channel',
      reason: 'not_a_slack_integration',
      message: `Expected an integration of type slack, got ${integration.type}`,
    });
  }
  return integration;
}
