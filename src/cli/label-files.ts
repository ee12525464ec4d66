import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Envelope, errorBodySchema } from '#platform/envelope'
import type { ImportedLabels } from '#training'
import type { Service } from './call-service.ts'

const deadlineMs = 60_000
const base = '/api/v1/training/labels'
const types = { csv: 'text/csv', jsonl: 'application/jsonl' }

/** The format that a file's name says. Throws one sentence when it is none of ours. */
function formatOf(path: string): keyof typeof types {
  const ending = extname(path).slice(1).toLowerCase()
  if (ending === 'csv' || ending === 'jsonl') return ending
  throw new Error(`${path} is neither .csv nor .jsonl.`)
}

/** Brings a file of labelled sentences. Throws the service's sentence with every line that it names. */
export async function importFile(service: Service, path: string): Promise<ImportedLabels> {
  const format = formatOf(path)
  const response = await send(service, `${base}/import?format=${format}`, {
    method: 'POST',
    headers: { 'content-type': types[format] },
    body: await readFile(path),
  })
  return ((await response.json()) as Envelope<ImportedLabels>).body
}

/** Writes every labelled sentence into a file. */
export async function exportFile(service: Service, path: string): Promise<void> {
  const response = await send(service, `${base}/export?format=${formatOf(path)}`, {})
  if (!response.body) throw new Error(`${service.serviceUrl} answered nothing.`)
  await pipeline(Readable.fromWeb(response.body), createWriteStream(path, { mode: 0o600 }))
}

async function send({ serviceUrl, accessToken, language = 'ko' }: Service, path: string, init: RequestInit) {
  const url = new URL(path, serviceUrl)
  const headers = { authorization: `Bearer ${accessToken}`, 'accept-language': language, ...init.headers }
  const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(deadlineMs) }).catch((cause) => {
    throw new Error(`${url.origin} cannot be reached.`, { cause })
  })
  if (response.ok) return response
  const refused = errorBodySchema.safeParse(await response.json().catch(() => undefined))
  if (!refused.success) throw new Error(`${url.origin} answered ${response.status} and nothing that can be read.`)
  const { code, message, traceId, details } = refused.data.error
  const lines = details.map(({ field, issue }) => `\n  ${field ?? ''}: ${issue}`)
  throw new Error(`${message} (${code}, ${traceId})${lines.join('')}`)
}
