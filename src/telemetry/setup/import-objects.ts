import { z } from 'zod'

/** Where Kibana is, and the same credentials as for Elasticsearch. */
export type KibanaAccess = {
  url: string
  apiKey?: string | undefined
  user?: string | undefined
  password?: string | undefined
}

const resultSchema = z.object({
  success: z.boolean(),
  successCount: z.number(),
  errors: z
    .array(z.object({ id: z.string(), type: z.string(), error: z.looseObject({ type: z.string() }) }))
    .default([]),
})

const deadlineMs = 30_000

/**
 * Imports saved objects (NDJSON) into Kibana in place of those with the same ids; answers how many. Throws with Kibana's status, or
 * with the objects that it did not take.
 */
export async function importObjects(access: KibanaAccess, ndjson: string): Promise<number> {
  const form = new FormData()
  form.set('file', new Blob([ndjson], { type: 'application/x-ndjson' }), 'erp-chatbot.ndjson')
  const reply = await fetch(new URL('api/saved_objects/_import?overwrite=true', withSlash(access.url)), {
    method: 'POST',
    headers: { 'kbn-xsrf': 'true', ...authorize(access) },
    body: form,
    signal: AbortSignal.timeout(deadlineMs),
    redirect: 'error',
  })
  if (!reply.ok) throw new Error(`Kibana answered ${reply.status}`)
  const { success, successCount, errors } = resultSchema.parse(await reply.json())
  if (!success) {
    const refused = errors.map(({ type, id, error }) => `${type} ${id}: ${error.type}`)
    throw new Error(`Kibana did not take everything: ${refused.join('; ')}`)
  }
  return successCount
}

function authorize({ apiKey, user, password }: KibanaAccess): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `ApiKey ${apiKey}` }
  if (user === undefined) return {}
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }
}

/** Kibana may be below a path of its own. */
const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`)
