import type { JsonSchema } from './json-arbitrary.ts'

type Parameter = { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: JsonSchema }

/** One method of one path in /openapi.json. `route` is how this project names it: `GET /api/v1/conversations/{id}`. */
export type Operation = {
  route: string
  method: string
  path: string
  parameters: Parameter[]
  body: JsonSchema | undefined
  bodyType: string
  statuses: number[]
}

export type ApiDocument = { operations: Operation[]; find: (ref: string) => JsonSchema }

type RawOperation = {
  parameters?: Parameter[]
  requestBody?: { content?: Record<string, { schema?: JsonSchema }> }
  responses: Record<string, unknown>
}

/** What a running product says of its routes. */
export async function readApiDocument(url: string): Promise<ApiDocument> {
  const reply = await fetch(new URL('/openapi.json', url))
  const document = (await reply.json()) as { paths: Record<string, Record<string, RawOperation>> }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, { parameters = [], requestBody, responses }]) => {
      const method = name.toUpperCase()
      const [bodyType = 'application/json', content] = Object.entries(requestBody?.content ?? {})[0] ?? []
      const body = content?.schema
      return {
        route: `${method} ${path}`,
        method,
        path,
        parameters,
        body,
        bodyType,
        statuses: Object.keys(responses).map(Number),
      }
    }),
  )
  const find = (ref: string) =>
    ref
      .split('/')
      .slice(1)
      .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], document) as JsonSchema
  return { operations, find }
}

/** The path with each `{name}` filled in, as it goes over the wire. */
export function fillPath(path: string, fill: (name: string) => string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => fill(name))
}
