import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^tocsin$/, replacement: source('./src/index.ts') },
      { find: /^tocsin\/storage\/file$/, replacement: source('./adapters/storage/file/index.ts') },
      { find: /^tocsin\/storage\/(.*)$/, replacement: source('./adapters/storage/$1.ts') },
      { find: /^tocsin\/delivery\/console$/, replacement: source('./adapters/delivery/console.ts') },
      { find: /^tocsin\/delivery\/(.*)$/, replacement: source('./adapters/delivery/$1/index.ts') },
      { find: /^tocsin\/secrets$/, replacement: source('./adapters/secrets/index.ts') },
      { find: /^tocsin\/slack-oauth$/, replacement: source('./adapters/slack-oauth/index.ts') },
      { find: /^tocsin\/testing$/, replacement: source('./testing/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
    testTimeout: 20_000,
    coverage: { include: ['src/**', 'adapters/**', 'testing/**'], reporter: ['text-summary'] },
  },
});
