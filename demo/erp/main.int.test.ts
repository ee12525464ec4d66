import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createErpCaller } from './call-test-erp.ts'
import { startTestErp } from './start-test-erp.ts'

it.each(['SIGTERM', 'disconnect'] as const)(
  'runs as a child, shares tokens with other instances, and ends on %s',
  async (end) => {
    await using erp = await startTestErp()
    const { clientId, clientSecret, apiKey } = erp.credentials
    const child = fork(join(import.meta.dirname, 'main.ts'), {
      env: {
        DATABASE_URL: erp.databaseUrl,
        PORT: '0',
        ERP_CLIENT_ID: clientId,
        ERP_CLIENT_SECRET: clientSecret,
        ERP_API_KEY: apiKey,
        ERP_SIGNING_SECRET: 'test-signing-secret',
      },
    })
    try {
      const [message] = await once(child, 'message')
      expect(message).toEqual({ ready: true, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
      const page = await createErpCaller(erp).page(`${message.url}/odata/v4/Items?$top=1`)
      expect(page.value).toHaveLength(1)
      const exited = once(child, 'exit')
      if (end === 'disconnect') child.disconnect()
      else child.kill(end)
      expect(await exited).toEqual([0, null])
    } finally {
      child.kill('SIGKILL')
    }
  },
)
