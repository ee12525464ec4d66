import type { FastifySchemaValidationError } from 'fastify'
import type { ErrorDetail } from '../errors.ts'

type Language = 'ko' | 'en'

const sentences: Record<string, Record<Language, string>> = {
  missing: { ko: '꼭 필요해요', en: 'is required' },
  invalid_type: { ko: '{expected} 값이어야 해요', en: 'must be of type {expected}' },
  too_small: { ko: '{minimum} 이상이어야 해요', en: 'must be at least {minimum}' },
  too_big: { ko: '{maximum} 이하여야 해요', en: 'must be at most {maximum}' },
  invalid_format: { ko: '{format} 형식이어야 해요', en: 'must have the form {format}' },
  invalid_value: { ko: '{values} 중 하나여야 해요', en: 'must be one of {values}' },
  // Which ones are not said: their names are the caller's text too.
  unrecognized_keys: { ko: '모르는 항목이 있어요', en: 'has unknown items' },
  other: { ko: '값이 맞지 않아요', en: 'is not valid' },
}

/** Schema faults as error details: which field, and what it should be in the reader's language. Never the value itself. */
export function describeFaults(faults: FastifySchemaValidationError[], language: Language): ErrorDetail[] {
  return faults.slice(0, 20).map((fault) => {
    const field = fault.instancePath.split('/').filter(Boolean).join('.').slice(0, 200)
    return { ...(field && { field }), issue: describeFault(fault, language) }
  })
}

function describeFault({ keyword, params, message }: FastifySchemaValidationError, language: Language): string {
  // zod does not keep the value, so a missing one shows only in its own sentence.
  const isMissing = keyword === 'invalid_type' && message?.endsWith('received undefined')
  const sentence = sentences[isMissing ? 'missing' : keyword] ?? sentences.other
  return (sentence?.[language] ?? '').replace(/\{(\w+)\}/g, (_, name: string) => showParam(params[name]))
}

function showParam(value: unknown): string {
  return (Array.isArray(value) ? value.join(', ') : String(value ?? '')).slice(0, 200)
}
