/** Something that happens again and again in the torture. */
type Signal = 'sent' | 'answered' | 'delivering' | 'posted';

/** Tells what happens, at the very moment. */
export interface Signals {
  /** @param place - Where; left out where that can't be told. */
  tell(signal: Signal, place?: number): void;
  /**
   * Calls back once: when it happens next at a place (or where that can't be told, anywhere), or when `boundMs` have passed.
   *
   * @returns Resolves afterwards.
   */
  once(signal: Signal, place: number, boundMs: number, callback: () => void): Promise<void>;
}

/** Makes signals that nobody listens to. */
export function createSignals(): Signals {
  const listeners = new Set<(signal: Signal, place: number | undefined) => void>();
  return {
    tell(signal, place) {
      for (const listener of [...listeners]) listener(signal, place);
    },
    once: (wanted, at, boundMs, callback) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          listeners.delete(listen);
          callback();
          resolve();
        };
        const listen = (signal: Signal, place: number | undefined): void => {
          if (signal === wanted && (place === undefined || place === at)) done();
        };
        const timer = setTimeout(done, boundMs);
        listeners.add(listen);
      }),
  };
}
