const begin = '<!-- bench:begin -->';
const end = '<!-- bench:end -->';

/**
 * Replaces what stands between the marks of a page.
 *
 * @throws When the page does not have both marks, in their order, once.
 */
export function replaceMarkedBlock(page: string, block: string): string {
  const [before, inside, ...others] = page.split(begin);
  const [, after, ...more] = inside?.split(end) ?? [];
  if (after === undefined || others.length > 0 || more.length > 0) {
    throw new Error(`Expected ${begin} and ${end} once each in the page`);
  }
  return `${before}${begin}\n\n${block}\n\n${end}${after}`;
}
