/**
 * Where tocsin writes what nobody listened for. `console`, pino and winston fit as they are.
 *
 * Entries never hold a secret: what tocsin logs is redacted first.
 */
export interface Logger {
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}
