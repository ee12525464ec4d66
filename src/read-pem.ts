import { readFileSync } from 'node:fs'
import { ConfigError } from './config.ts'

/** The text of the PEM file that `variable` names; undefined without one. Throws ConfigError. */
export function readPem(variable: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    const text = readFileSync(file, 'utf8')
    if (text.includes('-----BEGIN ')) return text
  } catch {
    throw new ConfigError(`Configuration:\n  ${variable}: ${file} cannot be read`)
  }
  throw new ConfigError(`Configuration:\n  ${variable}: ${file} is not a PEM file`)
}
