import { useEffect, useState } from 'react'
import { isRecord } from '../api/client.ts'

type Names = { ko: string; en: string }

/** The company's name for the sign-in page; null until it is known, or when the service has none configured. */
export function useCompany(language: string): string | null {
  const [names, setNames] = useState<Names | null>(null)
  useEffect(() => {
    const leaving = new AbortController()
    readCompany(leaving.signal)
      .then(setNames)
      // The page works without a name; nobody needs to hear why there is none.
      .catch(() => undefined)
    return () => leaving.abort()
  }, [])
  return names && (language === 'en' ? names.en : names.ko)
}

async function readCompany(signal: AbortSignal): Promise<Names | null> {
  const response = await fetch('/api/v1/about', { signal, headers: { accept: 'application/json' } })
  const reply: unknown = response.ok ? await response.json() : null
  const body = isRecord(reply) && isRecord(reply.body) ? reply.body : null
  const company = body && isRecord(body.company) ? body.company : null
  if (typeof company?.ko !== 'string' || typeof company.en !== 'string') return null
  return { ko: company.ko, en: company.en }
}
