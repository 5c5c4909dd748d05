import { readFile } from 'node:fs/promises';

const peers = ['json-rules-engine', 'json-logic-engine', 'sift', 'mingo', 'lmdb', '@tensorflow/tfjs-core'];

/** The versions that are installed of what tocsin is compared with. */
export async function peerVersions(): Promise<Record<string, string>> {
  const lock = JSON.parse(await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return Object.fromEntries(
    peers.map((name) => [name, lock.packages[`node_modules/${name}`]?.version ?? 'not installed']),
  );
}
