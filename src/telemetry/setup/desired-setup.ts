import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { dataStreamOf, logStreams } from '../streams.ts'

/** One thing that Elasticsearch is to have: the address it is put to, and what is put there. */
export type DesiredPart = {
  kind: 'policy' | 'template' | 'stream'
  name: string
  path: string
  body: Record<string, unknown>
}

/** What is in `folder` (`policies/`, `templates/`) and the data streams themselves, in the order they need each other. */
export function readDesiredSetup(folder: string, namespace: string): DesiredPart[] {
  const streams = logStreams.map((stream): DesiredPart => {
    const name = dataStreamOf(stream, namespace)
    return { kind: 'stream', name, path: `/_data_stream/${name}`, body: {} }
  })
  return [
    ...readParts(join(folder, 'policies'), 'policy', '/_ilm/policy'),
    ...readParts(join(folder, 'templates'), 'template', '/_index_template'),
    ...streams,
  ]
}

function readParts(folder: string, kind: DesiredPart['kind'], path: string): DesiredPart[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.sort().map((file) => {
    const name = basename(file, '.json')
    const body = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>
    return { kind, name, path: `${path}/${name}`, body }
  })
}
