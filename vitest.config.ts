import { defineConfig } from 'vitest/config'

/** unit: no servers, milliseconds. integration: real servers, one at a time. e2e: the whole product, in Chromium too. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'demo/**/*.test.ts', 'web/src/**/*.test.ts', 'test/*.test.ts'],
          exclude: ['**/*.int.test.ts'],
          globalSetup: ['test/support/request-model-setup.ts'],
          // Properties try hundreds of texts; a busy machine takes its time.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['src/**/*.int.test.ts', 'demo/**/*.int.test.ts', 'test/*.int.test.ts'],
          globalSetup: ['test/support/postgres-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
