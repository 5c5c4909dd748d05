import { fstatSync, readSync } from 'node:fs';

/** Where things stand in a page and in a node of it, in bytes, as lmdb's version 2 of its format writes them. */
const page = { number: 0, flags: 18, nodesLength: 20, nodes: 24 };
const node = { low: 0, high: 2, flags: 4, keySize: 6, key: 8 };
/** Of a tree that stands in a node. */
const tree = { root: 40, size: 48 };

const isBranch = 0x01;
const isLeaf = 0x02;
const isLarge = 0x04;
const hasLargeValue = 0x01;
const isTree = 0x02;

/**
 * Visits the pages of a file's trees.
 *
 * @param extent - `all` pages, or those where trees begin.
 * @returns The first that is not there, or is not what it should be.
 */
export function findBadPage(
  handle: number,
  pageSize: number,
  roots: readonly bigint[],
  extent: 'all' | 'roots',
): bigint | undefined {
  const pages = fstatSync(handle).size / pageSize;
  const left = roots.filter((root) => root !== -1n);

  const readPage = (number: bigint): Buffer | undefined => {
    const bytes = Buffer.alloc(pageSize);
    if (number < 2n || number >= pages) return undefined;
    const count = readSync(handle, bytes, 0, pageSize, Number(number) * pageSize);
    return count === pageSize && bytes.readBigUInt64LE(page.number) === number ? bytes : undefined;
  };

  for (let number = left.pop(); number !== undefined; number = left.pop()) {
    const bytes = readPage(number);
    const flags = bytes?.readUInt16LE(page.flags) ?? 0;
    if (bytes === undefined || (flags & (isBranch | isLeaf)) === 0) return number;
    if (extent === 'roots' && (flags & isBranch) !== 0) continue;
    for (const found of nodesOf(bytes)) {
      if (found + node.key > pageSize) return number;
      const low = bytes.readUInt32LE(found + node.low);
      const nodeFlags = bytes.readUInt16LE(found + node.flags);
      const value = found + node.key + bytes.readUInt16LE(found + node.keySize);
      if ((flags & isBranch) !== 0) left.push(BigInt(low) + (BigInt(nodeFlags) << 32n));
      else if ((nodeFlags & isTree) !== 0) {
        if (value + tree.size > pageSize) return number;
        const root = bytes.readBigInt64LE(value + tree.root);
        if (root !== -1n) left.push(root);
      } else if ((nodeFlags & hasLargeValue) !== 0 && extent === 'all') {
        if (value + 8 > pageSize) return number;
        const large = bytes.readBigUInt64LE(value);
        const needed = BigInt(Math.ceil((page.nodes + low) / pageSize));
        const first = readPage(large);
        if (first === undefined || (first.readUInt16LE(page.flags) & isLarge) === 0) return large;
        if (Number(large + needed) > pages) return large + needed - 1n;
      }
    }
  }
  return undefined;
}

/** Where the nodes of a page begin. Places in a page are counted from behind its head. */
function nodesOf(bytes: Buffer): number[] {
  const end = Math.min(page.nodes + bytes.readUInt16LE(page.nodesLength), bytes.length);
  const offsets: number[] = [];
  for (let place: number = page.nodes; place + 2 <= end; place += 2) {
    offsets.push(page.nodes + bytes.readUInt16LE(place));
  }
  return offsets;
}
