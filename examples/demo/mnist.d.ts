// The package is CommonJS without types; this declares only what the demo reads of it.
declare module 'mnist' {
  interface Digit {
    /** The digit itself, 0 to 9. */
    readonly id: number;
    /** Every image of this digit one after the other, 784 brightnesses from 0 to 1 each. */
    readonly raw: readonly number[];
  }
  const digits: readonly Digit[];
  export default digits;
}
