import type { WebhookAction } from '../definition/action.js';
import { jsonTemplateVariables, renderBounds, renderJson, type TemplateVariables } from '../definition/template.js';
import { isTemplateVariable } from '../definition/template-variables.js';
import type { JsonValue } from '../json.js';
import type { MatchSource } from './message.js';
import { variablesOf } from './variables.js';

/** What stands where a secret would. */
const redacted = '[redacted]';

/** What the payload of a webhook action is made of. */
export interface PayloadSource extends MatchSource {
  readonly action: WebhookAction;
  readonly executionId: string;
  /** The names by which the payload may name secrets; none where the integration does not let it. */
  readonly secretNames: readonly string[];
}

/** The payload of a firing, as it is recorded. */
export interface WrittenPayload {
  /** With its variables filled in, and `[redacted]` where a secret stands. */
  readonly payload: JsonValue;
  /** Where secrets are in it: the values of its other variables, to write it again at each attempt. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Writes the payload of a firing, once, as it was at the match.
 *
 * Secrets are read at each attempt and never recorded, so where the template names one, the values of its other
 * variables are kept for {@link withSecrets}.
 */
export function writePayload(source: PayloadSource): WrittenPayload {
  const { compiled, action, event, run, facts, executionId, secretNames } = source;
  const { automation, filter } = compiled;
  const template = action.payload;
  if (template === undefined) {
    return { payload: { automation: { id: automation.id, name: automation.name }, executionId, event: event.json } };
  }
  const variables = variablesOf({ automation, filter, event, run, facts });
  const names = new Set(jsonTemplateVariables(template).map(({ name }) => name));
  const secrets = new Set(
    secretNames.filter((name) => names.has(name) && !isTemplateVariable(name, automation.event.type)),
  );
  if (secrets.size === 0) return { payload: renderJson(template, variables) };

  // Every name is kept, also without a value: at an attempt, what is not among them is a secret.
  const kept = new Map([...names].filter((name) => !secrets.has(name)).map((name) => [name, '']));
  const payload = renderJson(template, (name) => {
    if (secrets.has(name)) return redacted;
    const value = variables(name);
    if (value !== undefined) kept.set(name, value.slice(0, renderBounds.text + 1));
    return value;
  });
  return { payload, variables: Object.fromEntries(kept) };
}

/**
 * Writes a payload again for an attempt, with its secrets.
 *
 * @param template - The action's payload, at the match.
 * @param variables - What {@link writePayload} kept.
 * @param secret - Reads a secret by the name that the payload has for it.
 */
export function withSecrets(
  template: JsonValue,
  variables: Readonly<Record<string, string>>,
  secret: TemplateVariables,
): JsonValue {
  return renderJson(template, (name) => (Object.hasOwn(variables, name) ? variables[name] : secret(name)));
}
