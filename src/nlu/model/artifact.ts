import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { AppError } from '#platform/errors'
import { modelErrors } from './errors.ts'

const arrayTypes = {
  i8: Int8Array,
  u8: Uint8Array,
  i32: Int32Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const
type ArrayType = keyof typeof arrayTypes

/** A run of numbers of a model. */
export type Weights = Int8Array | Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array

/** A trained model as it lies in a file: what it is, what it was trained on, and its weights by name. */
export type Artifact = {
  /** `intent` or `slots`. */
  readonly kind: string
  /** Everything that is not weights: labels, settings, metrics. JSON. */
  readonly facts: Readonly<Record<string, unknown>>
  readonly weights: Readonly<Record<string, Weights>>
}

/** Raised whenever older programs could not read a newer file, or the other way round. */
const artifactVersion = 2

type Entry = { name: string; type: ArrayType; offset: number; length: number }
type Header = { kind: string; facts: Record<string, unknown>; arrays: Entry[] }

// The file: magic (8), version (4), header length (4), SHA-256 of all that follows (32), header (JSON), arrays at 8 bytes.
const magic = Buffer.from('NLUMODEL')
const prefixLength = 48
const align = (offset: number): number => (offset + 7) & ~7

function typeOf(array: Weights): ArrayType {
  const found = Object.entries(arrayTypes).find(([, type]) => array instanceof type)
  return (found?.[0] ?? 'u8') as ArrayType
}

/** The artifact as bytes. The same artifact gives the same bytes. */
function encodeArtifact({ kind, facts, weights }: Artifact): Buffer {
  let offset = 0
  const arrays: Entry[] = Object.entries(weights).map(([name, array]) => {
    const entry = { name, type: typeOf(array), offset, length: array.length }
    offset = align(offset + array.byteLength)
    return entry
  })
  const header = Buffer.from(JSON.stringify({ kind, facts, arrays } satisfies Header))
  const start = align(prefixLength + header.length)
  const bytes = Buffer.alloc(start + offset)
  magic.copy(bytes)
  bytes.writeUInt32LE(artifactVersion, 8)
  bytes.writeUInt32LE(header.length, 12)
  header.copy(bytes, prefixLength)
  for (const entry of arrays) {
    const array = weights[entry.name] as Weights
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + entry.offset)
  }
  createHash('sha256').update(bytes.subarray(prefixLength)).digest().copy(bytes, 16)
  return bytes
}

/**
 * Reads what {@link encodeArtifact} wrote; `path` is for the error. The arrays are views of the bytes, not copies.
 * Throws an AppError for another kind of file, another version, or bytes that changed.
 */
function decodeArtifact(bytes: Buffer, path: string): Artifact {
  if (bytes.length < prefixLength || !bytes.subarray(0, 8).equals(magic))
    throw new AppError(modelErrors.notAModel, { params: { path } })
  const found = bytes.readUInt32LE(8)
  if (found !== artifactVersion)
    throw new AppError(modelErrors.otherVersion, { params: { path, found, expected: artifactVersion } })
  const digest = createHash('sha256').update(bytes.subarray(prefixLength)).digest()
  const headerEnd = prefixLength + bytes.readUInt32LE(12)
  if (!digest.equals(bytes.subarray(16, prefixLength)) || headerEnd > bytes.length)
    throw new AppError(modelErrors.tampered, { params: { path } })
  const header = JSON.parse(bytes.toString('utf8', prefixLength, headerEnd)) as Header
  // A Buffer may start anywhere in its memory; arrays of wider numbers need a start that 8 divides.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
  const start = aligned.byteOffset + align(headerEnd)
  const weights = Object.fromEntries(
    header.arrays.map(({ name, type, offset, length }) => [
      name,
      new arrayTypes[type](aligned.buffer as ArrayBuffer, start + offset, length),
    ]),
  )
  return { kind: header.kind, facts: header.facts, weights }
}

/** Writes the artifact so that a reader sees the old file or the new one, never half of it. Returns its size in bytes. */
export function saveArtifact(artifact: Artifact, path: string): number {
  const bytes = encodeArtifact(artifact)
  const written = `${path}.${randomBytes(4).toString('hex')}.tmp`
  writeFileSync(written, bytes)
  renameSync(written, path)
  return bytes.length
}

/** Reads an artifact of a kind from a file. Throws an AppError that names the file and what is wrong with it. */
export function loadArtifact(path: string, kind: string): Artifact {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError(modelErrors.unreadable, { params: { path, reason }, cause })
  }
  const artifact = decodeArtifact(bytes, path)
  if (artifact.kind !== kind) throw new AppError(modelErrors.notAModel, { params: { path } })
  return artifact
}
