import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'

/** One thing wrong in a data file, with where it is. */
export type FileFault = { file: string; line: number; problem: string }

/** A parsed file that can tell the line of any path in it. */
export type YamlFile<T> = { file: string; value: T; lineOf: (path: PropertyKey[]) => number }

/** A file that fits its schema, or what is wrong with it. */
export type ParsedYaml<T> = { file?: YamlFile<T>; faults: FileFault[] }

/** Reads `root/file` and holds it to `schema`. `file` names it in faults. Throws only when it cannot be read. */
export function readYamlFile<T>(root: string, file: string, schema: z.ZodType<T>): ParsedYaml<T> {
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(join(root, file), 'utf8'), { lineCounter: lines })
  if (document.errors.length > 0) {
    return {
      faults: document.errors.map((e) => ({
        file,
        line: e.linePos?.[0].line ?? 1,
        problem: e.message.split('\n')[0] ?? e.code,
      })),
    }
  }
  // The line of the deepest part of the path that exists: a missing key is reported where it should have been.
  const lineOf = (path: PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = (length === 0 ? document.contents : document.getIn(path.slice(0, length), true)) as Node | undefined
      const offset = node?.range?.[0]
      if (offset !== undefined) return lines.linePos(offset).line
    }
    return 1
  }
  const result = schema.safeParse(document.toJS())
  if (!result.success) {
    return {
      faults: result.error.issues.map((issue) => {
        const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
        return { file, line: lineOf(path), problem: `${issue.path.join('.') || 'file'}: ${issue.message}` }
      }),
    }
  }
  return { file: { file, value: result.data, lineOf }, faults: [] }
}

/** `entities/sales.yaml:12: …`, the form editors jump to. */
export function formatFault(fault: FileFault): string {
  return `${fault.file}:${fault.line}: ${fault.problem}`
}
