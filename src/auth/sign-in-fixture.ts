import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '#platform/database'
import { serveIdentity } from '../../demo/identity/serve-identity.ts'
import { findFreePort } from '../../demo/postgres/free-port.ts'
import { createTestDatabase } from '../../test/support/test-database.ts'
import { createBrowser, startTestService } from './service-fixture.ts'

export const credentials = { clientId: 'chatbot', clientSecret: 'a-secret-of-thirty-two-characters' }
const person = { password: 'hanbit', email: 'x@hanbit.example', title: '과장', department: '국내영업팀' }
const accounts = [
  { ...person, login: 'minsu', name: '김민수', groups: ['employee', 'sales'] },
  { ...person, login: 'hyerim', name: '우혜림', groups: ['employee', 'admin'] },
  { ...person, login: 'sejin', name: '오세진', groups: ['finance'] },
  { ...person, login: 'visitor', name: '방문자', groups: ['guests'] },
]

/** A service that signs people in, whose provider is not up before it is started. */
export async function startSignInOffice() {
  const folder = await mkdtemp(join(tmpdir(), 'auth-sign-in-'))
  const ports = { service: await findFreePort(), provider: await findFreePort() }
  const db = await createTestDatabase()
  const origin = `http://127.0.0.1:${ports.service}`
  const issuer = `http://127.0.0.1:${ports.provider}`
  const startService = async (database: Database) =>
    await startTestService({ port: ports.service, database, folder, provider: { issuer, ...credentials } })
  let provider: Awaited<ReturnType<typeof serveIdentity>> | undefined
  const office = {
    ...{ db, origin, issuer },
    service: await startService(db.database),
    createBrowser: () => createBrowser(origin),
    async startProvider() {
      const client = {
        ...credentials,
        redirectUris: [`${origin}/auth/callback`],
        postLogoutRedirectUris: [`${origin}/`],
      }
      provider = await serveIdentity({ port: ports.provider, issuer, dataDir: folder, clients: [client], accounts })
    },
    /** The same service anew, with another connection to the database. */
    async restartService(database: Database) {
      await office.service.close()
      office.service = await startService(database)
    },
    async close() {
      await office.service.close()
      await provider?.close()
      await db.drop()
    },
  }
  return office
}

export type SignInOffice = Awaited<ReturnType<typeof startSignInOffice>>
