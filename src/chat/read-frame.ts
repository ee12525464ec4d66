import type { ErrorDetail } from '#platform/errors'
import { type ClientFrame, clientFrameSchema } from './api.ts'

/** A frame, or what is wrong with it; the request it was about where that can be told. */
export type ReadFrame = { frame?: ClientFrame; requestId: string | null; details: ErrorDetail[] }

const longestId = 64

/** Reads a text frame; null stands for a binary one. Never throws. */
export function readFrame(text: string | null): ReadFrame {
  const json = text === null ? undefined : parseJson(text)
  if (json === undefined) return { requestId: null, details: [{ issue: 'is not a JSON text' }] }
  const result = clientFrameSchema.safeParse(json)
  const requestId = idOf(json)
  if (result.success) return { frame: result.data, requestId, details: [] }
  const details = result.error.issues
    .slice(0, 5)
    .map((issue) => ({ field: issue.path.join('.') || 'frame', issue: issue.code }))
  return { requestId, details }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function idOf(json: unknown): string | null {
  if (typeof json !== 'object' || json === null || !('requestId' in json)) return null
  return typeof json.requestId === 'string' ? json.requestId.slice(0, longestId) : null
}
