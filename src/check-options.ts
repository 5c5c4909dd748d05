import { isPlainObject } from './definition/copy-json.js';
import { defaultLimits } from './definition/limits.js';
import { describeValue, formatPath } from './definition/path.js';
import { TocsinError } from './errors.js';
import type { Delivery } from './ports/delivery.js';

/** The options that are no times and numbers. */
const parts = ['storage', 'deliveries', 'secrets', 'handlers', 'runtime', 'logger', 'limits'] as const;

/** What each of the host's objects must be able to do, and an example of one. */
const objects = {
  storage: [['commit', 'leaseLane'], 'a storage, such as memoryStorage()'],
  secrets: [['resolve'], 'secrets, such as envSecrets({ allow })'],
  runtime: [['now', 'setTimer', 'random', 'abortController'], 'a runtime'],
  logger: [['warn', 'error'], 'a logger with warn and error, such as console'],
} as const;

/**
 * Checks what types can't check in plain JavaScript: a misspelt option, an adapter's factory that was not called.
 *
 * @param numbers - The names of the options that are times and numbers.
 * @throws `invalid_options` naming the option.
 */
export function checkParts(given: object, numbers: readonly string[]): void {
  if (typeof given !== 'object' || given === null) {
    refuseOptions(`Expected options with a storage, got ${describeValue(given)}`);
  }
  const options: Partial<Record<(typeof parts)[number], unknown>> = given;
  checkKeys(options, [...parts, ...numbers], '');
  checkKeys(options.limits ?? {}, Object.keys(defaultLimits), 'limits.');
  for (const [name, [methods, expected]] of Object.entries(objects)) {
    const value = options[name as keyof typeof objects];
    if (value === undefined && name !== 'storage') continue;
    if (!hasMethods(value, methods)) refuseOptions(`Expected ${expected} at ${name}, got ${describeValue(value)}`);
  }
  checkDeliveries(options.deliveries ?? []);
  checkHandlers(options.handlers ?? {});
}

/** A map of functions, or an object whose functions stand in its class, would silently be no handlers at all. */
function checkHandlers(handlers: unknown): void {
  if (!isPlainObject(handlers)) {
    refuseOptions(`Expected an object of functions at handlers, got ${describeValue(handlers)}`);
  }
  for (const [name, handler] of Object.entries(handlers)) {
    if (typeof handler === 'function') continue;
    const path = formatPath(['handlers', name]);
    if (!isPlainObject(handler)) {
      refuseOptions(`Expected a function or { handler, entities } at ${path}, got ${describeValue(handler)}`);
    }
    checkKeys(handler, ['handler', 'entities'], `${path}.`);
    const { handler: call, entities } = handler;
    if (typeof call !== 'function') refuseOptions(`Expected a function at ${path}.handler, got ${describeValue(call)}`);
    if (!Array.isArray(entities)) {
      refuseOptions(`Expected a list of entities at ${path}.entities, got ${describeValue(entities)}`);
    }
    const wrong = entities.findIndex((entity) => typeof entity !== 'string' || entity === '');
    if (wrong !== -1) {
      refuseOptions(`Expected an entity at ${path}.entities[${wrong}], got ${describeValue(entities[wrong])}`);
    }
  }
}

function checkDeliveries(deliveries: unknown): void {
  if (!Array.isArray(deliveries)) refuseOptions(`Expected a list at deliveries, got ${describeValue(deliveries)}`);
  const names = new Set<string>();
  for (const [index, delivery] of (deliveries as readonly Partial<Delivery>[]).entries()) {
    const place = `deliveries[${index}]`;
    if (
      !hasMethods(delivery, ['deliver']) ||
      typeof delivery.name !== 'string' ||
      !Array.isArray(delivery.integrationTypes)
    ) {
      refuseOptions(`Expected a delivery, such as consoleDelivery(), at ${place}, got ${describeValue(delivery)}`);
    }
    const { name } = delivery as Delivery;
    if (names.has(name)) refuseOptions(`Expected one delivery named "${name}", got another at ${place}`);
    names.add(name);
    checkPacing(name, delivery.pacing);
  }
}

/** A bucket that never holds a message would keep every message for ever; one without a rate would hold none back. */
function checkPacing(delivery: string, pacing: Delivery['pacing']): void {
  if (pacing === undefined) return;
  const { messagesPerSecond, burst } = pacing;
  const place = `in the pacing of the delivery ${delivery}`;
  if (!(Number.isFinite(messagesPerSecond) && messagesPerSecond > 0)) {
    refuseOptions(
      `Expected a finite number above 0 at messagesPerSecond ${place}, got ${describeValue(messagesPerSecond)}`,
    );
  }
  if (typeof burst !== 'number' || !(burst >= 1)) {
    refuseOptions(`Expected a number of at least 1 at burst ${place}, got ${describeValue(burst)}`);
  }
}

function checkKeys(object: object, known: readonly string[], path: string): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined) refuseOptions(`Expected one of ${known.join(', ')}, got ${path}${unknown}`);
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function');
}

/** Refuses the options of an engine. */
export function refuseOptions(message: string): never {
  throw new TocsinError({ code: 'invalid_options', message });
}
