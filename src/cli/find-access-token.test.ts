import { afterEach, expect, test, vi } from 'vitest'
import { findAccessToken } from './find-access-token.ts'

afterEach(() => vi.unstubAllEnvs())

const person = { login: 'minsu', password: 'hanbit' }

test.each([
  'http://127.evil.example',
  'http://127.0.0.1.evil.example:3000',
  'http://localhost.evil.example',
  'http://chat.example.com',
])('no key is sent to %s in the clear', async (serviceUrl) => {
  vi.stubEnv('ERP_CHATBOT_API_KEY', 'ecb_0123456789')
  await expect(findAccessToken({ ...person, serviceUrl })).rejects.toThrow(
    `${serviceUrl} is not reached over https: nothing was sent.`,
  )
})

test.each(['https://chat.example.com', 'http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'])(
  'a key goes to %s',
  async (serviceUrl) => {
    vi.stubEnv('ERP_CHATBOT_API_KEY', 'ecb_0123456789')
    expect(await findAccessToken({ ...person, serviceUrl })).toBe('ecb_0123456789')
  },
)

test('nobody signs in over a service that is reached in the clear', async () => {
  vi.stubEnv('ERP_CHATBOT_API_KEY', '')
  await expect(findAccessToken({ ...person, serviceUrl: 'http://127.evil.example' })).rejects.toThrow(
    'http://127.evil.example is not reached over https: nothing was sent.',
  )
})
