/**
 * Where tocsin writes what nobody listened for. `console`, pino and winston fit as they are.
 *
 * Entries never hold a secret: what tocsin logs is redacted first.
 */
export interface Logger {
  /** Something that a person should know. */
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** Something went wrong where there was nobody to throw to. */
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}
