import { z } from 'zod'
import { envelopeOf, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import type { Config } from '../config.ts'

const aboutSchema = z.object({
  /** Absent when none is configured. */
  company: z.object({ ko: z.string(), en: z.string() }).optional(),
})

/** Whose service this is, for the sign-in page: the one thing a stranger may know. */
export function registerAbout(server: HttpServer, { company }: Config): void {
  const schema = { response: { 200: envelopeOf(aboutSchema) } }
  server.get('/api/v1/about', { config: { access: 'public' }, schema }, async () =>
    wrapMessage({ ...(company && { company }) }, { destination: 'client' }),
  )
}
