/**
 * Options as code without types may give them: what is no object stands under the key `options`, where parsing names it.
 *
 * @param given - Anything.
 */
export function givenOptions<Options extends object>(given: Options | undefined): Partial<Options> {
  return typeof given === 'object' || given === undefined ? { ...given } : ({ options: given } as object);
}
