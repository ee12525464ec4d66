import { type Finding, findings } from './findings.ts'

type StepName = 'address' | 'tls' | 'clock' | 'sign-in' | 'access' | 'entity'

/** One thing that was tested at one server, and what was found: a stable code and a sentence on what to do. */
export type ConnectionStep = {
  server: string
  step: StepName
  /** With the step `entity`: the catalog's name, and the ERP's names of fields that are wrong. */
  entity?: string
  fields?: string[]
  ok: boolean
  code: string
  ko: string
  en: string
  tookMs: number
}

export type Found = { finding: Finding; ok: boolean; params?: Record<string, string>; fields?: string[] }

/** Times a test and puts what it found in words. */
export async function takeStep(
  at: Pick<ConnectionStep, 'server' | 'step' | 'entity'>,
  test: () => Promise<Found>,
): Promise<ConnectionStep> {
  const startedAt = performance.now()
  const { finding, ok, params = {}, fields } = await test()
  const { code, ko, en } = findings[finding]
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole)
  const tookMs = Math.round(performance.now() - startedAt)
  return { ...at, ok, code, ko: fill(ko), en: fill(en), tookMs, ...(fields ? { fields } : {}) }
}
